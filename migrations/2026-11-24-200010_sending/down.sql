DROP TABLE dry_run, push_subscription, channel;
DROP INDEX message_queue_idx, message_sending_idx, message_trouble_idx, message_provider_id_idx;
UPDATE message SET state = CASE WHEN state IN ('sent', 'accepted') THEN 'sent' WHEN state IN ('outbox', 'queued') THEN 'outbox' ELSE 'failed' END;
UPDATE message SET subject = words.subject, body = words.body FROM message_text AS words WHERE words.id = message.text_id;
ALTER TABLE message DROP CONSTRAINT message_state_check,
  ADD CONSTRAINT message_state_check CHECK (state IN ('outbox', 'sent', 'failed')), ALTER COLUMN state SET DEFAULT 'outbox',
  DROP COLUMN purpose, DROP COLUMN text_id, DROP COLUMN attempts, DROP COLUMN next_attempt_at, DROP COLUMN worker,
  DROP COLUMN leased_until, DROP COLUMN moved_at, DROP COLUMN provider_id, DROP COLUMN error;
DROP TABLE message_text;
DROP FUNCTION after_quiet;
DROP TRIGGER delivery_insert_count ON delivery;
DROP TRIGGER delivery_update_count ON delivery;
DROP TRIGGER delivery_delete_count ON delivery;
DROP FUNCTION count_inserted_deliveries, count_updated_deliveries, count_deleted_deliveries;
DROP TABLE delivery_count, delivery_day_count;
DELETE FROM delivery WHERE skipped_at IS NOT NULL AND reason <> 'no_code';
UPDATE delivery SET reason = 'no code left' WHERE reason = 'no_code';
DROP INDEX delivery_state_idx, delivery_expires_at_idx, delivery_skipped_idx;
ALTER TABLE delivery DROP COLUMN state, DROP COLUMN through, DROP COLUMN queued_at, DROP COLUMN accepted_at, DROP COLUMN bounced_at,
  DROP COLUMN uncertain_at, DROP COLUMN skipped_at, DROP COLUMN expired_at;
CREATE INDEX delivery_campaign_id_idx ON delivery (campaign_id, member_id);
CREATE INDEX delivery_without_code_idx ON delivery (campaign_id) WHERE code IS NULL;
ALTER TABLE campaign_group DROP COLUMN place;
DROP TABLE campaign_sending;
ALTER TABLE campaign DROP COLUMN if_late, DROP COLUMN notify_push;
ALTER TABLE member DROP COLUMN time_zone;
ALTER TABLE setting DROP COLUMN late_after_minutes, DROP COLUMN audience_change_percent, DROP COLUMN message_salt;

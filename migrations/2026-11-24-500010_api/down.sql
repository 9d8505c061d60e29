DROP TABLE webhook_delivery, webhook_event, webhook, app_token, member_card, till_attempt, reservation, idempotency;
ALTER TABLE validation DROP COLUMN api_key_id, DROP COLUMN till, DROP COLUMN reservation_id;
DROP TABLE api_key, code_import_row, code_import, low_stock_notice;
ALTER TABLE code DROP COLUMN batch_id;
ALTER TABLE code_batch DROP COLUMN name, DROP COLUMN source, DROP COLUMN cancelled_at, DROP COLUMN created_by;
UPDATE campaign SET code_source = 'many' WHERE code_source = 'imported';
ALTER TABLE campaign DROP COLUMN code_pattern, DROP COLUMN code_check, DROP COLUMN low_stock, DROP COLUMN shops,
  DROP CONSTRAINT campaign_code_source_check,
  ADD CONSTRAINT campaign_code_source_check CHECK (code_source IN ('one', 'many', 'personal'));

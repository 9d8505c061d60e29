ALTER TABLE campaign_count ADD COLUMN issued bigint NOT NULL DEFAULT 0;
INSERT INTO campaign_count (campaign_id, issued, validated)
  SELECT campaign_id, sum(change), 0 FROM delivery_count WHERE state <> 'skipped' GROUP BY campaign_id;
DROP TABLE worker_beat;
ALTER TABLE campaign_sending DROP COLUMN dropped_at, DROP COLUMN expired_until, DROP COLUMN closed_at;

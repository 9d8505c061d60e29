ALTER TABLE member_consent DROP COLUMN campaign_id;

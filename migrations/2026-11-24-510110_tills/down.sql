ALTER TABLE setting DROP COLUMN reversal_minutes;
DROP INDEX validation_reservation_id_idx;
DROP INDEX reservation_open_member_idx;
CREATE INDEX reservation_member_id_idx ON reservation (member_id, campaign_id) WHERE member_id IS NOT NULL;
DROP INDEX reservation_open_code_idx;
-- baskets of several codes have no place in the table before
DELETE FROM reservation AS r WHERE EXISTS (SELECT FROM reservation AS other WHERE other.id = r.id AND other.code < r.code);
ALTER TABLE reservation
  DROP CONSTRAINT reservation_pkey,
  ADD CONSTRAINT reservation_pkey PRIMARY KEY (id),
  ADD CONSTRAINT reservation_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_key;
ALTER TABLE api_key
  DROP CONSTRAINT api_key_old_check,
  DROP COLUMN old_key_hash,
  DROP COLUMN old_hint,
  DROP COLUMN old_until,
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN replaced_by bigint REFERENCES api_key;

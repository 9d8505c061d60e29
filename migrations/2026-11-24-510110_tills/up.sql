-- A key keeps its row when it is rotated, so that what it reserved, and what it was answered, stay its own.
ALTER TABLE api_key
  DROP COLUMN expires_at,
  DROP COLUMN replaced_by,
  -- it was rotated: the text before, which works until then
  ADD COLUMN old_key_hash bytea CONSTRAINT api_key_old_key_hash_key UNIQUE,
  ADD COLUMN old_hint text,
  ADD COLUMN old_until timestamptz,
  ADD CONSTRAINT api_key_old_check CHECK (num_nonnulls(old_key_hash, old_hint, old_until) IN (0, 3));

-- A basket of codes is reserved, validated and cancelled as one. No reference to the key: each would lock its row.
ALTER TABLE reservation
  DROP CONSTRAINT reservation_pkey,
  ADD CONSTRAINT reservation_pkey PRIMARY KEY (id, code),
  DROP CONSTRAINT reservation_api_key_id_fkey;
-- overdue ones of a code; what a member holds. Few are open, however many there were
CREATE INDEX reservation_open_code_idx ON reservation (code, ends_at) WHERE validated_at IS NULL AND cancelled_at IS NULL AND expired_at IS NULL;
DROP INDEX reservation_member_id_idx;
CREATE INDEX reservation_open_member_idx ON reservation (member_id, campaign_id) WHERE member_id IS NOT NULL AND validated_at IS NULL AND cancelled_at IS NULL AND expired_at IS NULL;
CREATE INDEX validation_reservation_id_idx ON validation (reservation_id) WHERE reservation_id IS NOT NULL;

-- How long a till may take a validation back; 0: never.
ALTER TABLE setting ADD COLUMN reversal_minutes integer NOT NULL DEFAULT 15 CONSTRAINT setting_reversal_minutes_check CHECK (reversal_minutes BETWEEN 0 AND 10080);

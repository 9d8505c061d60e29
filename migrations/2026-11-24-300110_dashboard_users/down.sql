ALTER TABLE session DROP COLUMN id, DROP COLUMN address, DROP COLUMN user_agent, DROP COLUMN last_seen_at;
DROP TABLE known_browser, recovery_code, pending_sign_in, password_reset, invitation;
DROP TRIGGER account_last_admin ON account;
DROP FUNCTION keep_an_admin();
ALTER TABLE setting DROP COLUMN requires_second_factor;
DELETE FROM account WHERE password_hash IS NULL;
ALTER TABLE account
  ALTER COLUMN password_hash SET NOT NULL,
  DROP CONSTRAINT account_totp_check,
  DROP COLUMN last_signed_in_at,
  DROP COLUMN requires_second_factor,
  DROP COLUMN totp_seed,
  DROP COLUMN totp_since,
  DROP COLUMN totp_step;

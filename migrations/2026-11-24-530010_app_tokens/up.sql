-- A native app's sign-in is known by any of its refresh tokens, old ones too: one that comes back was stolen.
ALTER TABLE app_token
  ADD COLUMN family_hash bytea NOT NULL CONSTRAINT app_token_family_hash_key UNIQUE,
  ADD COLUMN refreshed_at timestamptz NOT NULL;
CREATE INDEX app_token_refresh_until_idx ON app_token (refresh_until);

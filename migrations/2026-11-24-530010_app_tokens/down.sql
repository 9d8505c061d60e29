DROP INDEX app_token_refresh_until_idx;
ALTER TABLE app_token DROP COLUMN family_hash, DROP COLUMN refreshed_at;

ALTER TABLE pending_sign_in DROP COLUMN first;
DROP TABLE openid_attempt, openid_identity;

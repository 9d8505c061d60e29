-- Keys of phones, computers and security keys (WebAuthn) with which dashboard users sign in.
CREATE TABLE passkey (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  name text NOT NULL CONSTRAINT passkey_name_check CHECK (char_length(name) BETWEEN 1 AND 80),
  credential_id bytea NOT NULL CONSTRAINT passkey_credential_id_key UNIQUE CONSTRAINT passkey_credential_id_check CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
  -- the public key as COSE writes it
  public_key bytea NOT NULL,
  -- of those that count: a copy would fall behind
  sign_count bigint NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX passkey_account_id_idx ON passkey (account_id);

-- What a key is asked to sign: once.
CREATE TABLE passkey_challenge (
  hash bytea PRIMARY KEY,
  -- who adds a key, or signs in with it after the password; none: whoever has a key
  account_id uuid REFERENCES account ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);

-- Who a dashboard user is at an OpenID Connect provider.
CREATE TABLE openid_identity (
  issuer text COLLATE "C" NOT NULL CONSTRAINT openid_identity_issuer_check CHECK (char_length(issuer) <= 500),
  subject text COLLATE "C" NOT NULL CONSTRAINT openid_identity_subject_check CHECK (char_length(subject) BETWEEN 1 AND 255),
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  linked_at timestamptz NOT NULL,
  CONSTRAINT openid_identity_pkey PRIMARY KEY (issuer, subject),
  -- one of each provider
  CONSTRAINT openid_identity_account_key UNIQUE (account_id, issuer)
);

-- A sign-in that was sent to the provider and has not come back. The visitor's cookie holds the key, from which state,
-- nonce and the code's proof are made; the row only its hash. It is used once.
CREATE TABLE openid_attempt (
  key_hash bytea PRIMARY KEY,
  -- who links it to what they are signed in as; none: it signs in
  account_id uuid REFERENCES account ON DELETE CASCADE,
  next text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX openid_attempt_account_id_idx ON openid_attempt (account_id) WHERE account_id IS NOT NULL;

-- What the first half of a sign-in was, while the second factor is to come.
ALTER TABLE pending_sign_in ADD COLUMN first text NOT NULL DEFAULT 'password' CONSTRAINT pending_sign_in_first_check CHECK (first IN ('password', 'openid'));

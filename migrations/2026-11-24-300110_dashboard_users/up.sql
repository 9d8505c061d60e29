-- Dashboard users: invitations, resets, second factors, and sessions that one can tell apart.

ALTER TABLE account
  -- none: they sign in by another way than a password
  ALTER COLUMN password_hash DROP NOT NULL,
  ADD COLUMN last_signed_in_at timestamptz,
  ADD COLUMN requires_second_factor boolean NOT NULL DEFAULT false,
  -- the authenticator app's seed, sealed; none: no app
  ADD COLUMN totp_seed bytea,
  ADD COLUMN totp_since timestamptz,
  -- the last step of 30 seconds whose code was taken: no code is taken twice
  ADD COLUMN totp_step bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT account_totp_check CHECK ((totp_seed IS NULL) = (totp_since IS NULL));
ALTER TABLE setting ADD COLUMN requires_second_factor boolean NOT NULL DEFAULT false;

-- There is always an Admin who can sign in, whoever changes whom at the same time.
CREATE FUNCTION keep_an_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.role = 'admin' AND NEW.disabled_at IS NULL THEN
    RETURN NULL;
  END IF;
  -- one after the other, and the next statement sees what the one before left
  PERFORM pg_advisory_xact_lock(hashtext('account_last_admin_check'));
  IF NOT EXISTS (SELECT FROM account WHERE role = 'admin' AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'the last Admin stays' USING ERRCODE = 'check_violation', TABLE = 'account', CONSTRAINT = 'account_last_admin_check';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER account_last_admin AFTER UPDATE OF role, disabled_at OR DELETE ON account FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.disabled_at IS NULL) EXECUTE FUNCTION keep_an_admin();

-- Someone who was asked to become a dashboard user. The link holds the token, the row only its hash.
CREATE TABLE invitation (
  id uuid PRIMARY KEY,
  email text NOT NULL CONSTRAINT invitation_email_key UNIQUE CONSTRAINT invitation_email_check CHECK (email = lower(email)),
  name text NOT NULL CONSTRAINT invitation_name_check CHECK (char_length(name) BETWEEN 1 AND 80),
  role text NOT NULL CONSTRAINT invitation_role_check CHECK (role IN ('admin', 'marketer', 'support')),
  token_hash bytea NOT NULL CONSTRAINT invitation_token_hash_key UNIQUE,
  invited_by text NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE password_reset (
  token_hash bytea PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX password_reset_account_id_idx ON password_reset (account_id);

-- The password was right, the second factor is still to come.
CREATE TABLE pending_sign_in (
  key_hash bytea PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX pending_sign_in_account_id_idx ON pending_sign_in (account_id);

CREATE TABLE recovery_code (
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  used_at timestamptz,
  CONSTRAINT recovery_code_pkey PRIMARY KEY (account_id, code_hash)
);

-- Browsers that a dashboard user has signed in from: a new one is told by e-mail.
CREATE TABLE known_browser (
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  browser_hash bytea NOT NULL,
  signed_in_at timestamptz NOT NULL,
  CONSTRAINT known_browser_pkey PRIMARY KEY (account_id, browser_hash)
);

ALTER TABLE session
  -- names it on pages; the key stays the visitor's
  ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN address text NOT NULL DEFAULT '',
  ADD COLUMN user_agent text NOT NULL DEFAULT '',
  -- to the minute
  ADD COLUMN last_seen_at timestamptz;

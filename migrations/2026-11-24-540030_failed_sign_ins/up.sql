-- Sign-ins that came to nothing, counted by minute until the worker writes them into the audit log: however many there
-- are, the log gets a few lines a minute. Of an address that is nobody's nothing is kept.
CREATE TABLE failed_sign_in (
  minute timestamptz NOT NULL,
  -- 'account' and its key, 'member' and its number; '': nobody's
  subject text COLLATE "C" NOT NULL,
  why text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  tries integer NOT NULL,
  CONSTRAINT failed_sign_in_pkey PRIMARY KEY (minute, subject, why, address)
);

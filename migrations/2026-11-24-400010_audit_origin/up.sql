-- From where something was done. Entries without an address are hashed as before, so that old chains hold.
ALTER TABLE audit_entry ADD COLUMN address text NOT NULL DEFAULT '';
CREATE INDEX audit_entry_account_idx ON audit_entry (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_entry_at_idx ON audit_entry (at);

DROP FUNCTION audit_hash;
CREATE FUNCTION audit_hash(previous bytea, id bigint, at timestamptz, account_id uuid, actor text, action text,
    subject_kind text, subject_id text, subject_name text, before jsonb, after jsonb, address text) RETURNS bytea
  LANGUAGE sql STABLE AS $$
  SELECT sha256(previous || convert_to((jsonb_build_array(id, extract(epoch FROM at), account_id, actor, action,
    subject_kind, subject_id, subject_name, before, after)
    || CASE WHEN address = '' THEN '[]' ELSE jsonb_build_array(address) END)::text, 'UTF8'))
$$;

DROP FUNCTION append_audit_entry;
-- Appends to the chain within the caller's transaction. Call it last: from here to the commit, others wait. It runs as
-- its owner, so that who may append needs no right to the tables.
CREATE FUNCTION append_audit_entry(at timestamptz, account_id uuid, actor text, action text,
    subject_kind text, subject_id text, subject_name text, before jsonb, after jsonb, address text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  previous bytea;
  next_id bigint;
  next_hash bytea;
BEGIN
  SELECT head.hash, head.last_id + 1 INTO STRICT previous, next_id FROM audit_head AS head FOR UPDATE;
  next_hash := audit_hash(previous, next_id, at, account_id, actor, action, subject_kind, subject_id, subject_name, before, after, address);
  INSERT INTO audit_entry (id, at, account_id, actor, action, subject_kind, subject_id, subject_name, before, after, hash, address)
    VALUES (next_id, at, account_id, actor, action, subject_kind, subject_id, subject_name, before, after, next_hash, address);
  UPDATE audit_head SET last_id = next_id, hash = next_hash;
  RETURN next_id;
END $$;

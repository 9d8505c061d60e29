DROP FUNCTION append_audit_entry;
DROP FUNCTION audit_hash;
DROP INDEX audit_entry_account_idx, audit_entry_at_idx;
ALTER TABLE audit_entry DROP COLUMN address;
CREATE FUNCTION audit_hash(previous bytea, id bigint, at timestamptz, account_id uuid, actor text, action text,
    subject_kind text, subject_id text, subject_name text, before jsonb, after jsonb) RETURNS bytea
  LANGUAGE sql STABLE AS $$
  SELECT sha256(previous || convert_to(jsonb_build_array(id, extract(epoch FROM at), account_id, actor, action,
    subject_kind, subject_id, subject_name, before, after)::text, 'UTF8'))
$$;
CREATE FUNCTION append_audit_entry(at timestamptz, account_id uuid, actor text, action text,
    subject_kind text, subject_id text, subject_name text, before jsonb, after jsonb) RETURNS bigint
  LANGUAGE plpgsql AS $$
DECLARE
  previous bytea;
  next_id bigint;
  next_hash bytea;
BEGIN
  SELECT head.hash, head.last_id + 1 INTO STRICT previous, next_id FROM audit_head AS head FOR UPDATE;
  next_hash := audit_hash(previous, next_id, at, account_id, actor, action, subject_kind, subject_id, subject_name, before, after);
  INSERT INTO audit_entry VALUES (next_id, at, account_id, actor, action, subject_kind, subject_id, subject_name, before, after, next_hash);
  UPDATE audit_head SET last_id = next_id, hash = next_hash;
  RETURN next_id;
END $$;

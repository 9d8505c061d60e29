-- The role as which Muster works: it reads and writes what it must, but cannot change or remove what the audit log says,
-- nor the tables. Migrations run as another, the owner. A role belongs to the whole cluster, so it may be there already;
-- who may not make roles runs as the owner, and Muster says so when it starts.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'muster_app') THEN
    -- without a password nobody signs in with one; our own PostgreSQL lets in who reaches its socket
    CREATE ROLE muster_app LOGIN;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN RAISE NOTICE 'no role muster_app: Muster works as the owner of its tables';
  WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'muster_app') THEN
    GRANT USAGE ON SCHEMA public TO muster_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO muster_app;
    -- tables of later migrations too
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO muster_app;
    REVOKE INSERT, UPDATE, DELETE ON audit_entry, audit_head FROM muster_app;
    IF to_regclass('__diesel_schema_migrations') IS NOT NULL THEN
      REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM muster_app;
    END IF;
  END IF;
END $$;

-- one that could be emptied says nothing
CREATE TRIGGER audit_entry_keeps BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

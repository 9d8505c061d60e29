DROP TRIGGER audit_entry_keeps ON audit_entry;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'muster_app') THEN
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM muster_app;
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM muster_app;
    REVOKE USAGE ON SCHEMA public FROM muster_app;
  END IF;
END $$;

//! The role as which Muster works cannot change what the log says.

use diesel::prelude::*;
use diesel::result::Error;
use muster::audit;
use muster::db::{APP_ROLE, role};

use crate::support::{TestApp, make};

#[test]
fn the_application_can_append_and_nothing_else() {
    let app = TestApp::start();
    app.admin();
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry"), 1, "signing in was written down by {APP_ROLE}");
    let conn = &mut app.app_conn();
    assert!(!role::may_change_the_log(conn).unwrap() && role::may_change_the_log(&mut app.conn()).unwrap());
    for statement in [
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_entry SELECT 2, at, account_id, actor, action, subject_kind, subject_id, subject_name, before, after, hash, address FROM audit_entry",
        "UPDATE audit_head SET last_id = 0",
        "DELETE FROM audit_head",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_append_only ON audit_entry",
        "DROP TABLE audit_entry",
        "ALTER TABLE audit_entry OWNER TO muster_app",
        "GRANT UPDATE ON audit_entry TO muster_app",
        "CREATE OR REPLACE FUNCTION append_audit_entry(at timestamptz, account_id uuid, actor text, action text,
           subject_kind text, subject_id text, subject_name text, before jsonb, after jsonb, address text) RETURNS bigint
           LANGUAGE sql AS 'SELECT 1::bigint'",
        "SET ROLE muster",
        "DELETE FROM __diesel_schema_migrations",
    ] {
        match diesel::sql_query(statement).execute(conn) {
            Err(Error::DatabaseError(_, why)) => {
                let why = why.message();
                assert!(why.contains("permission denied") || why.contains("must be owner"), "{statement}: {why}");
            }
            // granting what one may not grant does nothing, with a warning
            Ok(_) if statement.starts_with("GRANT") => assert!(!role::may_change_the_log(conn).unwrap()),
            other => panic!("{statement}: {other:?}"),
        }
    }
    assert_eq!(audit::first_broken_entry(conn).unwrap(), None);
}

#[test]
fn the_owner_is_stopped_by_triggers() {
    let app = TestApp::start();
    app.admin();
    for statement in ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"] {
        let refused = diesel::sql_query(statement).execute(&mut app.conn()).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
    }
}

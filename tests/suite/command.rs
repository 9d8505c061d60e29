//! The program as people start it.

pub mod running;

use std::process::{Command, Output, Stdio};

use diesel::prelude::*;

use self::running::{Folder, Running};
use crate::support::{TestDatabase, scratch};

/// The program, with no setting of this shell's.
fn muster() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    // what has no folder of its own writes into this process's
    command.current_dir(&scratch().folder);
    command
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs it beside a foreign database.
fn beside(database: &TestDatabase, arguments: &[&str]) -> Output {
    muster().args(arguments).env("DATABASE_URL", &database.url).output().unwrap()
}

#[test]
fn help_needs_no_manual() {
    let help = out(&muster().arg("--help").output().unwrap());
    for word in [
        "serve",
        "worker",
        "migrate",
        "account",
        "audit",
        "secret",
        "seed",
        "MUSTER_DATABASE_URL",
        "MUSTER_DATA",
        "DATABASE_URL",
    ] {
        assert!(help.contains(word), "{word} in\n{help}");
    }
    let help = out(&muster().args(["serve", "--help"]).output().unwrap());
    for word in ["--demo", "--listen", "--no-worker", "MUSTER_LISTEN", "127.0.0.1:8080", "loopback"] {
        assert!(help.contains(word), "{word} in\n{help}");
    }
    let help = out(&muster().args(["seed", "--help"]).output().unwrap());
    for word in ["--members", "--groups", "--memberships-per-member", "--campaigns", "--seed", "--until", "default: 5"]
    {
        assert!(help.contains(word), "{word} in\n{help}");
    }
    let nothing = muster().output().unwrap();
    assert!(!nothing.status.success() && err(&nothing).contains("Usage: muster"));
}

#[test]
fn a_server_starts_from_nothing_is_alone_on_its_folder_and_stops_when_told() {
    let folder = Folder::new("alone");
    let server =
        Running::start(muster().args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()));
    for word in ["admin@example.com", "muster-demo", "/app", "+49 171 3920000", "Outbox", folder.name()] {
        assert!(server.greeting.contains(word), "{word} in\n{}", server.greeting);
    }
    assert_eq!(server.get("/healthz"), 200);

    let same_port = server.address();
    for listen in ["127.0.0.1:0", &same_port] {
        let second =
            muster().args(["serve", "--demo", "--listen", listen, "--data"]).arg(folder.path()).output().unwrap();
        let told = err(&second);
        assert!(!second.status.success());
        assert!(
            told.contains(&format!("Muster is already running on this folder (process {})", server.pid())),
            "{told}"
        );
    }
    let elsewhere = Folder::new("elsewhere");
    let taken = muster().args(["serve", "--listen", &same_port, "--data"]).arg(elsewhere.path()).output().unwrap();
    assert!(!taken.status.success());
    assert!(
        err(&taken).contains(&format!("cannot listen on {same_port}: another program does already")),
        "{}",
        err(&taken)
    );
    assert!(!elsewhere.path().exists(), "nothing was begun");
    let worker = muster().args(["worker", "--data"]).arg(folder.path()).output().unwrap();
    assert!(!worker.status.success() && err(&worker).contains("already running on this folder"));

    let postgres = folder.postgres();
    assert!(running::lives(postgres));
    assert!(server.stop(libc::SIGINT).success());
    assert!(!running::lives(postgres));
}

#[test]
fn a_killed_server_starts_again_with_all_its_data() {
    let folder = Folder::new("killed");
    let start =
        || Running::start(muster().args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()));
    let server = start();
    server.stop(libc::SIGKILL);

    let server = start();

    assert_eq!(server.get("/healthz"), 200);
    assert!(server.stop(libc::SIGTERM).success());
    // what everyone can sign in to is not opened to everyone
    let open = muster().args(["serve", "--listen", "0.0.0.0:0", "--data"]).arg(folder.path()).output().unwrap();
    assert!(!open.status.success());
    assert!(
        err(&open).contains("admin@example.com, marketer@example.com, support@example.com can sign in"),
        "{}",
        err(&open)
    );
}

#[test]
fn the_demo_is_for_this_machine_only() {
    let folder = Folder::new("loopback");
    let open =
        muster().args(["serve", "--demo", "--listen", "0.0.0.0:0", "--data"]).arg(folder.path()).output().unwrap();
    assert!(!open.status.success());
    assert!(err(&open).contains("runs on a loopback address only"), "{}", err(&open));
    assert!(!folder.path().join("postgres").exists());
}

#[test]
fn a_foreign_database_is_used_and_no_cluster_started() {
    let (database, folder) = (TestDatabase::new(), Folder::new("foreign"));
    let migrated = beside(&database, &["migrate"]);
    assert!(migrated.status.success() && out(&migrated).contains("is up to date"), "{}", err(&migrated));

    let mut serve = muster();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()).env("DATABASE_URL", &database.url);
    let server = Running::start(&mut serve);
    assert_eq!(server.get("/healthz"), 200);
    assert!(!server.greeting.contains("Password"), "{}", server.greeting);
    assert!(!folder.path().join("postgres").exists());
    let mut worker = muster();
    let worker = Running::start(worker.arg("worker").env("MUSTER_DATABASE_URL", &database.url));
    assert!(worker.stop(libc::SIGTERM).success());
    assert!(server.stop(libc::SIGTERM).success());

    let seeded = beside(&database, &["seed", "--members", "500", "--groups", "20", "--seed", "3"]);
    assert!(out(&seeded).starts_with("Made 500 members, 20 groups, 2,500 memberships"), "{}", err(&seeded));
    let again = beside(&database, &["seed", "--members", "500", "--groups", "20"]);
    assert!(!again.status.success() && err(&again).contains("an empty database only"), "{}", err(&again));
    let demo = beside(&database, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert!(!demo.status.success() && err(&demo).contains("--demo fills an empty database only"), "{}", err(&demo));
}

#[test]
fn accounts_are_created_with_a_password_from_standard_input() {
    let database = TestDatabase::new();
    let create = |email: &str, role: &str, password: &str| {
        let arguments = ["account", "create", "--email", email, "--role", role, "--password-stdin"];
        let mut command = muster();
        command.args(arguments).env("DATABASE_URL", &database.url);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // one that is refused early reads nothing
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), password.as_bytes());
        child.wait_with_output().unwrap()
    };

    let created = create("Ada@Example.com", "admin", "a long password\n");
    assert_eq!(out(&created), "Created ada@example.com (Admin).\n", "{}", err(&created));
    let twice = create("ada@example.com", "support", "a long password");
    assert!(!twice.status.success() && err(&twice).contains("there is a dashboard user ada@example.com already"));
    for (email, role, password, why) in [
        ("ada", "admin", "a long password", "e-mail"),
        ("bob@example.com", "admin", "short", "Use at least 12 characters"),
        ("bob@example.com", "boss", "a long password", "possible values: admin, marketer, support"),
    ] {
        let refused = create(email, role, password);
        assert!(!refused.status.success() && err(&refused).contains(why), "{}", err(&refused));
    }
    let mut conn = PgConnection::establish(&database.url).unwrap();
    assert_eq!(muster::schema::account::table.count().get_result(&mut conn), Ok(1_i64));
}

#[test]
fn a_database_that_cannot_be_reached_is_said_so() {
    let output = muster().arg("migrate").env("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none").output().unwrap();
    assert!(!output.status.success());
    assert!(err(&output).starts_with("muster: "), "{}", err(&output));
}

#[test]
fn the_audit_log_is_verified_and_a_noted_link_found_again() {
    let database = TestDatabase::new();
    let verify = |more: &[&str]| {
        let arguments = [&["audit", "verify"], more].concat();
        muster().args(arguments).env("DATABASE_URL", &database.app_url).output().unwrap()
    };
    let sql = |statement: &str| {
        diesel::sql_query(statement).execute(&mut PgConnection::establish(&database.url).unwrap()).unwrap();
    };
    sql(
        "SELECT append_audit_entry(now(), NULL, 'robot', 'counted', 'setting', n::text, 'x', NULL, NULL, '') FROM generate_series(1, 3) AS n",
    );

    let whole = verify(&[]);
    assert!(whole.status.success() && out(&whole).contains("The audit log is whole: 3 entries."), "{}", err(&whole));
    assert!(!err(&whole).contains("could change the audit log"), "{}", err(&whole));
    let noted = out(&whole).lines().find_map(|line| line.split_once("elsewhere: ")).unwrap().1.to_owned();
    assert!(verify(&["--expect", &noted]).status.success());
    let other = verify(&["--expect", &format!("2:{}", &noted[2..])]);
    assert!(!other.status.success() && err(&other).contains("was rewritten"));

    sql("ALTER TABLE audit_entry DISABLE TRIGGER USER");
    sql("UPDATE audit_entry SET actor = 'nobody' WHERE id = 2");
    let broken = verify(&[]);
    assert!(!broken.status.success() && err(&broken).contains("tampered with: entry 2"), "{}", err(&broken));
}

#[test]
fn the_key_of_stored_secrets_is_changed_by_command() {
    use muster::sealed::Keys;
    let (database, folder) = (TestDatabase::new(), Folder::new("rotation"));
    let run = |arguments: &[&str], keys: Option<&str>| {
        let mut command = muster();
        command.args(arguments).arg("--data").arg(folder.path()).env("DATABASE_URL", &database.app_url);
        command.env("MUSTER_OWNER_URL", &database.url);
        if let Some(keys) = keys {
            command.env("MUSTER_SECRET_KEY", keys);
        }
        command.output().unwrap()
    };
    let kept = || std::fs::read_to_string(folder.path().join("secret-key")).unwrap();
    assert!(run(&["secret", "reseal", "--check"], None).status.success());
    let old = kept();
    let sealed = Keys::parse(&old).unwrap().seal("channel email", b"{\"password\":\"x\"}").unwrap();
    diesel::sql_query("UPDATE channel SET secret = $1 WHERE key = 'email'")
        .bind::<diesel::sql_types::Binary, _>(sealed)
        .execute(&mut PgConnection::establish(&database.url).unwrap())
        .unwrap();

    let made = run(&["secret", "new-key"], None);
    assert!(out(&made).starts_with("A new key is in front in "), "{}", err(&made));
    assert_eq!(kept().split(',').nth(1), Some(old.as_str()));
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(folder.path().join("secret-key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let checked = out(&run(&["secret", "reseal", "--check"], None));
    assert!(checked.contains("channel.secret: 1 sealed with ") && checked.contains("key number 2"), "{checked}");
    assert!(checked.contains("To be sealed anew: 1."), "{checked}");
    assert_eq!(out(&run(&["secret", "reseal"], None)), "Sealed anew: 1.\n");
    assert!(out(&run(&["secret", "reseal", "--check"], None)).contains("All is sealed with the first key"));
    let first = kept().split(',').next().unwrap().to_owned();
    assert!(out(&run(&["secret", "reseal", "--check"], Some(&first))).contains("All is sealed with the first key"));

    // a configured key is not written anywhere, only shown
    let shown = run(&["secret", "new-key"], Some(&first));
    assert!(Keys::parse(out(&shown).trim()).is_ok() && kept().starts_with(&first));
    let lost = run(&["secret", "reseal"], Some(out(&shown).trim()));
    assert!(!lost.status.success() && err(&lost).contains("1 could not be opened"), "{}", err(&lost));
    let entries = "SELECT string_agg(action || ' ' || after::text, '; ' ORDER BY id) AS line FROM audit_entry";
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        line: String,
    }
    let line = diesel::sql_query(entries).get_result::<Line>(&mut PgConnection::establish(&database.url).unwrap());
    let line = line.unwrap().line;
    assert!(line.starts_with("secrets sealed anew {") && line.contains("\"sealed_anew\": 1"), "{line}");
}

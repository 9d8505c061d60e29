//! A Muster to be wrecked: a PostgreSQL of its own, worker processes, a mail server.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use muster::db::embedded::{Cluster, ClusterOptions};
use muster::sealed::Keys;

use crate::support::scratch;
use crate::support::smtp::SmtpServer;

/// A worker process.
pub struct Process(Child);

impl Process {
    /// SIGKILL.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

pub struct Wreck {
    pub url: String,
    pub smtp: SmtpServer,
    key: String,
    // last: it ends after those that use it
    _cluster: Cluster,
}

#[derive(Debug, QueryableByName)]
pub struct OutcomeRow {
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Wreck {
    /// A live e-mail campaign for so many members, not yet issued.
    pub fn new(receivers: usize, refused: usize, without_consent: usize) -> Self {
        let options = ClusterOptions::in_folder(scratch().folder.join("chaos"));
        let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
        cluster.ensure_database("muster").unwrap();
        let url = cluster.url("muster");
        muster::db::migrate::run(&mut PgConnection::establish(&url).unwrap()).unwrap();
        let smtp = SmtpServer::start(&["--pipelining", "--per-connection", "200"]);
        let wreck = Self { url, smtp, key: Keys::random_text(), _cluster: cluster };
        let settings = serde_json::json!({
            "host": "127.0.0.1", "port": wreck.smtp.port, "security": "none", "user": "", "sender_name": "",
            "sender_address": "shop@example.com", "reply_to": null, "ca_certificate": null, "timeout": 5 });
        let consenting = receivers - without_consent;
        for statement in [
            format!(
                "INSERT INTO member (name, email, email_consent, created_at)
                 SELECT 'Member ' || n, CASE WHEN n <= {refused} THEN 'refuse-550.' || n ELSE 'member' || n END || '@example.com', true, now()
                 FROM generate_series(1, {receivers}) AS n"
            ),
            format!("UPDATE channel SET is_on = true, connections = 3, settings = '{settings}' WHERE key = 'email'"),
            "INSERT INTO campaign (kind, channel, created_at, name, title, email_subject, email_body, offer, code_source, everyone,
               starts_at, ends_at, published_at)
             VALUES ('coupon', 'email', now(), 'Latte', 'Latte', 'Your coupon', 'Here it is: {link}', 'entry_only', 'personal', true,
               now() - interval '1 hour', now() + interval '30 days', now())"
                .into(),
            "INSERT INTO campaign_sending (campaign_id, due_at, released_at) SELECT id, now(), now() FROM campaign".into(),
        ] {
            assert!(wreck.run(&statement), "{statement}");
        }
        // issued with consent, which is withdrawn before it is sent
        let mut worker = wreck.worker_paused();
        while wreck.count("SELECT count(*) FROM campaign WHERE issued_at IS NOT NULL") != Some(1) {
            sleep(Duration::from_millis(20));
        }
        worker.kill();
        assert!(wreck.run(&format!("UPDATE member SET email_consent = false WHERE id > {consenting}")));
        assert!(wreck.run("DROP TRIGGER not_yet ON message"));
        assert!(wreck.run("UPDATE delivery SET queued_at = issued_at, sent_at = NULL"));
        assert!(wreck.run("UPDATE message SET next_attempt_at = '-infinity'"));
        wreck
    }

    /// Issues, and sends nothing.
    fn worker_paused(&self) -> Process {
        // queued, but not before tomorrow
        assert!(self.run(
            "CREATE FUNCTION not_yet() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN NEW.next_attempt_at := now() + interval ''1 day''; RETURN NEW; END'"
        ));
        assert!(self.run("CREATE TRIGGER not_yet BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION not_yet()"));
        self.worker()
    }

    /// Starts a worker.
    pub fn worker(&self) -> Process {
        let child = Command::new(env!("CARGO_BIN_EXE_muster"))
            .arg("worker")
            .env("MUSTER_DATABASE_URL", &self.url)
            .env("MUSTER_SECRET_KEY", &self.key)
            .env("MUSTER_UNCERTAIN_AFTER", "1")
            .env("MUSTER_LOG", std::env::var("MUSTER_CHAOS_LOG").unwrap_or("off".into()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Process(child)
    }

    /// Stops PostgreSQL at once (SIGQUIT: as if the power failed, for it); its keeper starts it again.
    pub fn stop_postgres(&self) {
        while !self.run("SELECT 1") {
            sleep(Duration::from_millis(20));
        }
        let note = scratch().folder.join("chaos/postgres/postmaster.pid");
        let pid: i32 = std::fs::read_to_string(note).unwrap().lines().next().unwrap().parse().unwrap();
        // SAFETY: sends a signal to a process that this test started.
        assert_eq!(unsafe { libc::kill(pid, libc::SIGQUIT) }, 0);
    }

    /// Messages that the mail server took.
    pub fn mails(&self) -> usize {
        self.smtp.count()
    }

    /// True unless the database is away.
    pub fn run(&self, sql: &str) -> bool {
        PgConnection::establish(&self.url).is_ok_and(|mut conn| diesel::sql_query(sql).execute(&mut conn).is_ok())
    }

    /// A number; none: the database is away.
    pub fn count(&self, sql: &str) -> Option<i64> {
        let mut conn = PgConnection::establish(&self.url).ok()?;
        diesel::sql_query(format!("SELECT ({sql})::bigint AS n"))
            .get_result::<CountRow>(&mut conn)
            .ok()
            .map(|row| row.n)
    }

    /// What became of everybody.
    pub fn outcomes(&self) -> Vec<OutcomeRow> {
        let mut conn = PgConnection::establish(&self.url).unwrap();
        diesel::sql_query("SELECT email, state, reason FROM delivery JOIN member ON member.id = delivery.member_id")
            .load(&mut conn)
            .unwrap()
    }
}

/// Whether the counts are the rows, at one moment; false: the database was away. Panics where they are not.
pub fn ledger_adds_up(url: &str) -> bool {
    let Ok(mut conn) = PgConnection::establish(url) else { return false };
    let row = diesel::sql_query(
        "WITH counted AS (SELECT state, coalesce(reason, '') AS reason, sum(change) AS n FROM delivery_count GROUP BY 1, 2 HAVING sum(change) <> 0),
              rows AS (SELECT state, CASE WHEN state = 'skipped' THEN reason ELSE '' END AS reason, count(*) AS n FROM delivery GROUP BY 1, 2)
         SELECT count(*) AS n FROM counted FULL JOIN rows
           ON counted.state = rows.state AND counted.reason = rows.reason AND counted.n = rows.n
         WHERE counted.state IS NULL OR rows.state IS NULL",
    )
    .get_result::<CountRow>(&mut conn);
    row.is_ok_and(|row| {
        assert_eq!(row.n, 0, "the ledger does not add up");
        true
    })
}

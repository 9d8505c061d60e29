use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use chrono::{Days, Utc};
use diesel::prelude::*;
use muster::db::embedded::{Cluster, ClusterOptions};
use muster::db::migrate;
use muster::seed::{self, Plan, Seeded};

use crate::cookie::TOKEN;
use crate::options::Options;
use crate::sql;

/// Members with a session in the app, from 1.
pub const SIGNED_IN: u64 = 40_000;
/// Sessions of the dashboard user, one for each connection.
pub const DESKS: usize = 64;

/// A database full of members, and what is needed to work on it.
pub struct World {
    pub folder: PathBuf,
    cluster: Option<Cluster>,
    pub made: Seeded,
    /// How long the seed took.
    pub seed_seconds: f64,
    /// A hidden group that is empty.
    pub save_group: i64,
    /// The groups of the campaigns that are issued, and the one they exclude.
    pub issue_groups: (Vec<i64>, i64),
    /// A campaign that every member has a delivery of, in many states.
    pub ledger: i64,
    /// Values to look for: phone numbers, e-mail addresses, parts of names.
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub names: Vec<String>,
}

impl World {
    /// Makes it in a folder for temporary files, with fsync on.
    pub fn make(members: u64, options: &Options) -> Self {
        let parent = options.folder.clone().unwrap_or_else(std::env::temp_dir);
        let folder = parent.join(format!("muster-bench-{}-{members}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut world = Self {
            folder,
            cluster: None,
            made: Seeded::default(),
            seed_seconds: 0.0,
            save_group: 0,
            issue_groups: (Vec::new(), 0),
            ledger: 0,
            phones: Vec::new(),
            emails: Vec::new(),
            names: Vec::new(),
        };
        world.open();
        let conn = &mut world.conn();
        migrate::run(conn).unwrap();
        let until = Utc::now().date_naive() - Days::new(1);
        let plan = Plan { members, groups: options.groups, memberships_per_member: 5, campaigns: 6, seed: 1, until };
        let begun = Instant::now();
        world.made = seed::run(conn, &plan).unwrap();
        world.seed_seconds = begun.elapsed().as_secs_f64();
        world.prepare(conn);
        world
    }

    /// Starts its PostgreSQL.
    pub fn open(&mut self) {
        let cluster = Cluster::start(ClusterOptions::in_folder(&self.folder)).unwrap_or_else(|error| panic!("{error}"));
        cluster.ensure_database("muster").unwrap();
        self.cluster = Some(cluster);
    }

    /// Stops it.
    pub fn close(&mut self) {
        self.cluster = None;
    }

    pub fn url(&self) -> String {
        self.cluster.as_ref().unwrap().url("muster")
    }

    pub fn log(&self) -> PathBuf {
        self.cluster.as_ref().unwrap().place().join("postgres.log")
    }

    pub fn conn(&self) -> PgConnection {
        PgConnection::establish(&self.url()).unwrap()
    }

    fn prepare(&mut self, conn: &mut PgConnection) {
        let state = format!("{{\"csrf\": \"\\\"{TOKEN}\\\"\"}}");
        let members = self.made.members;
        let signed_in = SIGNED_IN.min(members);
        sql::run(
            conn,
            &format!(
                "INSERT INTO account (id, email, name, role, password_hash, created_at)
                   VALUES ('00000000-0000-7000-8000-000000000001', 'bench@example.com', 'Bench', 'admin', 'none', now());
                 INSERT INTO session (key_hash, account_id, state, created_at, expires_at)
                   SELECT sha256(convert_to('bench-desk-' || n, 'UTF8')), '00000000-0000-7000-8000-000000000001', '{state}', now(), now() + interval '1 day'
                   FROM generate_series(0, {DESKS}) AS n;
                 INSERT INTO session (key_hash, member_id, state, created_at, expires_at)
                   SELECT sha256(convert_to('bench-member-' || n, 'UTF8')), n, '{state}', now(), now() + interval '1 day'
                   FROM generate_series(1, {signed_in}) AS n;
                 UPDATE member SET blocked_at = NULL, blocked_reason = NULL WHERE blocked_at IS NOT NULL AND id <= 200000;
                 INSERT INTO member_group (name, starts_at, created_at) VALUES ('Bench saves', now() - interval '1 day', now());
                 INSERT INTO campaign (kind, channel, created_at, name, title, offer, code_source, code_count, allow_in_app_validation,
                     everyone, starts_at, ends_at, published_at)
                   VALUES ('coupon', 'code', now(), 'Bench codes', 'Bench codes', 'entry_only', 'many', 300000, true,
                     true, now() - interval '1 day', now() + interval '100 days', now() - interval '1 day');
                 INSERT INTO member_group (name, description, starts_at, stops_at, viewable, join_type, campaign_id, created_at)
                   SELECT 'Bench entries', 'Joined by code', now() - interval '1 day', now() + interval '90 days', true, 'code', max(id), now()
                   FROM campaign;
                 INSERT INTO code (text, campaign_id, uses_allowed)
                   SELECT 'BENCH' || lpad(n::text, 7, '0'), (SELECT max(id) FROM campaign), 1 FROM generate_series(1, {members}) AS n
                   WHERE n <= 300000;"
            ),
        );
        crate::tills::prepare(conn, members);
        crate::apps::prepare(conn, members);
        for last in ["VACUUM (ANALYZE) session", "VACUUM (ANALYZE) code", "CHECKPOINT"] {
            sql::run(conn, last);
        }
        self.save_group = sql::number(conn, "SELECT id FROM member_group WHERE name = 'Bench saves'");
        let sample = |column: &str| {
            format!(
                "SELECT {column} FROM member WHERE {column} IS NOT NULL AND id % {} = 0 ORDER BY id LIMIT 2000",
                (members / 2000).max(1)
            )
        };
        self.phones = sql::texts(conn, &sample("phone"));
        self.emails = sql::texts(conn, &sample("email"));
        self.names =
            ["schm", "mülle", "anna", "kowal", "öztür", "jans", "петр", "nguy", "o'bri", "marti", "sofia", "hoff"]
                .map(str::to_owned)
                .to_vec();
        self.issue_groups = self.half_of_all(conn);
        self.ledger = ledger(conn);
    }

    /// Groups that hold about half of the members, and one to exclude.
    fn half_of_all(&self, conn: &mut PgConnection) -> (Vec<i64>, i64) {
        let excluded = 12;
        let mut included = Vec::new();
        for group in (1..=self.made.groups.cast_signed()).filter(|group| *group != excluded) {
            included.push(group);
            if receivers(conn, &included, excluded) * 2 >= self.made.members.cast_signed() {
                break;
            }
        }
        (included, excluded)
    }
}

/// An e-mail campaign to everyone, sent in the last three days, with what became of each.
fn ledger(conn: &mut PgConnection) -> i64 {
    sql::run(
        conn,
        "INSERT INTO campaign (kind, channel, created_at, name, title, email_subject, email_body, offer, code_source, shared_code,
             everyone, starts_at, ends_at, published_at, issuing_since, issued_at)
           VALUES ('coupon', 'email', now(), 'Bench ledger', 'Bench ledger', 'Yours', 'Yours: {link}', 'free_item', 'one', 'BENCHLEDGER',
             true, now() - interval '3 days', now() + interval '30 days', now() - interval '4 days', now() - interval '3 days', now() - interval '3 days');
         INSERT INTO campaign_sending (campaign_id, due_at, released_at) SELECT max(id), now() - interval '3 days', now() - interval '3 days' FROM campaign;
         INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at, sent_at, accepted_at, bounced_at, seen_at, validated_at, failed_at, skipped_at, reason)
           SELECT id, (SELECT max(id) FROM campaign), at, CASE WHEN NOT skipped THEN at END, CASE WHEN sent THEN at END,
             CASE WHEN sent AND n < 60 THEN at + interval '1 minute' END, CASE WHEN n BETWEEN 60 AND 62 THEN at + interval '1 minute' END,
             CASE WHEN n < 30 THEN at + interval '1 hour' END, CASE WHEN n < 8 THEN at + interval '1 day' END,
             CASE WHEN n = 90 THEN at END, CASE WHEN skipped THEN at END, CASE WHEN skipped THEN 'no_consent' END
           FROM (SELECT id, id % 100 AS n, id % 100 < 90 AS sent, id % 100 > 90 AS skipped, now() - interval '3 days' + id % 2 * interval '10 hours' AS at
                 FROM member) AS member",
    );
    for last in ["VACUUM (ANALYZE) delivery", "CHECKPOINT"] {
        sql::run(conn, last);
    }
    sql::number(conn, "SELECT max(id) FROM campaign")
}

fn receivers(conn: &mut PgConnection, included: &[i64], excluded: i64) -> i64 {
    let list = included.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    sql::number(
        conn,
        &format!(
            "SELECT count(*) FROM member WHERE blocked_at IS NULL
               AND EXISTS (SELECT FROM membership WHERE member_id = member.id AND group_id IN ({list}) AND left_at IS NULL)
               AND NOT EXISTS (SELECT FROM membership WHERE member_id = member.id AND group_id = {excluded} AND left_at IS NULL)"
        ),
    )
}

impl Drop for World {
    fn drop(&mut self) {
        self.close();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

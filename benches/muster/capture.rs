//! What the server really sends: its statements are read from PostgreSQL's log while it answers a request, and become
//! a script for pgbench. So the limit is that of the same SQL, whatever the pages have become.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use diesel::prelude::*;

use crate::http::{Connection, Request};
use crate::server::Server;
use crate::sql;
use crate::world::{SIGNED_IN, World};

mod log;
mod typed;

/// A value in the captured statements that shall differ each time they are run.
#[derive(Clone)]
pub struct Marker {
    /// As it was captured.
    pub value: String,
    /// What stands for it: SQL with pgbench's variables.
    pub expression: String,
    /// pgbench's lines that set them.
    sets: Vec<String>,
}

/// For pgbench.
pub struct Script {
    /// Lines that set variables for one client (`{clients}` is their number).
    sets: Vec<String>,
    statements: Vec<String>,
}

impl Marker {
    /// A member, any of the first so many.
    pub fn member(member: u64, of: u64) -> Self {
        Self { sets: vec![format!("\\set member random(1, {of})")], ..Self::of(&member.to_string(), ":member") }
    }

    /// The hash of the session key of a member in the app.
    pub fn session(member: u64, variable: &str) -> Self {
        use sha2::{Digest, Sha256};
        let hash: String =
            Sha256::digest(format!("bench-member-{member}")).iter().map(|byte| format!("{byte:02x}")).collect();
        let expression = format!("sha256(convert_to('bench-member-' || ({variable})::text, 'UTF8'))");
        let sets = if variable == ":member" { vec![] } else { vec![format!("\\set signed_in random(1, {SIGNED_IN})")] };
        Self { sets, ..Self::of(&format!("\\x{hash}"), &expression) }
    }

    /// The hash of the access token of a member's native app.
    pub fn token(member: u64, variable: &str) -> Self {
        let of_session = Self::session(member, variable);
        use sha2::{Digest, Sha256};
        let hash = Sha256::digest(format!("bench-token-{member}"));
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let expression = of_session.expression.replace("bench-member-", "bench-token-");
        Self { value: format!("\\x{hash}"), expression, ..of_session }
    }

    /// A member that comes once: clients share what is left after those who are signed in.
    pub fn fresh_member(member: u64, world: &World) -> Self {
        let left = world.made.members.saturating_sub(SIGNED_IN).min(260_000);
        let sets = vec![
            "\\set i :i + 1".to_owned(),
            // one client takes the first quarter, many share the rest
            format!(
                "\\set member {SIGNED_IN} + (CASE WHEN :clients > 1 THEN {} + :client_id * {} ELSE 0 END) + :i",
                left / 4,
                left * 3 / 4 / 16
            ),
        ];
        Self { sets, ..Self::of(&member.to_string(), ":member") }
    }

    /// An Idempotency-Key: the same in all statements of a request, another in each.
    fn once(value: &str, place: usize) -> Self {
        let name = ["once_a", "once_b", "once_c"][place.min(2)];
        let sets = vec![format!("\\set {name} random(1, 1000000000000000)")];
        Self { sets, ..Self::of(value, &format!("('sale ' || (:{name})::text)")) }
    }

    /// The key of what a request made and the next asks for.
    fn made(value: &str) -> Self {
        let sets = vec!["\\set made random(1, 1000000000000000)".to_owned()];
        Self { sets, ..Self::of(value, "md5('made ' || (:made)::text)::uuid") }
    }

    /// Any other value.
    pub fn of(value: &str, expression: &str) -> Self {
        Self { value: value.to_owned(), expression: expression.to_owned(), sets: Vec::new() }
    }
}

impl Script {
    /// The script's text.
    pub fn text(&self) -> String {
        let statements = self.statements.iter().map(|statement| format!("{};", statement.trim_end_matches(';')));
        self.sets.iter().cloned().chain(statements).collect::<Vec<_>>().join("\n") + "\n"
    }
}

/// A script for each sample: requests, and what differs in them.
pub fn scripts(world: &World, server: &Server, samples: &[(&[Request], &[Marker])]) -> Vec<Script> {
    let conn = &mut world.conn();
    let mut connection = Connection::open(server.address());
    // once before, so that what is prepared at the first time is not taken for a part of it
    if let Some(first) = samples
        .first()
        .filter(|(requests, _)| requests.iter().all(|request| request.expected != 303 || samples.len() > 1))
    {
        first.0.iter().for_each(|request| drop(connection.send(request)));
    }
    logging(conn, true);
    let made =
        samples.iter().map(|(requests, markers)| script(world, conn, &mut connection, requests, markers)).collect();
    logging(conn, false);
    made
}

fn script(
    world: &World,
    conn: &mut PgConnection,
    connection: &mut Connection,
    requests: &[Request],
    markers: &[Marker],
) -> Script {
    let log = world.log();
    let begin = fs::metadata(&log).unwrap().len();
    let mut markers = markers.to_vec();
    for (place, request) in requests.iter().enumerate() {
        let status = connection.send(request).unwrap();
        assert_eq!(status, request.expected, "{:.2000}", connection.body());
        markers.extend(connection.once.take().map(|once| Marker::once(&once, place)));
        markers.extend(connection.id.take().map(|id| Marker::made(&id)));
    }
    let markers = &markers[..];
    // what the server says it did, the log has said before
    sleep(Duration::from_millis(5));
    let text = fs::read(&log).unwrap();
    let captured = log::statements(&String::from_utf8_lossy(&text[usize::try_from(begin).unwrap()..]));
    assert!(!captured.is_empty(), "nothing was captured");
    Script {
        sets: markers.iter().rev().flat_map(|marker| marker.sets.iter().cloned()).collect(),
        statements: captured.iter().map(|statement| typed::with_values(conn, statement, markers)).collect(),
    }
}

fn logging(conn: &mut PgConnection, on: bool) {
    let duration = if on { "0" } else { "-1" };
    for setting in [format!("log_min_duration_statement = {duration}"), "log_line_prefix = '%p|'".to_owned()] {
        sql::run(conn, &format!("ALTER SYSTEM SET {setting}"));
    }
    sql::run(conn, "SELECT pg_reload_conf()");
    // all sessions take notice when they are next asked something
    sleep(Duration::from_millis(300));
    // but not what this one does
    sql::run(conn, "SET log_min_duration_statement = -1");
}

use std::time::Instant;

use diesel::prelude::*;
use muster::seed::Dice;

use crate::capture::{self, Marker, Script};
use crate::http::{Connection, Request};
use crate::report::Bulk;
use crate::rows::{Next, USED};
use crate::server::Server;
use crate::sql;
use crate::world::{SIGNED_IN, World};

const KEY: &str = "mk_only-for-the-benchmark-office";
const GROUPS: &str = "/api/app/v1/groups";
/// Rows of one bulk call.
const ROWS: usize = 10_000;

/// Tokens of members' apps, and a key of the back office.
pub fn prepare(conn: &mut PgConnection, members: u64) {
    let signed_in = SIGNED_IN.min(members);
    sql::run(
        conn,
        &format!(
            "INSERT INTO app_token (member_id, family_hash, access_hash, access_until, refresh_hash, refresh_until, refreshed_at,
                 created_at, used_at)
               SELECT n, sha256(convert_to('f' || n, 'UTF8')), sha256(convert_to('bench-token-' || n, 'UTF8')), now() + interval '1 day',
                 sha256(convert_to('r' || n, 'UTF8')), now() + interval '1 day', now(), now(), now() + interval '1 day'
               FROM generate_series(1, {signed_in}) AS n;
             INSERT INTO api_key (name, scope, key_hash, hint, created_at)
               VALUES ('Bench office', 'office', sha256(convert_to('{KEY}', 'UTF8')), 'mark', now());"
        ),
    );
}

fn token(member: u64) -> String {
    format!("bench-token-{member}")
}

/// Groups, as a native app asks for them.
pub fn groups(world: &World, worker: usize, _: usize) -> Next {
    let (members, mut dice) = (SIGNED_IN.min(world.made.members), Dice::of(6, worker as u64));
    Box::new(move || Some(Request::get_as(GROUPS, &token(dice.below(members) + 1))))
}

/// The same in SQL.
pub fn group_scripts(world: &World, server: &Server) -> Vec<Script> {
    let members = SIGNED_IN.min(world.made.members);
    let member = members / 2 + 7;
    let markers = [Marker::token(member, ":member"), Marker::member(member, members)];
    capture::scripts(world, server, &[(&[Request::get_as(GROUPS, &token(member))], &markers)])
}

fn entry(member: u64) -> Request {
    Request::program("/api/app/v1/codes", &token(member), &format!("{{\"code\":\"bench-{member:07}\"}}")).expecting(200)
}

/// Codes, each the first of its member, with an Idempotency-Key.
pub fn entries(world: &World, _: usize, _: usize) -> Next {
    let last = SIGNED_IN.min(world.made.members);
    Box::new(move || {
        let member = USED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        (member <= last).then(|| entry(member))
    })
}

/// The same in SQL.
pub fn entry_scripts(world: &World, server: &Server) -> Vec<Script> {
    let member = USED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let markers = [
        Marker::token(member, ":signed_in"),
        Marker::of(&format!("BENCH{member:07}"), "('BENCH' || lpad((:member)::text, 7, '0'))"),
        Marker::fresh_member(member, world),
    ];
    capture::scripts(world, server, &[(&[entry(member)], &markers)])
}

/// 10,000 members in one call, new and then changed, against one bare statement for each 1,000.
pub fn bulk(world: &World, server: &Server) -> Vec<Bulk> {
    crate::report::say("office: 10,000 members in one call");
    let conn = &mut world.conn();
    let mut connection = Connection::open(server.address());
    let mut send = |name: &str| {
        let rows = (0..ROWS)
            .map(|n| format!("{{\"external_id\":\"b{n}\",\"name\":\"{name}\",\"email\":\"b{n}@example.net\"}}\n"));
        let request = Request::lines("/api/v1/members/bulk", KEY, &rows.collect::<String>());
        let begun = Instant::now();
        assert_eq!(connection.send(&request).unwrap(), 200, "{:.500}", connection.body());
        begun.elapsed().as_secs_f64()
    };
    let (new, changed) = (send("New"), send("Changed"));
    let bare = |conn: &mut PgConnection, name: &str| {
        let begun = Instant::now();
        for chunk in 0..ROWS / 1_000 {
            sql::run(
                conn,
                &format!(
                    "INSERT INTO member (external_id, name, email, created_at)
                       SELECT 's' || n, '{name}', 's' || n || '@example.net', now()
                       FROM generate_series({} + 1, {}) AS n
                     ON CONFLICT (email) DO UPDATE SET name = excluded.name, external_id = excluded.external_id",
                    chunk * 1_000,
                    (chunk + 1) * 1_000
                ),
            );
        }
        begun.elapsed().as_secs_f64()
    };
    let (bare_new, bare_changed) = (bare(conn, "New"), bare(conn, "Changed"));
    let row =
        |name: &str, seconds, bare| Bulk { name: name.to_owned(), seconds, bare, rows: ROWS.cast_signed() as i64 };
    vec![
        row("office: 10,000 members added", new, bare_new),
        row("office: 10,000 members changed", changed, bare_changed),
    ]
}

use std::time::{Duration, Instant};

use diesel::prelude::*;

use crate::memory::{self, Memory};
use crate::report::Bulk;
use crate::server::{Server, program};
use crate::sql;
use crate::world::World;

/// Issuing to half of all members by the worker, against the bare statement, before and after it.
pub fn measure(world: &World, memory: &mut Memory) -> Vec<Bulk> {
    crate::report::say("issuing");
    let conn = &mut world.conn();
    // long enough for the worker to look; nothing else is due then
    settle(conn, world);
    let first = bare(conn, world);
    let (shared, rows) = issued_by_worker(conn, world, Kind { channel: "app", codes: "one" }, memory);
    let second = bare(conn, world);
    let (personal, _) = issued_by_worker(conn, world, Kind { channel: "app", codes: "personal" }, memory);
    let bare_sms = bare_sms(conn);
    let (sms, sms_rows) = issued_by_worker(conn, world, Kind { channel: "sms", codes: "one" }, memory);
    let bare = first.min(second);
    let name = |codes: &str| format!("issuing to {rows} receivers, {codes}");
    vec![
        Bulk { name: name("one code for all"), seconds: shared, bare, rows },
        Bulk { name: name("a code for each"), seconds: personal, bare, rows },
        Bulk {
            name: format!("issuing and queueing SMS to {sms_rows} members"),
            seconds: sms,
            bare: bare_sms,
            rows: sms_rows,
        },
    ]
}

/// Lets a worker do what the seed left for it.
fn settle(conn: &mut PgConnection, world: &World) {
    let _server = worker(world);
    let begun = Instant::now();
    let due =
        "SELECT count(*) FROM campaign WHERE published_at IS NOT NULL AND issued_at IS NULL AND cancelled_at IS NULL
                 AND paused_at IS NULL AND channel <> 'code' AND starts_at <= now() AND ends_at > now()";
    while sql::number(conn, due) > 0 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn worker(world: &World) -> Server {
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(world.folder.join("secret"));
    Server::greeted(command.env("DATABASE_URL", world.url()))
}

/// What is issued.
#[derive(Clone, Copy)]
struct Kind {
    channel: &'static str,
    codes: &'static str,
}

/// A campaign: an SMS for everyone, or a coupon for the groups that hold half of all members.
fn campaign(conn: &mut PgConnection, world: &World, Kind { channel, codes }: Kind, published: bool) -> i64 {
    let (included, excluded) = &world.issue_groups;
    let everyone = channel == "sms";
    let shared = if codes == "one" { "'BENCHISSUE' || (SELECT max(id) FROM campaign)" } else { "NULL" };
    sql::run(
        conn,
        &format!(
            "INSERT INTO campaign (kind, channel, created_at, name, title, sms_text, offer, code_source, shared_code, everyone,
                 also_later, starts_at, ends_at)
               VALUES ('coupon', '{channel}', now(), 'Bench issue', 'Bench issue', 'Yours: {{link}}', 'free_item', '{codes}', {shared}, {everyone}, true,
                 now() - interval '1 minute', now() + interval '30 days')"
        ),
    );
    let id = sql::number(conn, "SELECT max(id) FROM campaign");
    let groups = if everyone { &[][..] } else { included };
    for (group, is_included) in groups.iter().map(|group| (group, true)).chain((!everyone).then_some((excluded, false)))
    {
        sql::run(conn, &format!("INSERT INTO campaign_group VALUES ({id}, {group}, {is_included})"));
    }
    if published {
        sql::run(conn, &format!("CHECKPOINT; UPDATE campaign SET published_at = now() WHERE id = {id}"));
    }
    id
}

/// The rows by one statement.
fn bare(conn: &mut PgConnection, world: &World) -> f64 {
    let id = campaign(conn, world, Kind { channel: "app", codes: "one" }, false);
    let (included, excluded) = &world.issue_groups;
    let list = included.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    sql::run(conn, "CHECKPOINT");
    let begun = Instant::now();
    sql::run(
        conn,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, code)
               SELECT id, {id}, now(), 'BENCHISSUE' FROM member WHERE blocked_at IS NULL
                 AND EXISTS (SELECT FROM membership WHERE member_id = member.id AND group_id IN ({list}) AND left_at IS NULL)
                 AND NOT EXISTS (SELECT FROM membership WHERE member_id = member.id AND group_id = {excluded} AND left_at IS NULL)"
        ),
    );
    begun.elapsed().as_secs_f64()
}

/// As many rows into tables like those of deliveries and messages, with their indexes and nothing else.
fn bare_sms(conn: &mut PgConnection) -> f64 {
    sql::run(
        conn,
        "CREATE TABLE bare_delivery (LIKE delivery INCLUDING ALL); CREATE TABLE bare_message (LIKE message INCLUDING ALL); CHECKPOINT",
    );
    let begun = Instant::now();
    sql::run(
        conn,
        "WITH issued AS (
           INSERT INTO bare_delivery (member_id, campaign_id, issued_at, code, token, queued_at, skipped_at, reason)
             SELECT id, 1, now(), 'BENCHISSUE', CASE WHEN sms_consent THEN gen_random_uuid() END,
               CASE WHEN sms_consent THEN now() END, CASE WHEN NOT sms_consent THEN now() END, CASE WHEN NOT sms_consent THEN 'no_consent' END
             FROM member)
         INSERT INTO bare_message (member_id, campaign_id, purpose, channel, recipient, subject, body, text_id, created_at, next_attempt_at)
           SELECT id, 1, 'coupon', 'sms', phone, '', '', 1, now(), now() FROM member WHERE sms_consent AND phone IS NOT NULL",
    );
    let seconds = begun.elapsed().as_secs_f64();
    sql::run(conn, "DROP TABLE bare_delivery, bare_message");
    seconds
}

fn issued_by_worker(conn: &mut PgConnection, world: &World, kind: Kind, memory: &mut Memory) -> (f64, i64) {
    let server = worker(world);
    let id = campaign(conn, world, kind, true);
    let is = |conn: &mut PgConnection, mark: &str| {
        sql::number(conn, &format!("SELECT count({mark}) FROM campaign WHERE id = {id}")) == 1
    };
    // the worker looks once a second; its time runs from when it has seen the campaign
    wait(conn, |conn| is(conn, "issuing_since"));
    let begun = Instant::now();
    let ((), most) = memory::watch(server.pid(), || wait(conn, |conn| is(conn, "issued_at")));
    let seconds = begun.elapsed().as_secs_f64();
    memory.issuing = memory.issuing.max(most);
    (seconds, sql::number(conn, &format!("SELECT count(*) FROM delivery WHERE campaign_id = {id}")))
}

/// Until something is so; five minutes at most.
pub fn wait(conn: &mut PgConnection, mut done: impl FnMut(&mut PgConnection) -> bool) {
    let begun = Instant::now();
    while !done(conn) {
        assert!(begun.elapsed() < Duration::from_secs(300), "the worker does not come to an end");
        std::thread::sleep(Duration::from_millis(2));
    }
}

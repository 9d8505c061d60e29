use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use muster::channels::transport::{Outcome, Outgoing, Transport};
use muster::clock::Clock;
use muster::db::Db;
use muster::sending::null::NullTransport;
use muster::sending::{ChannelRow, Lane, send_all};

use crate::mail_sink::{MailSink, raw};
use crate::memory::{self, Memory};
use crate::report::Bulk;
use crate::server::program;
use crate::sql;
use crate::world::World;

/// Messages that are sent to measure.
const MESSAGES: i64 = 20_000;

/// Sending to nowhere from a queue as long as there are members, sending to a mail server.
pub fn measure(world: &World, memory: &mut Memory) -> Vec<Bulk> {
    crate::report::say("sending");
    let conn = &mut world.conn();
    sql::run(conn, "UPDATE member SET sms_consent = phone IS NOT NULL, email_consent = email IS NOT NULL");
    sql::run(conn, "UPDATE campaign SET paused_at = now() WHERE published_at IS NOT NULL");
    sql::run(conn, "UPDATE message SET state = 'outbox' WHERE state = 'queued'");
    // on, but with settings that cannot be read: what is queued stays
    sql::run(conn, r#"UPDATE channel SET is_on = true, settings = '"none"' WHERE key = 'sms'"#);
    let id = campaign(conn, "sms", ", issuing_since = now(), issued_at = now()");
    queue(conn, id, "sms", i64::MAX);
    vec![to_nowhere(conn, world), by_smtp(conn, world, memory)]
}

/// A worker process; ends with the measurement.
struct Worker(Child);

impl Worker {
    fn start(world: &World) -> Self {
        let mut command = program();
        command.args(["worker", "--data"]).arg(world.folder.join("secret"));
        Self(command.env("DATABASE_URL", world.url()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn campaign(conn: &mut PgConnection, channel: &str, marks: &str) -> i64 {
    sql::run(
        conn,
        &format!(
            "INSERT INTO campaign (kind, channel, created_at, name, title, sms_sender, sms_text, email_subject, email_body, offer,
               code_source, shared_code, everyone, starts_at, ends_at)
             VALUES ('coupon', '{channel}', now(), 'Bench', 'Bench', CASE '{channel}' WHEN 'sms' THEN 'Bench' ELSE '' END,
               CASE '{channel}' WHEN 'sms' THEN 'Your coupon: {{link}}' ELSE '' END, CASE '{channel}' WHEN 'email' THEN 'Your coupon' ELSE '' END,
               CASE '{channel}' WHEN 'email' THEN 'Here it is: {{link}}' ELSE '' END, 'free_item', 'one',
               'BENCHSEND' || (SELECT max(id) FROM campaign), true, now() - interval '1 minute', now() + interval '30 days')"
        ),
    );
    let id = sql::number(conn, "SELECT max(id) FROM campaign");
    sql::run(
        conn,
        &format!("INSERT INTO campaign_sending (campaign_id, due_at, released_at) VALUES ({id}, now(), now())"),
    );
    sql::run(conn, &format!("UPDATE campaign SET published_at = now(){marks} WHERE id = {id}"));
    id
}

/// Deliveries and queued messages by one statement.
fn queue(conn: &mut PgConnection, id: i64, channel: &str, most: i64) -> i64 {
    let (address, words) = if channel == "sms" { ("phone", "sms_text") } else { ("email", "email_body") };
    sql::run(
        conn,
        &format!(
            "WITH words AS (INSERT INTO message_text (campaign_id, subject, body) SELECT id, email_subject, {words} FROM campaign WHERE id = {id} RETURNING id),
               issued AS (INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at, code, token)
                 SELECT id, {id}, now(), now(), 'BENCHSEND', gen_random_uuid() FROM member
                 WHERE {channel}_consent AND blocked_at IS NULL ORDER BY id LIMIT {most} RETURNING member_id)
             INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, text_id, body, created_at)
               SELECT member_id, {id}, 'coupon', '{channel}', {address}, words.id, '', now()
               FROM issued JOIN member ON member.id = member_id CROSS JOIN words"
        ),
    );
    sql::number(conn, &format!("SELECT count(*) FROM message WHERE campaign_id = {id}"))
}

/// The null transport, counted.
struct Counted<'a>(NullTransport, &'a AtomicI64);

impl Transport for Counted<'_> {
    fn send(&mut self, message: &Outgoing, hand_over: &mut dyn FnMut() -> bool) -> Outcome {
        let outcome = self.0.send(message, hand_over);
        self.1.fetch_add(i64::from(matches!(outcome, Outcome::Sent(_))), Ordering::Relaxed);
        outcome
    }
}

/// Against so many single statements that each change one row and are safe on the disk.
fn to_nowhere(conn: &mut PgConnection, world: &World) -> Bulk {
    let rows =
        sql::number(conn, "SELECT count(*) FROM message WHERE state = 'queued' AND channel = 'sms'").min(MESSAGES);
    sql::run(conn, "VACUUM ANALYZE message");
    let ids = sql::texts(conn, "SELECT id FROM message WHERE state = 'outbox' ORDER BY id LIMIT 2000");
    let begun = Instant::now();
    for id in &ids {
        sql::run(conn, &format!("UPDATE message SET moved_at = now() WHERE id = {id}"));
    }
    let bare = begun.elapsed().as_secs_f64() / ids.len() as f64 * rows as f64;
    let db = Db::open(&world.url(), 2).unwrap();
    let channel = ChannelRow::all_on(conn).unwrap().remove(0);
    let lane = Mutex::new(Lane::of(db, &channel, Clock::system()));
    let sent = AtomicI64::new(0);
    let begun = Instant::now();
    send_all(&lane, &mut Counted(NullTransport, &sent), &|| sent.load(Ordering::Relaxed) >= rows);
    lane.into_inner().unwrap().finish(Duration::from_secs(5));
    let seconds = begun.elapsed().as_secs_f64();
    sql::run(conn, "UPDATE channel SET is_on = false");
    sql::run(conn, "UPDATE campaign SET paused_at = now() WHERE published_at IS NOT NULL");
    Bulk { name: format!("{rows} messages to the null transport, {:.0}/s", rows as f64 / seconds), seconds, bare, rows }
}

fn by_smtp(conn: &mut PgConnection, world: &World, memory: &mut Memory) -> Bulk {
    let sink = MailSink::start();
    let id = campaign(conn, "email", ", issuing_since = now(), issued_at = now()");
    let rows = queue(conn, id, "email", MESSAGES);
    sql::run(conn, "VACUUM ANALYZE message");
    let port = sink.address.port();
    sql::run(
        conn,
        &format!(
            r#"UPDATE channel SET is_on = true, settings = '{{"host": "127.0.0.1", "port": {port}, "security": "none", "user": "", "sender_name": "",
               "sender_address": "shop@example.com", "reply_to": null, "ca_certificate": null, "timeout": 30}}' WHERE key = 'email'"#
        ),
    );
    let worker = Worker::start(world);
    let until = |count: u64| {
        while sink.count() < count {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    until(1);
    let begun = Instant::now();
    let ((), most) = memory::watch(worker.0.id(), || until(rows.unsigned_abs()));
    let seconds = begun.elapsed().as_secs_f64();
    memory.worker = memory.worker.max(most);
    drop(worker);
    let text = sink.last.lock().unwrap().clone();
    let bare = raw(sink.address, &text, rows.unsigned_abs());
    let name = format!("{rows} e-mails to a local mail server, {:.0}/s", rows as f64 / seconds);
    Bulk { name, seconds, bare, rows }
}

//! The key that seals stored secrets is changed: nothing is left behind, nothing is lost.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use muster::accounts::Role;
use muster::channels::MessageChannel;
use muster::channels::stored::{Pace, StoredChannel};
use muster::sealed::columns::COLUMNS;
use muster::sealed::reseal::{self, Resealed};
use muster::sealed::{Keys, SealedColumn};

use crate::support::{TestApp, make};

fn keys(texts: &[&str]) -> Keys {
    Keys::parse(&texts.join(",")).unwrap()
}

fn store(app: &TestApp, keys: &Keys, channel: MessageChannel, secret: &str) {
    let pace = Pace { is_on: false, rate: None, connections: 1 };
    let stored = (&serde_json::json!({}), &serde_json::json!({ "password": secret }));
    StoredChannel::store(&mut app.conn(), keys, channel, &pace, stored, app.now()).unwrap();
}

/// `count` dashboard users with an app whose seed is their number.
fn seeds(app: &TestApp, keys: &Keys, count: usize) {
    for n in 0..count {
        let email = format!("user{n}@example.com");
        app.make_account(&email, "User", Role::Support);
        let sealed = keys.seal("totp", n.to_string().as_bytes()).unwrap();
        diesel::sql_query("UPDATE account SET totp_seed = $1, totp_since = now() WHERE email = $2")
            .bind::<Binary, _>(sealed)
            .bind::<Text, _>(email)
            .execute(&mut app.conn())
            .unwrap();
    }
}

fn column(table: &str) -> SealedColumn {
    COLUMNS.into_iter().find(|column| column.table == table).unwrap()
}

/// How many each of the configured keys has sealed in a column; the last: unknown ones.
fn counted(app: &TestApp, keys: &Keys, table: &str) -> [i64; 3] {
    let mut counts = [0; 3];
    for sealed in reseal::count(&mut app.conn(), keys).unwrap() {
        if sealed.column.table == table {
            counts[sealed.place.unwrap_or(2)] += sealed.count;
        }
    }
    counts
}

#[test]
fn every_secret_is_sealed_with_the_first_key_and_what_broke_off_goes_on() {
    let app = TestApp::start();
    let (old, new) = (Keys::random_text(), Keys::random_text());
    let (before, both, after) = (keys(&[&old]), keys(&[&new, &old]), keys(&[&new]));
    store(&app, &before, MessageChannel::Email, "open sesame");
    store(&app, &before, MessageChannel::Sms, "swordfish");
    seeds(&app, &before, 230);
    assert_eq!(counted(&app, &both, "account"), [0, 230, 0]);

    // as Muster's own role in the database
    let conn = &mut app.app_conn();
    reseal::chunk(conn, &both, column("account"), "").unwrap().unwrap();
    assert_eq!(counted(&app, &both, "account"), [200, 30, 0]);
    assert_eq!(reseal::all(conn, &both).unwrap(), Resealed { done: 32, unreadable: 0, changed: 0 });
    assert_eq!((counted(&app, &both, "account"), counted(&app, &both, "channel")), ([230, 0, 0], [2, 0, 0]));
    assert_eq!(reseal::all(conn, &both).unwrap(), Resealed::default());

    use muster::schema::account;
    let rows: Vec<(String, Option<Vec<u8>>)> =
        account::table.select((account::email, account::totp_seed)).load(conn).unwrap();
    for (email, sealed) in rows {
        let seed = String::from_utf8(after.open("totp", &sealed.unwrap()).unwrap()).unwrap();
        assert_eq!(email, format!("user{seed}@example.com"));
    }
    let secret: serde_json::Value = StoredChannel::load(conn, MessageChannel::Email).unwrap().secret(&after).unwrap();
    assert_eq!(secret["password"], "open sesame");
}

#[test]
fn what_no_key_opens_stays_and_is_told() {
    let app = TestApp::start();
    let (old, new, lost) = (Keys::random_text(), Keys::random_text(), Keys::random_text());
    store(&app, &keys(&[&lost]), MessageChannel::Email, "gone");
    store(&app, &keys(&[&old]), MessageChannel::Sms, "here");
    let both = keys(&[&new, &old]);
    assert_eq!(counted(&app, &both, "channel"), [0, 1, 1]);
    let sum = reseal::all(&mut app.conn(), &both).unwrap();
    assert_eq!(sum, Resealed { done: 1, unreadable: 1, changed: 0 });
    assert_eq!(counted(&app, &both, "channel"), [1, 0, 1]);
    let found = StoredChannel::load(&mut app.conn(), MessageChannel::Email).unwrap();
    assert!(found.secret::<serde_json::Value>(&keys(&[&lost])).is_ok());
}

#[test]
fn a_running_server_is_not_disturbed() {
    let app = TestApp::start();
    let (old, new) = (Keys::random_text(), Keys::random_text());
    let both = keys(&[&new, &old]);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // servers that know both, one of which still seals with the old key
        let servers = [keys(&[&old, &new]), both.clone()].map(|keys| {
            let (app, stop) = (&app, &stop);
            scope.spawn(move || {
                let mut count = 0;
                while !stop.load(Ordering::SeqCst) {
                    count += 1;
                    store(app, &keys, MessageChannel::Email, &format!("secret {count}"));
                    let found = StoredChannel::load(&mut app.conn(), MessageChannel::Email).unwrap();
                    let secret: serde_json::Value = found.secret(&keys).unwrap();
                    assert!(secret["password"].as_str().unwrap().starts_with("secret "));
                }
                count
            })
        });
        let mut sum = Resealed::default();
        for _ in 0..150 {
            let part = reseal::all(&mut app.conn(), &both).unwrap();
            sum.done += part.done;
            assert_eq!(part.unreadable, 0);
        }
        stop.store(true, Ordering::SeqCst);
        assert!(servers.map(|server| server.join().unwrap()).iter().all(|count| *count > 0));
        assert!(sum.done > 0, "nothing was sealed anew meanwhile");
    });
    reseal::all(&mut app.conn(), &both).unwrap();
    assert_eq!(counted(&app, &both, "channel"), [1, 0, 0]);
}

/// Bytes that are no sealed secrets: hashes, public keys, nonces of the chain, pictures.
const PLAIN: &[&str] = &[
    "api_key.key_hash",
    "api_key.old_key_hash",
    "app_token.access_hash",
    "app_token.family_hash",
    "app_token.refresh_hash",
    "app_token.spent_hash",
    "audit_entry.hash",
    "audit_head.hash",
    "code_import_piece.bytes",
    "idempotency.request_hash",
    "invitation.token_hash",
    "known_browser.browser_hash",
    "message.link_hash",
    "openid_attempt.key_hash",
    "passkey.credential_id",
    "passkey.public_key",
    "passkey_challenge.hash",
    "password_reset.token_hash",
    "pending_sign_in.key_hash",
    "picture.bytes",
    "push_subscription.auth",
    "push_subscription.p256dh",
    "recovery_code.code_hash",
    "session.key_hash",
    "sign_in_code.code_hash",
];

#[test]
fn every_column_of_bytes_is_on_a_list() {
    let app = TestApp::start();
    let all = make::text(
        &app,
        "SELECT string_agg(table_name || '.' || column_name, ' ' ORDER BY table_name, column_name)
         FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'",
    );
    let sealed: Vec<String> = COLUMNS.iter().map(|column| format!("{}.{}", column.table, column.column)).collect();
    let on_one = |column: &&str| sealed.iter().any(|known| known == column) != PLAIN.contains(column);
    let missing: Vec<&str> = all.split(' ').filter(|column| !on_one(column)).collect();
    assert!(
        missing.is_empty(),
        "{missing:?}: a sealed column belongs to sealed::columns::COLUMNS (or the key could not be changed), any other to PLAIN here"
    );
    assert!(sealed.iter().all(|column| all.split(' ').any(|known| known == column)));
}

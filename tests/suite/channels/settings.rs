//! The pages of Settings → Channels.

use super::gateway::{Does, Gateway};
use super::{told, twilio};
use crate::support::{TestApp, make};

#[test]
fn each_channel_says_how_it_stands() {
    let app = TestApp::start();
    let admin = app.admin();
    let page = admin.get("/settings/channels");
    assert_eq!(page.texts_at("tbody th"), ["E-mail", "Web push", "SMS", "Outbox"]);
    assert_eq!(page.texts_at("td[data-label=State]")[..3], ["Not set up"; 3]);
    make::count(&app, "SELECT 1");
    let run = |sql: &str| diesel::RunQueryDsl::execute(diesel::sql_query(sql.to_owned()), &mut app.conn()).unwrap();
    run("UPDATE channel SET is_on = true, changed_at = now()");
    run("UPDATE channel SET accepted_at = '2026-11-24 09:58Z' WHERE key = 'sms'");
    run("UPDATE channel SET refused_since = '2026-11-24 09:04Z', refusal = 'Relay access denied' WHERE key = 'email'");
    let ann = make::member(&app, "Ann");
    let coffee = make::campaign(&app, "Coffee", "sms").make();
    told(&app, ann, coffee, "sms", "queued", "");
    let page = admin.get("/settings/channels");
    let last = page.texts_at("td[data-label='What happened last']");
    assert!(last[0].starts_with("Refused since ") && last[0].ends_with(": Relay access denied"), "{last:?}");
    assert_eq!(last[2], "Last message accepted 2 minutes ago");
    assert_eq!(page.texts_at("td[data-label=Waiting]")[..3], ["0", "0", "1"]);
    assert!(page.click("SMS").shows("Waiting: 1"));
}

#[test]
fn secrets_are_stored_sealed_and_never_shown() {
    let app = TestApp::start();
    let admin = app.admin();
    let page = twilio(&admin, "https://api.example.com");
    assert_eq!(page.status, 303, "{}", page.text());
    let page = page.follow(&admin);
    assert!(page.shows("SMS is on") && page.shows("A password is stored; leave empty to keep it."));
    assert!(!page.html.contains("tok&") && !page.html.contains("tok&amp;en"));
    for table in ["channel", "audit_entry", "session"] {
        let sql = format!("SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%tok&en%'");
        assert_eq!(make::count(&app, &sql), 0, "{table}");
    }
    assert_eq!(
        make::text(&app, "SELECT after->>'password' FROM audit_entry WHERE action = 'channel changed'"),
        "a new one stored"
    );
    // kept when left empty, gone when removed: then the gateway's preset asks for one
    assert_eq!(page.form("Save changes").fill("Sender", "Other").send().status, 303);
    let page = admin.get("/settings/channels/sms").form("Save changes").tick("Remove the stored password").send();
    assert!(page.error_on("Password or token").ends_with("Enter the password or token that the gateway asks for"));
    assert_eq!(
        make::text(
            &app,
            "SELECT before->'settings'->>'sender' FROM audit_entry WHERE action = 'channel changed' ORDER BY id DESC LIMIT 1"
        ),
        "Muster"
    );
}

#[test]
fn what_makes_no_sense_is_said_at_its_field() {
    let app = TestApp::start();
    let admin = app.admin();
    let form = admin.get("/settings/channels/email").form("Save changes");
    let page =
        form.fill("Host", "http://x").fill("Port", "x").fill("Sender address", "me").fill("Connections", "0").send();
    assert_eq!(page.status, 422);
    for (label, error) in [
        ("Host", "Enter the server’s name, like smtp.example.com"),
        ("Port", "Enter a port from 1 to 65535"),
        ("Sender address", "Enter an e-mail address like name@example.com"),
        ("Connections", "Enter a whole number from 1 to 32"),
    ] {
        assert!(page.error_on(label).ends_with(error), "{}", page.error_on(label));
    }
    assert_eq!(page.value("Host"), "http://x");
    assert_eq!(make::count(&app, "SELECT count(changed_at) FROM channel"), 0);
}

#[test]
fn email_and_push_are_set_up_and_switched_off() {
    let app = TestApp::start();
    let admin = app.admin();
    let form = admin.get("/settings/channels/email").form("Save changes").fill("Host", "smtp.example.com");
    let form = form.fill("User", "u").fill("Password", "s3cret").fill("Sender address", "club@example.com");
    assert!(form.tick("Send e-mail through this server").send().follow(&admin).shows("E-mail is on"));
    let ann = make::member(&app, "Ann");
    let mail = make::campaign(&app, "Mail", "email").make();
    told(&app, ann, mail, "email", "queued", "");
    let form = admin.get("/settings/channels/email").form("Save changes").untick("Send e-mail through this server");
    assert!(form.send().follow(&admin).shows("E-mail is off: the message that waits goes to the Outbox."));
    let form = admin.get("/settings/channels/push").form("Save changes").fill("Contact", "club@example.com");
    assert!(form.send().follow(&admin).shows("Web push is off. Send a test, then switch it on."));
    assert_eq!(make::text(&app, "SELECT settings->>'contact' FROM channel WHERE key = 'push'"), "club@example.com");
}

#[test]
fn a_test_is_sent_at_once_and_answered_in_words() {
    let app = TestApp::start();
    let admin = app.admin();
    let gateway = Gateway::start(vec![
        Does::Answer(201, "", r#"{"sid":"SM1"}"#),
        Does::Answer(401, "", r#"{"code":20003,"message":"Authenticate"}"#),
    ]);
    twilio(&admin, &gateway.url);
    let test = || admin.get("/settings/channels/sms").form("Send test");
    let page = test().fill("Phone", "0151 1234 5678").send().follow(&admin);
    assert!(page.shows("Sent to +4915112345678: the provider took the message."), "{}", page.text());
    assert!(gateway.asked.recv().unwrap().field("Body").starts_with("This is a test from"));
    assert!(admin.get("/settings/channels").shows("Last message accepted just now"));
    let page = test().fill("Phone", "0151 1234 5678").send().follow(&admin);
    assert!(page.shows("HTTP 401: Authenticate (20003)") && page.shows("Refused since"), "{}", page.text());
    let page = test().fill("Phone", "12").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.value("Phone"), "12");
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'test message sent'"), 2);
    let rows = admin.get("/settings/channels/outbox?purpose=test");
    assert!(rows.texts_at("td[data-label=State]")[0].starts_with("Failed HTTP 401"), "{}", rows.text());
    for _ in 0..8 {
        assert_eq!(test().fill("Phone", "0151 1234 5678").send().status, 303);
    }
    assert_eq!(test().fill("Phone", "0151 1234 5678").send().status, 429);
}

#[test]
fn only_admins_see_channels() {
    let app = TestApp::start();
    for path in ["", "/email", "/sms", "/push", "/sms/test"] {
        let path = format!("/settings/channels{path}");
        assert_eq!((app.marketer().get(&path).status, app.support().get(&path).status), (403, 403), "{path}");
        assert_eq!(app.admin().get(&path).status, 200, "{path}");
    }
}

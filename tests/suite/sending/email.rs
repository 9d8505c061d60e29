//! E-mail against a real server.

use diesel::prelude::*;
use muster::channels::email::settings::SECRET_PURPOSE;

use super::rules::{issue, one_queued, run, states};
use crate::support::smtp::{SmtpServer, certificates};
use crate::support::{TestApp, make};

/// E-mail is on, through this server.
pub fn turn_on(app: &TestApp, smtp: &SmtpServer, change: serde_json::Value) {
    use muster::schema::channel;
    let mut settings = serde_json::json!({
        "host": "localhost", "port": smtp.port, "security": "none", "user": "", "sender_name": "Shop",
        "sender_address": "shop@example.com", "reply_to": "help@example.com", "ca_certificate": null, "timeout": 5 });
    let mut password = "open sesame".to_owned();
    for (key, value) in change.as_object().unwrap() {
        if key == "password" {
            password = value.as_str().unwrap().to_owned();
        } else {
            settings[key] = value.clone();
        }
    }
    let secret = serde_json::json!({ "password": password }).to_string();
    let secret = app.muster.keys.seal(SECRET_PURPOSE, secret.as_bytes()).unwrap();
    diesel::update(channel::table.find("email"))
        .set((channel::is_on.eq(true), channel::settings.eq(settings), channel::secret.eq(secret)))
        .execute(&mut app.conn())
        .unwrap();
}

fn secure(mode: &str) -> serde_json::Value {
    let authority = std::fs::read_to_string(certificates().join("ca.pem")).unwrap();
    serde_json::json!({ "security": mode, "user": "shop", "ca_certificate": authority })
}

#[test]
fn a_coupon_arrives_under_tls_with_its_link_and_a_way_to_end_it() {
    for mode in ["starttls", "tls"] {
        let smtp = SmtpServer::start_secure(mode);
        let (app, ..) = one_queued("email");
        turn_on(&app, &smtp, secure(mode));
        app.work();
        assert_eq!(states(&app), "sent 1", "{}", make::text(&app, "SELECT coalesce(error, '') FROM message"));
        let mails = smtp.mails();
        let mail = &mails[0];
        assert_eq!((mails.len(), mail.to.as_str(), mail.tls), (1, "member1@example.com", true));
        assert_eq!(mail.user.as_deref(), Some("shop"));
        let token = make::text(&app, "SELECT token FROM delivery");
        for part in [
            format!("List-Unsubscribe: <{}/c/{token}/unsubscribe>", make::text(&app, "SELECT public_url FROM setting")),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click".into(),
            "Subject: Your coupon".into(),
            "From: Shop <shop@example.com>".into(),
            "Reply-To: help@example.com".into(),
        ] {
            assert!(mail.text.replace("\r\n ", " ").contains(&part), "{part} in {}", mail.text);
        }
        assert!(mail.text.contains(&token) && mail.text.contains("Open the coupon"));
        assert_eq!(
            make::count(
                &app,
                "SELECT count(*) FROM channel WHERE accepted_at = '2026-11-24 10:00Z' AND refusal IS NULL"
            ),
            1
        );
        // nothing in it tells how many messages there are
        let id = make::text(
            &app,
            "SELECT '<' || left(encode(sha256(convert_to(message_salt || ' ' || message.id, 'UTF8')), 'hex'), 32) || '@example.com>' FROM setting, message",
        );
        assert_eq!(mail.id, id);
    }
}

#[test]
fn dates_are_written_in_the_members_language() {
    let smtp = SmtpServer::start(&["--pipelining", "--whole"]);
    let (app, ..) = one_queued("email");
    run(&app, "UPDATE member SET date_language = 'nl'");
    turn_on(&app, &smtp, serde_json::json!({}));
    app.work();
    let mails = smtp.mails();
    assert!(
        mails[0].text.contains("html lang=3D\"nl\"") || mails[0].text.contains("html lang=\"nl\""),
        "{}",
        mails[0].text
    );
}

#[test]
fn a_test_looks_like_what_receivers_get() {
    let smtp = SmtpServer::start(&["--pipelining", "--whole"]);
    let app = TestApp::start();
    turn_on(&app, &smtp, serde_json::json!({}));
    let id = make::campaign(&app, "Latte", "email").draft().make();
    let max = app.marketer();
    let review = max.get(&format!("/campaigns/{id}/review"));
    assert_eq!(review.form("Send a test").fill("E-mail address", "max@example.com").send().status, 303);
    app.work();
    let mail = smtp.mails().remove(0);
    let token = make::text(&app, "SELECT token FROM test_send");
    assert!(mail.text.contains("Open the coupon") && mail.text.contains("Valid until"), "{}", mail.text);
    // in the text, as a link in the page, and on its button
    assert_eq!(mail.text.replace("=\r\n", "").matches(&format!("/c/test/{token}")).count(), 4, "{}", mail.text);
}

#[test]
fn what_is_wrong_with_the_channel_costs_no_message_anything() {
    let smtp = SmtpServer::start_secure("starttls");
    let (app, ..) = one_queued("email");
    let mut untrusted = secure("starttls");
    untrusted["ca_certificate"] = serde_json::Value::Null;
    let mut wrong_password = secure("starttls");
    wrong_password["password"] = "wrong".into();
    let mut no_server = secure("starttls");
    no_server["port"] = 1.into();
    for (change, words) in [(untrusted, "certificate"), (wrong_password, "535"), (no_server, "refused")] {
        turn_on(&app, &smtp, change);
        app.work();
        assert_eq!(make::text(&app, "SELECT state || ' ' || attempts FROM message"), "queued 0");
        let refusal = make::text(&app, "SELECT refusal FROM channel WHERE refused_since = '2026-11-24 10:00Z'");
        assert!(refusal.contains(words), "{refusal}");
    }
    turn_on(&app, &smtp, secure("starttls"));
    app.work();
    assert_eq!((states(&app).as_str(), smtp.mails().len()), ("sent 1", 1));
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM channel WHERE refusal IS NOT NULL OR refused_since IS NOT NULL"),
        0
    );
}

#[test]
fn one_bad_address_never_stops_a_run_and_each_failure_is_what_it_is() {
    let smtp = SmtpServer::start(&["--pipelining"]);
    let plain = SmtpServer::start(&[]);
    for server in [&smtp, &plain] {
        let app = TestApp::start();
        turn_on(&app, server, serde_json::json!({}));
        let expected = [
            ("refuse-550", "failed 1 550 5.1.1 No such user here"),
            ("later-451", "queued 1 451 4.7.1 Greylisted, come again"),
            ("hangup-rcpt", "queued 1"),
            ("hangup-data", "queued 1"),
            ("hangup-dot", "uncertain 1"),
        ];
        for (name, _) in expected {
            make::member(&app, "Good");
            make::member(&app, name);
            run(&app, &format!("UPDATE member SET email = '{name}@example.com' WHERE name = '{name}'"));
        }
        make::member(&app, "Last");
        make::campaign(&app, "Latte", "email").make();
        issue(&app);
        app.work();
        let state = |name: &str| {
            make::text(
                &app,
                &format!(
                    "SELECT state || ' ' || attempts || ' ' || coalesce(error, '') FROM message JOIN member ON member.id = member_id WHERE name = '{name}'"
                ),
            )
        };
        for (name, told) in expected {
            assert!(state(name).starts_with(told), "{name}: {}", state(name));
        }
        assert_eq!(states(&app), "failed 1, queued 3, sent 6, uncertain 1");
        assert_eq!(server.mails().len(), 7);
        // again after a while, and not at once
        let early = make::count(
            &app,
            "SELECT count(*) FROM message WHERE state = 'queued' AND next_attempt_at < '2026-11-24 10:00:20Z'",
        );
        assert_eq!(early, 0);
        assert_eq!(
            make::text(&app, "SELECT reason FROM delivery WHERE state = 'failed'"),
            "550 5.1.1 No such user here"
        );
        app.clock.advance(chrono::Duration::minutes(2));
        app.work();
        assert!(state("later-451").starts_with("queued 2"), "{}", state("later-451"));
        assert_eq!(server.mails().len(), 7, "what is uncertain is not repeated");
    }
}

#[test]
fn a_server_that_takes_only_so_many_a_connection_gets_them_all() {
    let smtp = SmtpServer::start(&["--per-connection", "3"]);
    let app = TestApp::start();
    turn_on(&app, &smtp, serde_json::json!({}));
    make::members(&app, 10);
    make::campaign(&app, "Latte", "email").make();
    issue(&app);
    app.work();
    assert_eq!((states(&app).as_str(), smtp.mails().len()), ("sent 10", 10));
}

#[test]
fn sign_in_codes_go_before_campaigns() {
    let smtp = SmtpServer::start(&["--whole"]);
    let app = TestApp::start();
    turn_on(&app, &smtp, serde_json::json!({}));
    make::members(&app, 20);
    make::campaign(&app, "Latte", "email").make();
    issue(&app);
    app.visitor().get("/app/sign-in").form("Send code").fill("Phone or e-mail", "many7@example.com").send();
    app.work();
    let mails = smtp.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (21, "many7@example.com"));
    assert!(mails[0].text.contains("Auto-Submitted: auto-generated") && !mails[0].text.contains("List-Unsubscribe"));
}

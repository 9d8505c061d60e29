//! A message with a link that lets someone in says what it says for no longer than the link works, and once it is sent,
//! not at all.

use chrono::Duration;

use super::{PASSWORD, last_message, link_to};
use crate::sending::email::turn_on;
use crate::support::smtp::SmtpServer;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

const EVA: &str = "eva@example.com";
const MAX: &str = "marketer@example.com";
const GONE: &str = "(What it said lets someone in, and is no longer kept.)";

fn invite(admin: &Visitor) {
    let form = admin.get("/settings/dashboard-users/new").form("Send invitation");
    assert_eq!(form.fill("Name", "Eva Eager").fill("E-mail", EVA).tick("Marketer").send().status, 303);
}

fn ask(app: &TestApp) {
    app.visitor().get("/password-reset").form("Send link").fill("E-mail", MAX).send();
}

fn is_gone(app: &TestApp, to: &str) -> bool {
    last_message(app, to).ends_with(GONE)
}

fn state(app: &TestApp, to: &str) -> String {
    make::text(app, &format!("SELECT state FROM message WHERE recipient = '{to}' ORDER BY id DESC LIMIT 1"))
}

#[test]
fn what_a_mail_server_has_taken_is_kept_no_longer() {
    let smtp = SmtpServer::start(&["--whole"]);
    let app = TestApp::start();
    let admin = app.admin();
    app.make_account(MAX, "Max", muster::accounts::Role::Marketer);
    turn_on(&app, &smtp, serde_json::json!({}));
    invite(&admin);
    ask(&app);
    let (invitation, reset) = (link_to(&app, EVA), link_to(&app, MAX));
    app.work();
    let mails = smtp.mails();
    let told = |link: &str| mails.iter().any(|mail| mail.text.replace("=\r\n", "").replace("=\n", "").contains(link));
    assert!(told(&invitation) && told(&reset), "{mails:?}");
    assert_eq!((state(&app, EVA), state(&app, MAX)), ("sent".into(), "sent".into()));
    assert!(is_gone(&app, EVA) && is_gone(&app, MAX));
    assert_eq!(make::count(&app, "SELECT count(*) FROM message WHERE link_hash IS NOT NULL"), 0);
    // and the links still work
    assert!(app.visitor().get(&invitation).shows("Welcome") && app.visitor().get(&reset).shows("New password"));
}

#[test]
fn the_outbox_shows_a_link_to_admins_while_it_works() {
    let app = TestApp::start();
    let admin = app.admin();
    app.make_account(MAX, "Max", muster::accounts::Role::Marketer);
    invite(&admin);
    ask(&app);
    let (invitation, reset) = (link_to(&app, EVA), link_to(&app, MAX));
    app.work();
    assert_eq!((state(&app, EVA), state(&app, MAX)), ("outbox".into(), "outbox".into()));
    let page = admin.get("/settings/channels/outbox");
    assert!(page.shows(&invitation) && page.shows(&reset));
    for visitor in [app.marketer(), app.support()] {
        assert_eq!(visitor.get("/settings/channels/outbox").status, 403);
    }
    // used
    app.visitor().get(&reset).form("Set password").fill("New password", PASSWORD).send();
    let with_link =
        format!("SELECT count(*) FROM message WHERE recipient = '{MAX}' AND body LIKE '%/password-reset/%'");
    assert_eq!(make::count(&app, &with_link), 0);
    app.visitor().get(&invitation).form("Start").fill("Password", PASSWORD).send();
    assert!(is_gone(&app, EVA));
    assert!(!admin.get("/settings/channels/outbox").shows("/invitation/"));
}

#[test]
fn a_link_that_is_replaced_withdrawn_or_too_old_is_forgotten() {
    let app = TestApp::start();
    let admin = app.admin();
    invite(&admin);
    app.work();
    let first = make::count(&app, "SELECT min(id) FROM message");
    let page = admin.get("/settings/dashboard-users");
    page.form("Send again").send();
    assert_eq!(make::text(&app, &format!("SELECT body FROM message WHERE id = {first}")), GONE);
    assert!(!is_gone(&app, EVA), "the new one works");
    // one that waits is not sent any more
    admin.get("/settings/dashboard-users").click("Withdraw").form("Withdraw").send();
    assert_eq!((is_gone(&app, EVA), state(&app, EVA)), (true, "withdrawn".into()));

    invite(&admin);
    app.make_account(MAX, "Max", muster::accounts::Role::Marketer);
    ask(&app);
    app.work();
    app.clock.advance(Duration::minutes(61));
    app.work();
    assert_eq!((is_gone(&app, EVA), is_gone(&app, MAX)), (false, true), "an hour, and 72");
    app.clock.advance(Duration::hours(72));
    app.work();
    assert!(is_gone(&app, EVA));
    assert!(app.admin().get("/settings/dashboard-users").shows("Expired"), "the invitation itself stays");
}

#[test]
fn a_code_that_was_sent_is_kept_no_longer() {
    let smtp = SmtpServer::start(&["--whole"]);
    let app = TestApp::start();
    make::member(&app, "Ann Able");
    turn_on(&app, &smtp, serde_json::json!({}));
    app.visitor().get("/app/sign-in").form("Send code").fill("Phone or e-mail", "member1@example.com").send();
    app.work();
    assert_eq!(smtp.mails().len(), 1);
    assert!(is_gone(&app, "member1@example.com"));
}

//! What providers report: twice, in any order, on messages there are not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};

use super::{hook, told, twilio};
use crate::support::{TestApp, make};

fn states(app: &TestApp) -> String {
    make::text(
        app,
        "SELECT delivery.state || ' ' || message.state || coalesce(' ' || reason, '') FROM delivery JOIN message USING (member_id, campaign_id)",
    )
}

/// A gateway without signatures.
fn generic(app: &TestApp) -> (crate::support::visitor::Visitor, String) {
    let admin = app.admin();
    let form = admin.get("/settings/channels/sms").form("Save changes").tick("Generic");
    let form = form.fill("Address", "https://sms.example.com/send").fill("Sender", "Muster");
    let form = form.fill("Body", r#"{"to":"{to}","text":"{text}"}"#);
    let page = form.send();
    assert_eq!(page.status, 303, "{}", page.text());
    let path = hook(&admin, "sms");
    (admin, path)
}

#[test]
fn a_phone_that_got_it_has_it() {
    let app = TestApp::start();
    let (_, path) = generic(&app);
    let ann = make::member(&app, "Ann");
    let coffee = make::campaign(&app, "Coffee", "sms").make();
    told(&app, ann, coffee, "sms", "sent", "p1");
    let gateway = app.visitor();
    let report =
        |status: &str| gateway.post(&path, &[("id", "p1"), ("status", status), ("reason", "out of reach")]).status;
    assert_eq!(states(&app), "sent sent");
    assert_eq!([report("queued"), report("failed"), report("failed")], [200; 3]);
    assert_eq!(states(&app), "bounced bounced out of reach");
    let json = br#"{"id": "p1", "status": "delivered"}"#;
    assert_eq!(gateway.post_raw(&path, "application/json", json.to_vec()).status, 200);
    assert_eq!([report("failed"), report("sent"), report("nonsense")], [200; 3]);
    assert_eq!(states(&app), "accepted accepted");
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count"), 1);
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state = 'accepted'"), 1);
}

#[test]
fn what_is_unknown_is_taken_and_who_is_unknown_is_not() {
    let app = TestApp::start();
    let (_, path) = generic(&app);
    let gateway = app.visitor();
    assert_eq!(gateway.post(&path, &[("id", "nothing"), ("status", "delivered")]).status, 200);
    assert_eq!(gateway.get(&format!("{path}?id=nothing&status=failed")).status, 200);
    assert_eq!(gateway.get(&format!("{path}?id=nothing&status=unheard-of")).status, 200);
    assert_eq!(gateway.get(&path).status, 400);
    assert_eq!(gateway.post_raw(&path, "application/json", b"[1".to_vec()).status, 400);
    let wrong: Vec<u16> = (0..21).map(|_| gateway.get("/hooks/sms/wrong").status).collect();
    assert_eq!((wrong[0], wrong[19], wrong[20]), (404, 404, 429));
    assert_eq!(gateway.get(&path).status, 400, "the right one is still heard");
}

#[test]
fn a_report_settles_what_was_uncertain_or_still_under_way() {
    let app = TestApp::start();
    let (_, path) = generic(&app);
    let coffee = make::campaign(&app, "Coffee", "sms").make();
    let ann = make::member(&app, "Ann");
    told(&app, ann, coffee, "sms", "uncertain", "");
    diesel::RunQueryDsl::execute(diesel::sql_query("UPDATE delivery SET uncertain_at = queued_at"), &mut app.conn())
        .unwrap();
    assert_eq!(states(&app), "uncertain uncertain");
    let key = make::text(
        &app,
        "SELECT left(encode(sha256(convert_to(message_salt || ' ' || message.id, 'UTF8')), 'hex'), 32) FROM setting, message",
    );
    let report = |status: &str| app.visitor().get(&format!("{path}?id={key}&status={status}")).status;
    assert_eq!(report("failed"), 200);
    assert_eq!(states(&app), "bounced bounced not delivered");
}

#[test]
fn twilio_signs_its_reports() {
    let app = TestApp::start();
    let admin = app.admin();
    twilio(&admin, "https://api.example.com");
    let path = format!("{}?id=k", hook(&admin, "sms"));
    let ann = make::member(&app, "Ann");
    let coffee = make::campaign(&app, "Coffee", "sms").make();
    told(&app, ann, coffee, "sms", "sent", "SM1");
    let fields = [("ErrorCode", "30003"), ("MessageSid", "SM1"), ("MessageStatus", "undelivered")];
    assert_eq!(app.visitor().post(&path, &fields).status, 403);
    assert_eq!(states(&app), "sent sent");
    let url = format!("http://{}{path}", app.address);
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(b"tok&en").unwrap();
    mac.update(url.as_bytes());
    fields.iter().for_each(|(name, value)| mac.update(format!("{name}{value}").as_bytes()));
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let agent = ureq::Agent::new_with_defaults();
    let answer = agent.post(&url).header("X-Twilio-Signature", &signature).send_form(fields).unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(states(&app), "bounced bounced Error 30003");
}

#[test]
fn a_complaint_ends_the_consent() {
    let app = TestApp::start();
    let admin = app.admin();
    let form = admin.get("/settings/channels/email").form("Save changes").fill("Host", "smtp.example.com");
    form.fill("Sender address", "club@example.com").send();
    let path = hook(&admin, "email");
    let ann = make::member(&app, "Ann");
    let mail = make::campaign(&app, "Mail", "email").make();
    told(&app, ann, mail, "email", "sent", "k1");
    let report = |event: &str| {
        let json = format!(r#"{{"id": "<k1@club.example.com>", "event": "{event}", "reason": "550 no such user"}}"#);
        app.visitor().post_raw(&path, "application/json", json.into_bytes()).status
    };
    assert_eq!([report("bounced"), report("delivered")], [200; 2]);
    assert_eq!(states(&app), "bounced bounced 550 no such user", "a mailbox may send back what its server took");
    assert_eq!([report("complained"), report("complained")], [200; 2]);
    assert_eq!(
        make::text(&app, "SELECT string_agg(channel || granted || source, ',') FROM member_consent"),
        "emailfalsecomplaint"
    );
    let history = admin.get(&format!("/user-support/{ann}/history"));
    assert!(history.shows("E-mail consent withdrawn: the member called Mail spam"), "{}", history.text());
}

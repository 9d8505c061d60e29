//! What happens is told, to whoever wants it, and only then.

use chrono::Duration;
use muster::api::Scope;
use serde_json::{Value, json};

use super::hook;
use super::receiver::Receiver;
use crate::support::{Program, TestApp, make};

fn data(receiver: &Receiver, kind: &str) -> Vec<Value> {
    receiver.all().iter().filter(|got| got.kind() == kind).map(|got| got.json()["data"].clone()).collect()
}

#[test]
fn a_membership_is_told_when_it_opens_and_when_it_closes() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    let (_, secret) = hook(&app, &receiver.url, &[]);
    let ann = make::member(&app, "Ann");
    let group = make::group(&app, "Regulars").make();
    let phone = app.member(ann);
    let path = format!("/app/groups/{group}/membership");

    phone.bypass(&path, &[("join", "on")], "/app/groups");
    app.send_webhooks();

    let [told] = &receiver.take()[..] else { panic!() };
    assert!(told.is_signed_by(&secret) && !told.is_signed_by(&muster::webhooks::Secret::random()));
    assert_eq!(told.headers["content-type"], "application/json");
    assert!(told.headers["user-agent"].starts_with("Muster/"));
    assert_eq!(told.headers["webhook-timestamp"], app.now().timestamp().to_string());
    assert!(told.id().starts_with("evt_") && told.id().len() == 36);
    let body = told.json();
    assert!(
        told.body.starts_with(r#"{"type":"membership.opened","timestamp":"2026-11-24T10:00:00.000000Z","data":{"#),
        "{}",
        told.body
    );
    assert_eq!(body["data"]["group"], json!({ "id": group, "name": "Regulars" }));
    assert_eq!(body["data"]["member"]["id"], json!(ann));
    assert_eq!(body["data"]["member"]["number"], make::count(&app, "SELECT number FROM member"));
    assert_eq!((&body["data"]["source"], &body["data"]["left_at"]), (&json!("app"), &Value::Null));
    assert!(!told.body.contains("Ann") && !told.body.contains("@"), "no names, no contacts");

    app.clock.advance(Duration::hours(1));
    make::run(&app, &format!("UPDATE membership SET left_at = '{}', left_source = 'app'", app.now().to_rfc3339()));
    app.send_webhooks();
    app.send_webhooks();
    let [told] = &receiver.take()[..] else { panic!("once") };
    assert_eq!(told.kind(), "membership.closed");
    assert_eq!(told.json()["data"]["left_at"], "2026-11-24T11:00:00.000000Z");
}

#[test]
fn a_till_validates_and_reverses() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &["code.validated", "code.reversed"]);
    make::campaign(&app, "Latte", "code").one_code("LATTE", None).make();
    let till = Program::new(&app, Scope::Pos, "Harbour Street", "/api/pos/v1");

    let used = till.post("/validations", json!({ "code": "latte", "till": "Till 3" })).done()["id"].clone();
    till.post(&format!("/validations/{used}/reversal"), json!({})).done();
    app.send_webhooks();

    let (validated, reversed) = (data(&receiver, "code.validated"), data(&receiver, "code.reversed"));
    assert_eq!((validated.len(), reversed.len(), receiver.all().len()), (1, 1, 2));
    assert_eq!(validated[0]["validation_id"], used);
    assert_eq!(validated[0]["campaign"]["name"], "Latte");
    for (field, value) in [("code", "LATTE"), ("via", "till"), ("till", "Till 3"), ("shop", "Harbour Street")] {
        assert_eq!(validated[0][field], value, "{field}");
    }
    assert_eq!((&validated[0]["member"], &validated[0]["reversed_at"]), (&Value::Null, &Value::Null));
    assert!(reversed[0]["reversed_at"].is_string());
}

#[test]
fn each_state_of_each_delivery_is_told() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &["delivery.state"]);
    make::members(&app, 30);
    make::run(&app, "UPDATE member SET blocked_at = now(), blocked_reason = 'x' WHERE id <= 5");
    make::campaign(&app, "Winter", "app").one_code("WINTER", None).make();

    app.work();
    app.send_webhooks();

    let told = data(&receiver, "delivery.state");
    let state = |state: &str| told.iter().filter(|told| told["state"] == state).count();
    assert_eq!((told.len(), state("issued"), state("skipped")), (30, 25, 5));
    let skipped = told.iter().find(|told| told["state"] == "skipped").unwrap();
    assert_eq!((&skipped["reason"], &skipped["before"]), (&json!("blocked"), &Value::Null));
    receiver.take();
    make::run(&app, "UPDATE delivery SET seen_at = issued_at WHERE member_id > 28");
    make::run(&app, "UPDATE delivery SET reason = reason");
    app.send_webhooks();
    let told = data(&receiver, "delivery.state");
    assert_eq!(told.len(), 2);
    assert_eq!((&told[0]["before"], &told[0]["state"]), (&json!("issued"), &json!("seen")));
}

#[test]
fn a_gap_is_told_when_it_opens_and_when_it_is_mended() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &["group.coverage_gap"]);
    let day = Duration::days(1);
    let campaign = make::campaign(&app, "Codes", "code")
        .in_app(true)
        .one_code("JOIN", None)
        .between(app.now() - day, app.now() + day * 20)
        .make();
    let group = make::group(&app, "Club").by_code(campaign).between(app.now() - day, Some(app.now() + day * 10)).make();
    app.send_webhooks();
    assert!(receiver.all().is_empty(), "nothing is amiss");

    make::run(&app, &format!("UPDATE campaign SET ends_at = '{}'", (app.now() + day * 5).to_rfc3339()));
    for _ in 0..3 {
        app.send_webhooks();
    }

    let [told] = &receiver.take()[..] else { panic!("once") };
    let told = told.json()["data"].clone();
    assert_eq!(told["group"], json!({ "id": group, "name": "Club" }));
    assert_eq!(told["campaign"], json!({ "id": campaign, "name": "Codes" }));
    assert_eq!(
        told["gaps"],
        json!([{ "from": "2026-11-29T10:00:00.000000Z", "until": "2026-12-04T10:00:00.000000Z", "why": "campaign_ends_earlier" }])
    );
    // that it begins is no news
    app.clock.advance(day * 6);
    app.send_webhooks();
    assert!(receiver.take().is_empty());
    make::run(&app, &format!("UPDATE campaign SET ends_at = '{}'", (app.now() + day * 20).to_rfc3339()));
    app.send_webhooks();
    let [told] = &receiver.take()[..] else { panic!("mended") };
    assert_eq!(told.json()["data"]["gaps"], json!([]));
}

#[test]
fn nothing_is_put_down_that_nobody_wants() {
    let app = TestApp::start();
    let group = make::group(&app, "Regulars").make();
    let members = make::members(&app, 3);
    make::stay(&app, group, &members[..1]);
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook_inbox"), 0);
    let receiver = Receiver::start();
    let (id, _) = hook(&app, &receiver.url, &["code.validated"]);
    make::stay(&app, group, &members[1..2]);
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook_inbox"), 0);
    make::run(&app, &format!("UPDATE webhook SET kinds = '{{membership.opened}}' WHERE id = {id}"));
    make::stay(&app, group, &members[2..]);
    app.send_webhooks();
    assert_eq!(receiver.all().len(), 1);
    // two webhooks, each its own
    let other = Receiver::start();
    let (_, secret) = hook(&app, &other.url, &[]);
    make::run(&app, "UPDATE membership SET left_at = joined_at, left_source = 'app'");
    app.send_webhooks();
    assert_eq!((receiver.all().len(), other.all().len()), (1, 3));
    assert!(other.all().iter().all(|told| told.is_signed_by(&secret)));
}

#[test]
fn what_is_undone_was_never_told() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &[]);
    let group = make::group(&app, "Regulars").make();
    let ann = make::member(&app, "Ann");
    let failed = app.muster.db.blocking(|conn| {
        use diesel::{Connection, RunQueryDsl};
        conn.transaction(|conn| {
            let sql = format!(
                "INSERT INTO membership (member_id, group_id, joined_at, source) VALUES ({ann}, {group}, now(), 'app')"
            );
            diesel::sql_query(sql).execute(conn)?;
            diesel::sql_query("SELECT 1 / 0").execute(conn)?;
            Ok::<_, muster::error::AppError>(())
        })
    });
    assert!(failed.is_err());
    app.send_webhooks();
    assert!(receiver.all().is_empty());
}

//! One campaign for one member.

use serde_json::json;

use crate::api::office;
use crate::support::{TestApp, make};

#[test]
fn a_campaign_goes_to_a_member_once_whoever_its_receivers_are() {
    let app = TestApp::start();
    let office = office(&app);
    let group = make::group(&app, "Others").make();
    make::member(&app, "Ann Able");
    let campaign = make::campaign(&app, "Sorry", "app").include(group).make();
    let path = format!("/campaigns/{campaign}/deliveries");
    let send = |once: &str| {
        office.send(
            "POST",
            &path,
            &[("Idempotency-Key", once)],
            Some(json!({ "member": "member1@example.com" }).to_string()),
        )
    };
    assert_eq!(send("0").refusal(), (409, "campaign_not_active"));
    app.issue();

    let issued = send("1").expect(201);

    assert_eq!((&issued["state"], &issued["skipped"]), (&json!("issued"), &json!(null)));
    assert!(issued["code"].is_string());
    assert_eq!(send("1").expect(201), issued);
    assert_eq!(send("2").expect(200), issued);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'campaign issued'"), 1);
    let to = |member: &str| office.post(&path, json!({ "member": member }));
    assert_eq!(to("ext:nobody").refusal(), (404, "not_found"));
    assert_eq!(to("who").refusal(), (422, "invalid"));
    assert_eq!(
        office.post("/campaigns/999/deliveries", json!({ "member": "member1@example.com" })).refusal(),
        (404, "not_found")
    );
}

#[test]
fn who_cannot_be_reached_is_skipped_and_says_why() {
    let app = TestApp::start();
    let office = office(&app);
    let [ann, _bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    make::run(&app, "UPDATE member SET sms_consent = false WHERE name = 'Ann'");
    let group = make::group(&app, "Nobody").make();
    let sms = make::campaign(&app, "By SMS", "sms").include(group).make();
    app.issue();
    let send = |member: &str| office.post(&format!("/campaigns/{sms}/deliveries"), json!({ "member": member }));
    let skipped = send("member1@example.com").expect(200);
    assert_eq!((&skipped["state"], &skipped["skipped"]), (&json!("skipped"), &json!("no_consent")));
    assert_eq!(send("member2@example.com").expect(201)["state"], "queued");
    make::run(&app, &format!("UPDATE member SET sms_consent = true WHERE id = {ann}"));
    assert_eq!(send("member1@example.com").expect(201)["state"], "queued");
    make::run(&app, "UPDATE campaign SET paused_at = now()");
    let paused = send("member2@example.com");
    assert_eq!(
        (paused.refusal(), &paused.body["detail"]),
        ((409, "campaign_not_active"), &json!("The campaign is paused."))
    );
    let list = office.get("/campaigns").expect(200);
    assert_eq!((&list["campaigns"][0]["channel"], &list["campaigns"][0]["status"]), (&json!("sms"), &json!("paused")));
}

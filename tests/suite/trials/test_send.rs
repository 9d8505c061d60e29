//! Review → Send a test.

use chrono::Duration;

use super::run;
use crate::push::Device;
use crate::support::{TestApp, make};

#[test]
fn an_sms_is_tested_with_the_texts_that_receivers_get() {
    let app = TestApp::start();
    let max = app.marketer();
    let id = make::campaign(&app, "Coffee", "sms").draft().make();
    let review = format!("/campaigns/{id}/review");
    let page = max.get(&review);
    for (typed, error) in [
        ("", "Enter a phone number with its country code, like +49 1512 3456789"),
        ("12", "Enter a phone number with its country code, like +49 1512 3456789"),
    ] {
        let refused = page.form("Send a test").fill("Phone number", typed).send();
        assert_eq!(refused.status, 422);
        assert_eq!(refused.error_on("Phone number"), format!("Error: {error}"));
        assert_eq!(refused.value("Phone number"), typed);
    }
    let page = page.form("Send a test").fill("Phone number", "0151 1234 5678").send().follow(&max);
    assert!(page.shows("The test is on its way.") && page.shows("+49 1511 2345678 Queued"));
    app.work();
    let page = max.get(&review);
    assert!(page.shows("In the Outbox") && page.shows("No SMS gateway is turned on"), "{}", page.text());
    assert!(!max.get(&format!("/campaigns/{id}/tests")).html.contains("hx-get"), "settled: nobody asks again");
    let message = "SELECT concat_ws('|', purpose, channel, recipient, body, campaign_id, member_id) FROM message";
    let told = make::text(&app, message);
    let token = make::text(&app, "SELECT token FROM test_send");
    let url = &app.muster.config.public_url;
    assert_eq!(told, format!("test|sms|+4915112345678|Your coupon: {url}/c/test/{token}"));
    assert_eq!(
        format!("/c/test/{token}").len(),
        format!("/c/{}", uuid::Uuid::new_v4()).len(),
        "it takes as many SMS parts"
    );
    let audit = "SELECT concat_ws('|', action, subject_name, after) FROM audit_entry ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, audit), r#"test sent|Coffee|{"to": "+4915112345678", "channel": "sms"}"#);
    let app_page = app.visitor().get(&format!("/c/test/{token}"));
    assert!(
        app_page.shows("Test. This is how receivers see the coupon.")
            && app_page.shows("Coffee title")
            && app_page.shows("TEST 2345")
    );
    assert_eq!(app_page.header("x-robots-tag"), Some("noindex, nofollow"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery"), 0);
    app.clock.advance(Duration::days(1));
    assert_eq!(app.visitor().get(&format!("/c/test/{token}")).status, 404);
    assert_eq!(app.visitor().get("/c/test/nothing").status, 404);
}

#[test]
fn an_email_goes_to_oneself_and_needs_its_own_texts_only() {
    let app = TestApp::start();
    let max = app.marketer();
    let id = make::campaign(&app, "Coffee", "email").draft().make();
    let review = format!("/campaigns/{id}/review");
    run(
        &app,
        "UPDATE campaign SET name = '', title = '', starts_at = NULL, ends_at = NULL, offer = NULL, everyone = NULL, email_body = ''",
    );
    let page = max.get(&review);
    assert!(page.shows("Enter the e-mail’s body first") && !page.has_button("Send a test"));
    assert_eq!(max.bypass(&format!("/campaigns/{id}/test"), &[("to", "a@example.com")], &review).status, 422);
    run(&app, "UPDATE campaign SET email_body = 'Here it is'");
    let page = max.get(&review);
    assert_eq!(page.value("E-mail address"), "marketer@example.com");
    page.form("Send a test").send();
    app.work();
    let told = make::text(&app, "SELECT concat_ws('|', recipient, subject, body, state) FROM message");
    let token = make::text(&app, "SELECT token FROM test_send");
    let link = format!("{}/c/test/{token}", app.muster.config.public_url);
    assert_eq!(told, format!("marketer@example.com|Your coupon|Here it is\n\n{link}|outbox"));
    assert!(app.visitor().get(&format!("/c/test/{token}")).shows("Title"));
    run(&app, "UPDATE message SET state = 'failed', error = '550 No such user here'");
    assert!(max.get(&review).shows("Refused") && max.get(&review).shows("550 No such user here"));
}

#[test]
fn a_push_goes_to_a_member_with_a_device() {
    let app = TestApp::start();
    let max = app.marketer();
    let id = make::campaign(&app, "Coffee", "app").draft().make();
    let review = format!("/campaigns/{id}/review");
    assert!(!max.get(&review).has_button("Send a test"), "receivers are not told either");
    run(&app, "UPDATE campaign SET notify_push = true");
    let (ann, bob) = (make::member(&app, "Ann"), make::member(&app, "Bob"));
    Device::new("https://push.example.com/1").store(&app, ann);
    let email = |member| make::text(&app, &format!("SELECT email FROM member WHERE id = {member}"));
    let tried = |to: &str| max.get(&review).form("Send a test").fill("Member’s phone or e-mail", to).send();
    let error = |to: &str| tried(to).error_on("Member’s phone or e-mail");
    assert_eq!(error("nobody@example.com"), "Error: No member has this phone number or e-mail address");
    assert!(error(&email(bob)).contains("no device with notifications"));
    run(&app, "UPDATE member SET push_consent = false WHERE name = 'Ann'");
    assert!(error(&email(ann)).contains("does not agree to push notifications"));
    run(
        &app,
        "UPDATE member SET push_consent = true, blocked_at = created_at, blocked_reason = 'x' WHERE name = 'Ann'",
    );
    assert!(error(&email(ann)).contains("blocked"));
    run(&app, "UPDATE member SET blocked_at = NULL, blocked_reason = NULL");
    assert_eq!(tried(&email(ann)).status, 303);
    app.work();
    let told = make::text(&app, "SELECT concat_ws('|', member_id, channel, subject, body, state) FROM message");
    assert_eq!(told, format!("{ann}|push|Coffee title|Come and get it|outbox"));
    assert!(max.get(&review).shows("Web push is not turned on"));
}

#[test]
fn a_test_push_opens_its_test_page() {
    use muster::channels::transport::{Outcome, Outgoing};
    let app = TestApp::start();
    crate::push::allow_private(&app);
    let service = crate::push::service::PushService::start();
    let ann = make::member(&app, "Ann");
    let device = Device::new(service.endpoint("201"));
    device.store(&app, ann);
    let id = make::campaign(&app, "Coffee", "app").draft().make();
    run(&app, "UPDATE campaign SET notify_push = true");
    let max = app.marketer();
    let email = make::text(&app, "SELECT email FROM member");
    max.get(&format!("/campaigns/{id}/review")).form("Send a test").fill("Member’s phone or e-mail", &email).send();
    let message = Outgoing { id: make::count(&app, "SELECT id FROM message"), ..crate::push::queue(&app, ann, None) };
    assert_eq!(crate::push::send(&app, &message), Outcome::Sent(None));
    let received = &service.received()[0];
    let plain = crate::push::decrypt::decrypt(&device.secret, &device.auth, &received.body);
    let plain: serde_json::Value = serde_json::from_slice(&plain).unwrap();
    assert_eq!(plain["url"], format!("/c/test/{}", make::text(&app, "SELECT token FROM test_send")));
    assert_eq!(received.headers["ttl"], "86400");
}

#[test]
fn tests_are_counted_and_not_for_all_campaigns() {
    let app = TestApp::start();
    let max = app.marketer();
    let id = make::campaign(&app, "Coffee", "sms").draft().make();
    let review = format!("/campaigns/{id}/review");
    let sent = || max.get(&review).form("Send a test").fill("Phone number", "+4915112345678").send();
    for n in 0..10 {
        assert_eq!(sent().status, 303, "{n}");
    }
    assert!(sent().error_on("Phone number").contains("At most 10 tests in ten minutes"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 10);
    app.clock.advance(Duration::minutes(11));
    assert_eq!(sent().status, 303);
    run(&app, "UPDATE campaign SET published_at = created_at, cancelled_at = created_at");
    assert!(!max.get(&review).has_button("Send a test"));
    assert_eq!(max.bypass(&format!("/campaigns/{id}/test"), &[("to", "+4915112345678")], &review).status, 422);
    let code = make::campaign(&app, "Paper", "code").draft().make();
    assert!(!max.get(&format!("/campaigns/{code}/review")).has_button("Send a test"));
    assert_eq!(max.bypass(&format!("/campaigns/{code}/test"), &[("to", "x")], &review).status, 404);
    assert_eq!(max.bypass("/campaigns/999/test", &[("to", "x")], &review).status, 404);
    assert_eq!(app.support().post(&format!("/campaigns/{id}/test"), &[]).status, 403);
}

#[test]
fn a_test_by_push_goes_through_the_engine_before_all_campaigns() {
    let app = TestApp::start();
    crate::push::allow_private(&app);
    let service = crate::push::service::PushService::start();
    let ann = make::member(&app, "Ann");
    let (good, gone) = (Device::new(service.endpoint("201")), Device::new(service.endpoint("410")));
    good.store(&app, ann);
    gone.store(&app, ann);
    muster::channels::push::settings::public_key(&mut app.conn(), &app.muster.keys).unwrap();
    run(&app, "UPDATE channel SET is_on = true WHERE key = 'push'");
    let id = make::campaign(&app, "Coffee", "app").draft().make();
    run(&app, "UPDATE campaign SET notify_push = true");
    let (max, review) = (app.marketer(), format!("/campaigns/{id}/review"));
    let email = make::text(&app, "SELECT email FROM member");
    max.get(&review).form("Send a test").fill("Member’s phone or e-mail", &email).send();
    app.work();
    assert!(max.get(&review).shows("Sent"), "{}", max.get(&review).text());
    assert_eq!(make::text(&app, "SELECT state FROM message"), "sent");
    assert_eq!(
        make::text(&app, "SELECT string_agg(endpoint, ' ') FROM push_subscription"),
        good.endpoint,
        "gone is gone"
    );
    assert_eq!(service.received().len(), 2);
}

//! Devices that take notifications.

use serde_json::json;

use crate::api::app_of;
use crate::push::Device;
use crate::support::{TestApp, make};

#[test]
fn a_device_is_added_listed_and_removed() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    make::run(&app, "UPDATE member SET push_consent = false");
    let ann = app_of(&app, member);
    let [(_, endpoint), (_, p256dh), (_, auth)] = Device::new("https://push.example.com/send/abc").fields();
    let sent = json!({ "endpoint": endpoint, "p256dh": p256dh, "auth": auth });

    let device = ann.put("/push-subscriptions", sent.clone()).expect(200);

    assert_eq!(ann.put("/push-subscriptions", sent).expect(200)["id"], device["id"]);
    let list = ann.get("/push-subscriptions").expect(200);
    assert_eq!(list["subscriptions"], json!([device]));
    assert!(list["public_key"].as_str().unwrap().len() > 80);
    assert_eq!(ann.get("/me").expect(200)["consents"]["push"], true);
    ann.delete(&format!("/push-subscriptions/{}", device["id"])).expect(204);
    assert_eq!(ann.delete(&format!("/push-subscriptions/{}", device["id"])).refusal(), (404, "not_found"));
    let near = json!({ "endpoint": "http://127.0.0.1/x", "p256dh": p256dh, "auth": auth });
    assert_eq!(ann.put("/push-subscriptions", near).refusal(), (400, "bad_request"));
}

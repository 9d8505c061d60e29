//! In Chromium: the button on the profile, and a push that reaches the service worker.

use serde_json::{Value, json};

use super::decrypt::decrypt;
use super::service::PushService;
use super::{Device, allow_private, queue, send};
use crate::support::browser::{Browser, Look, PHONE};
use crate::support::{TestApp, make};

/// The vendor's service cannot be reached from a test: what it would answer is put in its place, in the page only.
const STUB: &str = r#"
  const held = () => JSON.parse(localStorage.getItem('stub') || 'null');
  const dress = keys => keys && ({ endpoint: keys.endpoint, options: { applicationServerKey: Uint8Array.from(keys.asked).buffer },
    toJSON: () => ({ endpoint: keys.endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
    unsubscribe: async () => { localStorage.removeItem('stub'); return true; } });
  PushManager.prototype.getSubscription = async () => dress(held());
  PushManager.prototype.subscribe = async options => {
    if (!options.userVisibleOnly) throw new Error('every push must show something');
    localStorage.setItem('stub', JSON.stringify({ ...window.name && JSON.parse(window.name), asked: [...options.applicationServerKey] }));
    return dress(held());
  };
"#;

fn permit(browser: &Browser, app: &TestApp, setting: &str) {
    let origin = format!("http://{}", app.address);
    let permission = json!({ "permission": { "name": "notifications" }, "setting": setting, "origin": origin });
    browser.devtools("Browser.setPermission", permission);
}

/// Away from the tab bar first.
fn press(browser: &Browser, words: &str) {
    browser.wait(words, "return byWords(arguments[0]) !== null;", vec![json!(words)]);
    browser.script("byWords(arguments[0]).scrollIntoView({ block: 'center' });", vec![json!(words)]);
    browser.click(words);
}

#[test]
fn a_member_turns_notifications_on_and_off() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let browser = Browser::open(&app, PHONE);
    browser.sign_in_member(&app, ann);
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": STUB }));
    permit(&browser, &app, "granted");
    browser.go("/app/profile");
    browser.see("Off. Turn them on to hear of new coupons at once.");
    browser.must_be_accessible();
    let device = Device::new("https://push.example.com/1");
    let fields: serde_json::Map<String, Value> =
        device.fields().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    browser.script("window.name = JSON.stringify(arguments[0]);", vec![fields.into()]);
    press(&browser, "Turn on notifications");
    browser.see("Notifications are on. New coupons are announced on this device.");
    browser.see("On. New coupons are announced here.");
    browser.see("Chrome on Linux This device, since 24 Nov 2026");
    browser.must_be_accessible();
    let stored = "SELECT member_id || ' ' || endpoint FROM push_subscription";
    assert_eq!(make::text(&app, stored), format!("{ann} https://push.example.com/1"));
    press(&browser, "Turn off notifications");
    browser.see("This device gets no more notifications.");
    browser.see("Off. Turn them on");
    assert_eq!(make::count(&app, "SELECT count(*) FROM push_subscription"), 0);
    assert_eq!(browser.script("return localStorage.getItem('stub');", vec![]), Value::Null);
    // whoever signs out is told nothing more here
    press(&browser, "Turn on notifications");
    browser.see("On. New coupons");
    press(&browser, "Sign out");
    browser.see("Send code");
    assert_eq!(make::count(&app, "SELECT count(*) FROM push_subscription"), 0);
}

#[test]
fn the_page_says_why_it_cannot_be_turned_on() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let browser = Browser::open(&app, PHONE);
    browser.sign_in_member(&app, ann);
    permit(&browser, &app, "denied");
    browser.go("/app/profile");
    browser.see("This browser blocks notifications from here.");
    browser.must_be_accessible();
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": "delete window.PushManager;" }));
    browser.go("/app/profile");
    browser.see("This browser does not take notifications.");
    let plain = Browser::open(&app, Look { scripts: false, ..PHONE });
    plain.sign_in_member(&app, ann);
    plain.go("/app/profile");
    plain.see("Turning notifications on or off on this device needs JavaScript.");
}

/// Hands the service worker a push, as the vendor's service would, until it is shown (the same one replaces itself):
/// title, text, tag, where a press leads, of all notifications.
fn deliver(browser: &Browser, app: &TestApp, data: &str, title: &str) -> Value {
    let push = json!({ "origin": format!("http://{}", app.address), "registrationId": "0", "data": data });
    loop {
        browser.devtools("ServiceWorker.deliverPushMessage", push.clone());
        let found = browser.wait(
            "notifications",
            "navigator.serviceWorker.ready.then(r => r.getNotifications()).then(all => {
               window.shown = all.map(n => [n.title, n.body, n.tag, n.data.url]); });
             return window.shown;",
            vec![],
        );
        if found.as_array().unwrap().iter().any(|one| one[0] == title) {
            return found;
        }
    }
}

#[test]
fn a_push_reaches_the_service_worker_and_is_shown() {
    let app = TestApp::start();
    allow_private(&app);
    let service = PushService::start();
    let ann = make::member(&app, "Ann");
    let device = Device::new(service.endpoint("201"));
    device.store(&app, ann);
    let campaign = make::campaign(&app, "Coffee", "app").make();
    app.work();
    send(&app, &queue(&app, ann, Some(campaign)));
    let plain = decrypt(&device.secret, &device.auth, &service.received()[0].body);
    let plain = String::from_utf8(plain).unwrap();

    let browser = Browser::open(&app, PHONE);
    browser.sign_in_member(&app, ann);
    permit(&browser, &app, "granted");
    browser.go("/app/profile");
    browser.script("navigator.serviceWorker.register('/app/service-worker.js', { scope: '/app/' });", vec![]);
    browser.wait("service worker", "return navigator.serviceWorker.controller !== null;", vec![]);
    browser.devtools("ServiceWorker.enable", json!({}));
    let found = deliver(&browser, &app, &plain, "Free coffee");
    let tag = serde_json::from_str::<Value>(&plain).unwrap()["tag"].clone();
    assert_eq!(found, json!([["Free coffee", "One cup on us.", tag, format!("/app/coupons/{campaign}")]]));
    // again: the one that is there is replaced
    let again = plain.replace("Free coffee", "Free tea");
    assert_eq!(deliver(&browser, &app, &again, "Free tea").as_array().unwrap().len(), 1);
    // what cannot be read is announced too: the browser insists
    assert_eq!(deliver(&browser, &app, "no JSON", "There is something new for you").as_array().unwrap().len(), 2);
    let seen = "SELECT count(*) FROM delivery WHERE seen_at IS NOT NULL";
    assert_eq!(make::count(&app, seen), 0, "a notification marks nothing");
    browser.go(&format!("/app/coupons/{campaign}"));
    assert_eq!(make::count(&app, seen), 1);
}

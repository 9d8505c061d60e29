//! The service worker's other duties: its script run in a page, with a stand-in for what browsers give it.

use serde_json::{Value, json};

use super::Device;
use crate::support::browser::{Browser, PHONE};
use crate::support::{TestApp, make};

/// Collects its listeners; `opened` and `focused` are what it did with windows.
const STAND_IN: &str = r#"
  const listeners = {}, opened = [], focused = [], windows = [];
  const fake = { addEventListener: (name, listener) => { listeners[name] = listener; }, location: window.location, skipWaiting() {},
    clients: { claim() {}, matchAll: async () => windows, openWindow: async url => { opened.push(url); } },
    registration: { pushManager: { subscribe: async options => { window.asked = options.applicationServerKey; return window.renewed; } } } };
  const happen = (name, event) => { const waits = []; listeners[name]({ ...event, waitUntil: promise => waits.push(promise) }); return Promise.all(waits); };
"#;

fn run(browser: &Browser, script: &str, arguments: Vec<Value>) -> Value {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/static/app/service-worker.js")).unwrap();
    let whole = format!(
        "window.done = null; {STAND_IN} (self => {{ {source} }})(fake); const given = arguments; (async () => {{ {script} }})().then(value => {{ window.done = {{ value }}; }}, error => {{ window.done = {{ error: String(error) }}; }});"
    );
    browser.script(&whole, arguments);
    let done = browser.wait("outcome", "return window.done;", vec![]);
    assert_eq!(done.get("error"), None, "{done}");
    done["value"].clone()
}

#[test]
fn a_press_opens_pages_of_the_app_only() {
    let app = TestApp::start();
    let browser = Browser::open(&app, PHONE);
    browser.go("/app/sign-in");
    let press = "const opens = [];
        for (const url of given[0]) {
          opened.length = 0; let closed = false;
          await happen('notificationclick', { notification: { close: () => { closed = true; }, data: { url } } });
          opens.push(closed && opened[0].replace(location.origin, ''));
        }
        windows.push({ url: `${location.origin}/app/coupons/7`, focus: () => focused.push('7') });
        opened.length = 0;
        await happen('notificationclick', { notification: { close() {}, data: { url: '/app/coupons/7' } } });
        return [...opens, opened.length, focused.length];";
    let urls = json!([
        "/app/coupons/12",
        "/c/test/abc",
        "https://evil.example/app/",
        "//evil.example/app/",
        "javascript:alert(1)",
        "/settings",
        null,
        "http://[",
    ]);
    let home = "/app/coupons";
    assert_eq!(
        run(&browser, press, vec![urls]),
        json!(["/app/coupons/12", "/c/test/abc", home, home, home, home, home, home, 0, 1])
    );
}

#[test]
fn a_browser_that_renews_its_subscription_is_still_reached() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let (old, new) = (Device::new("https://push.example.com/old"), Device::new("https://push.example.com/new"));
    old.store(&app, ann);
    let browser = Browser::open(&app, PHONE);
    browser.sign_in_member(&app, ann);
    let [endpoint, p256dh, auth] = new.fields().map(|(_, value)| value);
    let renew = "const [endpoint, p256dh, auth] = given;
        window.renewed = { toJSON: () => ({ endpoint, keys: { p256dh, auth } }) };
        await happen('pushsubscriptionchange', { oldSubscription: { endpoint: 'https://push.example.com/old' } });
        return window.asked.length;";
    assert_eq!(run(&browser, renew, vec![json!(endpoint), json!(p256dh), json!(auth)]), json!(87));
    let stored = "SELECT string_agg(member_id || ' ' || endpoint, ' ') FROM push_subscription";
    assert_eq!(make::text(&app, stored), format!("{ann} https://push.example.com/new"));
}

//! X-Forwarded-For is believed only as far as our own proxies wrote it.

use crate::support::{TestApp, make};

/// Tries to sign in with a wrong password from what claims to be this address; the throttle's keys tell what was believed.
fn believed(app: &TestApp, forwarded: &str) -> String {
    let visitor = app.visitor();
    let csrf = visitor.get("/sign-in").hidden("csrf");
    let body = format!("csrf={csrf}&email=nobody%40example.com&password=wrong-password");
    let cookies = visitor.cookies();
    let response = ureq::post(format!("http://{}/sign-in", app.address))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Cookie", cookies)
        .header("X-Forwarded-For", forwarded)
        .content_type("application/x-www-form-urlencoded")
        .send(body.as_bytes())
        .unwrap();
    assert_eq!(response.status(), 422);
    let key = make::text(app, "SELECT key FROM throttle WHERE key ~ '^sign-in [0-9a-f:.]+$'");
    make::run(app, "DELETE FROM throttle");
    key.trim_start_matches("sign-in ").to_owned()
}

#[test]
fn an_address_is_never_guessed() {
    let without = TestApp::start();
    assert_eq!(believed(&without, "192.0.2.1"), "127.0.0.1");
    let one = TestApp::configured(|config| config.trusted_hops = 1);
    assert_eq!(believed(&one, "192.0.2.1"), "192.0.2.1");
    assert_eq!(believed(&one, "6.6.6.6, 192.0.2.1"), "192.0.2.1");
    assert_eq!(believed(&one, "not an address"), "127.0.0.1");
    let two = TestApp::configured(|config| config.trusted_hops = 2);
    assert_eq!(believed(&two, "6.6.6.6, 192.0.2.1, 198.51.100.7"), "192.0.2.1");
    assert_eq!(believed(&two, "198.51.100.7"), "127.0.0.1");
}

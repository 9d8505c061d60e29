//! `/c/{token}`, for who got an SMS or an e-mail.

use super::{issue, run};
use crate::support::{TestApp, make};

#[test]
fn the_coupon_without_signing_in() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann Adams");
    let id = make::campaign(&app, "Coffee", "sms").make();
    let token = issue(&app, ann, id, "ABCDEFGH");
    let page = app.visitor().get(&format!("/c/{token}"));
    assert_eq!(page.status, 200);
    assert_eq!(page.text_at("h1"), "Coffee title");
    assert_eq!(page.text_at(".big-code"), "ABCD EFGH");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow"));
    assert_eq!(page.header("set-cookie"), None);
    for secret in ["Ann", "Adams", "+49", "member1", "@"] {
        assert!(!page.text().contains(secret), "{secret}");
    }
    assert!(!page.has_link("Profile"));
    assert_eq!(make::count(&app, "SELECT count(seen_at) FROM delivery"), 1);
}

#[test]
fn what_is_not_there_any_more_says_so() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Coffee", "email").make();
    let path = format!("/c/{}", issue(&app, ann, id, "ABCDEFGH"));
    for unknown in ["/c/0192f0c1-2222-7000-8000-000000000000", "/c/nonsense", "/c/%00", "/c/1%27%20OR%201=1"] {
        let page = app.visitor().get(unknown);
        assert_eq!(page.status, 404, "{unknown}");
        assert!(page.shows("There is no coupon under this link."), "{unknown}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    }
    run(&app, "UPDATE campaign SET ends_at = starts_at + interval '1 hour'");
    let page = app.visitor().get(&path);
    assert_eq!(page.status, 200);
    assert!(page.shows("Expired It was valid until 23 Nov 2026, 12:00.") && !page.html.contains("big-code"));
    run(&app, "UPDATE campaign SET ends_at = starts_at + interval '9 days', cancelled_at = published_at");
    let page = app.visitor().get(&path);
    assert_eq!(page.status, 410);
    assert!(page.shows("It was withdrawn and cannot be used any more."));
}

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

#[test]
fn only_people_see_it() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Coffee", "sms").make();
    let path = format!("/c/{}", issue(&app, ann, id, "ABCDEFGH"));
    let seen = || make::count(&app, "SELECT count(seen_at) FROM delivery");
    for bot in [
        "WhatsApp/2.23.20.0",
        "TelegramBot (like TwitterBot)",
        "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "Slackbot-LinkExpanding 1.0",
    ] {
        assert_eq!(app.visitor().get_with(&path, "user-agent", bot).status, 200);
        assert_eq!(seen(), 0, "{bot}");
    }
    app.visitor().get_with(&path, "sec-purpose", "prefetch;prerender");
    assert_eq!(ureq::head(app.visitor().url(&path)).call().unwrap().status(), 200);
    assert_eq!(seen(), 0);
    app.visitor().get_with(
        &path,
        "user-agent",
        "Mozilla/5.0 (Linux; Android 11; CUBOT X50) Chrome/100.0 Mobile Safari/537.36",
    );
    assert_eq!(seen(), 1);
}

#[test]
fn it_says_how_to_keep_it_and_how_to_end_it() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Coffee", "email").make();
    let token = issue(&app, ann, id, "ABCDEFGH");
    let page = app.visitor().get(&format!("/c/{token}"));
    assert_eq!(page.link("Add to the app"), format!("/app/sign-in?next=%2Fapp%2Fcoupons%2F{id}"));
    assert_eq!(page.link("No more e-mails like this"), format!("/c/{token}/unsubscribe"));
    assert!(page.shows("Add to Home Screen"));
}

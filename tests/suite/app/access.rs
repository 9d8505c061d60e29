//! Who gets in, and what every page of the app has in common.

use crate::support::{TestApp, make};

const PAGES: [&str; 9] = [
    "/app",
    "/app/coupons",
    "/app/coupons/1",
    "/app/groups",
    "/app/groups/1/leave",
    "/app/code",
    "/app/profile",
    "/app/profile/contact",
    "/app/profile/delete",
];

#[test]
fn signed_out_every_page_asks_to_sign_in() {
    let app = TestApp::start();
    let marketer = app.marketer();
    for path in PAGES {
        for visitor in [app.visitor(), marketer.clone()] {
            let page = visitor.get(path);
            assert_eq!(page.status, 303, "{path}");
            assert!(page.location.unwrap().starts_with("/app/sign-in?next=%2Fapp"), "{path}");
        }
    }
    for path in ["/app/code", "/app/groups/1/membership", "/app/profile", "/app/profile/delete", "/app/sign-out"] {
        let page = app.visitor().bypass(path, &[("join", "on"), ("code", "X")], "/app/sign-in");
        assert_eq!((page.status, page.location.as_deref()), (303, Some("/app/sign-in")), "{path}");
    }
    assert_eq!(app.visitor().get("/app/nowhere").status, 303);
}

#[test]
fn a_member_is_no_dashboard_user() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    assert_eq!(ann.get("/").status, 303);
    assert_eq!(ann.get("/app/coupons").status, 200);
}

#[test]
fn forms_need_their_token() {
    let app = TestApp::start();
    let group = make::group(&app, "Regulars").make();
    let ann = app.member(make::member(&app, "Ann"));
    let membership = format!("/app/groups/{group}/membership");
    for path in ["/app/code", membership.as_str(), "/app/profile", "/app/profile/delete", "/app/profile/contact"] {
        for token in ["", "wrong"] {
            let page = ann.post(path, &[("csrf", token), ("join", "on"), ("code", "X")]);
            assert_eq!(page.status, 403, "{path}");
            assert!(page.shows("This form is too old"), "{path}: {}", page.text());
        }
    }
    assert_eq!(ann.post("/app/sign-out", &[]).status, 403);
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership"), 0);
}

#[test]
fn errors_look_like_the_app() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    for path in ["/app/nowhere", "/app/coupons/999", "/app/coupons/x", "/app/groups/999/leave"] {
        let page = ann.get(path);
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(page.link("Go to the start page"), "/app", "{path}");
        assert!(page.has_link("Coupons"), "{path}");
    }
}

#[test]
fn the_app_can_be_installed() {
    let app = TestApp::start();
    diesel::RunQueryDsl::execute(
        diesel::sql_query("UPDATE setting SET organisation_name = 'Kestrel \"Coffee\"'"),
        &mut app.conn(),
    )
    .unwrap();
    let mut organisation = (*app.muster.organisation.get()).clone();
    organisation.name = "Kestrel \"Coffee\"".into();
    app.muster.organisation.set(organisation);
    let page = app.visitor().get("/app/manifest.webmanifest");
    assert_eq!(page.header("content-type"), Some("application/manifest+json"));
    let manifest: serde_json::Value = serde_json::from_str(&page.html).unwrap();
    assert_eq!(manifest["name"], "Kestrel \"Coffee\"");
    assert_eq!((&manifest["scope"], &manifest["start_url"]), (&"/app".into(), &"/app".into()));
    for icon in manifest["icons"].as_array().unwrap() {
        let image = app.visitor().get(icon["src"].as_str().unwrap());
        assert_eq!((image.status, image.header("content-type")), (200, Some("image/png")));
    }
    assert!(app.visitor().get("/app/sign-in").html.contains("rel=\"manifest\""));
}

#[test]
fn opening_the_app_notes_when() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    app.clock.advance(chrono::Duration::hours(2));
    assert_eq!(ann.get("/app").location.as_deref(), Some("/app/coupons"));
    let seen = make::text(&app, "SELECT last_seen_at AT TIME ZONE 'UTC' FROM member");
    assert_eq!(seen, "2026-11-24 12:00:00");
    app.clock.advance(chrono::Duration::minutes(20));
    ann.get("/app");
    assert_eq!(make::text(&app, "SELECT last_seen_at AT TIME ZONE 'UTC' FROM member"), seen);
}

//! Headers that make browsers strict, on answers of every sort.

use crate::support::{TestApp, make};

#[test]
fn every_answer_is_strict() {
    let app = TestApp::start();
    let (admin, member) = (app.admin(), app.member(make::member(&app, "Mia")));
    let answers = [
        app.visitor().get("/sign-in"),
        app.visitor().get("/nowhere"),
        app.visitor().get("/"),
        app.visitor().get("/c/none"),
        app.visitor().get("/static/none/none.css"),
        app.visitor().get("/organisation.css"),
        app.visitor().get("/healthz"),
        app.visitor().post("/sign-in", &[]),
        app.visitor().delete("/sign-in"),
        admin.get("/"),
        admin.get("/campaigns/999"),
        admin.get("/settings/audit-log/export.csv"),
        member.get("/app/coupons"),
        member.get("/app/manifest.webmanifest"),
    ];
    for page in &answers {
        let csp = page.header("content-security-policy").unwrap_or_default();
        for part in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(csp.contains(part), "{part} in {csp}");
        }
        assert!(!csp.contains("unsafe"), "{csp}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", ""),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=()"),
        ] {
            let found = page.header(name).unwrap_or_default();
            assert!(!found.is_empty() && found.starts_with(value), "{name}: {found:?} at {}", page.status);
        }
        assert_eq!(page.header("strict-transport-security"), None, "not over http");
        assert_eq!(page.header("server"), None);
    }
}

#[test]
fn pages_with_personal_data_are_kept_by_no_cache() {
    let app = TestApp::start();
    let member = make::member(&app, "Mia");
    let support = app.support();
    for page in [support.get(&format!("/user-support/{member}")), app.member(member).get("/app/profile")] {
        assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
    }
}

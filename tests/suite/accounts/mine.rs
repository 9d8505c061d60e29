//! **My account**: name, password, sessions.

use chrono::Duration;

use super::{PASSWORD, audited, last_message, messages, try_password};
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";

#[test]
fn ones_name_is_ones_own() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = marketer.get("/").click("My account").form("Save name").fill("Name", "Maxi").send().follow(&marketer);
    assert!(page.shows("Your name is saved.") && page.shows("Maxi"));
    let page = page.form("Save name").fill("Name", "a\u{7}b").send();
    assert_eq!(page.status, 422);
    assert!(page.error_on("Name").contains("Remove the control characters"));
    assert_eq!(audited(&app, "dashboard user changed"), 1);
}

#[test]
fn a_changed_password_ends_all_other_sessions() {
    let app = TestApp::start();
    let (marketer, other) = (app.marketer(), app.marketer());
    let form = marketer.get("/my-account").click("Change password").form("Change password");
    let page = form.clone().fill("Current password", "wrong").fill("New password", PASSWORD).send();
    assert!(page.status == 422 && page.error_on("Current password").contains("This is not your current password"));
    let page = form.clone().fill("Current password", "muster-demo").fill("New password", "too short").send();
    assert!(page.error_on("New password").contains("Use at least 12 characters"));
    assert_eq!(other.get("/").status, 200);
    let cookies = other.cookies();

    let page = form.fill("Current password", "muster-demo").fill("New password", PASSWORD).send().follow(&marketer);
    assert!(
        page.shows("Your password is changed. It is strong. All your other sessions have ended."),
        "{}",
        page.text()
    );
    assert_eq!(other.get("/").status, 303);
    assert_eq!(app.visitor().get_with("/", "cookie", &cookies).status, 303, "the old cookie is worth nothing");
    assert!(last_message(&app, MAX).contains("Your password was changed."));
    assert_eq!(try_password(&app.visitor(), MAX, "muster-demo").status, 422);
    assert_eq!(try_password(&app.visitor(), MAX, PASSWORD).status, 303);
    assert_eq!(audited(&app, "password changed"), 1);
}

#[test]
fn asking_for_the_current_password_is_throttled() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = marketer.get("/my-account/password").form("Change password").fill("New password", PASSWORD);
    for _ in 0..10 {
        assert_eq!(form.clone().fill("Current password", "wrong").send().status, 422);
    }
    assert_eq!(form.fill("Current password", "muster-demo").send().status, 429);
}

#[test]
fn sessions_are_listed_and_signed_out_one_by_one_or_all() {
    let app = TestApp::start();
    let (marketer, second, third) = (app.marketer(), app.marketer(), app.marketer());
    app.support();
    let page = marketer.get("/my-account");
    assert_eq!(page.texts_at("tbody tr").len(), 3, "{}", page.text());
    assert_eq!(page.texts_at("tbody .state"), ["This one"]);
    assert!(page.shows("127.0.0.1") && page.shows("An unknown browser"));
    page.form("Sign out session").send();
    let alive = [&second, &third].iter().filter(|visitor| visitor.get("/").status == 200).count();
    assert_eq!(alive, 1);
    let fourth = app.marketer();
    let page = marketer.get("/my-account").form("Sign out all others").send().follow(&marketer);
    assert!(page.shows("2 other sessions are signed out."));
    assert!([second, third, fourth].iter().all(|visitor| visitor.get("/").status == 303));
    assert!(!marketer.get("/my-account").has_button("Sign out all others"));
    assert_eq!(audited(&app, "sessions ended"), 2);
}

#[test]
fn nobody_signs_out_anothers_session() {
    let app = TestApp::start();
    let (marketer, support) = (app.marketer(), app.support());
    let id = make::text(
        &app,
        "SELECT s.id::text FROM session s JOIN account a ON a.id = account_id WHERE email = 'marketer@example.com'",
    );
    assert_eq!(support.bypass(&format!("/my-account/sessions/{id}/end"), &[], "/").status, 404);
    assert_eq!(marketer.get("/").status, 200);
}

#[test]
fn that_a_session_is_in_use_is_noted_once_a_minute() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let seen = || make::text(&app, "SELECT last_seen_at::text FROM session");
    let first = seen();
    app.clock.advance(Duration::seconds(59));
    marketer.get("/");
    assert_eq!(seen(), first);
    app.clock.advance(Duration::seconds(1));
    marketer.get("/");
    assert_ne!(seen(), first);
}

#[test]
fn a_sign_in_from_a_new_browser_is_told() {
    let app = TestApp::start();
    let marketer = app.marketer();
    assert_eq!(messages(&app, MAX), 0, "the first browser is no news");
    marketer.get("/").form("Sign out").send();
    assert_eq!(try_password(&marketer, MAX, "muster-demo").status, 303);
    assert_eq!(messages(&app, MAX), 0, "a known browser");
    app.marketer();
    assert_eq!(messages(&app, MAX), 1);
    let told = last_message(&app, MAX);
    assert!(
        told.contains("You signed in from a new browser: An unknown browser, address 127.0.0.1, 24 Nov 2026, 11:00."),
        "{told}"
    );
}

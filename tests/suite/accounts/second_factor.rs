//! Authenticator app and recovery codes: the second half of signing in.

use chrono::Duration;

use super::{PASSWORD, add_app, audited, code, last_message, messages, path, shown_seed, try_code, try_password};
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";

#[test]
fn the_code_is_asked_after_the_password() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (seed, codes) = add_app(&app, &marketer);
    assert_eq!(codes.len(), 10);
    assert!(last_message(&app, MAX).contains("An authenticator app was added as your second factor."));
    app.clock.advance(Duration::seconds(60));

    let visitor = app.visitor();
    let page = try_password(&visitor, MAX, "muster-demo");
    assert_eq!(page.location.as_deref(), Some("/sign-in/second-factor"));
    assert_eq!(visitor.get("/").status, 303, "the password alone is no session");
    let wrong = try_code(&visitor, "000000");
    assert!(wrong.status == 422 && wrong.error_on("Code").contains("wrong or was used already"));
    assert_eq!(try_code(&visitor, "").error_on("Code"), "Error: Enter the code that your app shows");
    let page = try_code(&visitor, &code(&seed, app.now()));
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/")));
    assert!(visitor.get("/").shows("Max Marketer"));
    let with = "SELECT after->>'with' FROM audit_entry WHERE action = 'signed in' ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, with), "password and app");
    assert_eq!(audited(&app, "second factor added"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM pending_sign_in"), 0);
    let stored = make::text(&app, "SELECT encode(totp_seed, 'hex') FROM account WHERE totp_seed IS NOT NULL");
    let plain: String = seed.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!stored.contains(&plain), "the seed is sealed");
}

#[test]
fn no_code_works_twice_in_its_window() {
    let app = TestApp::start();
    let (seed, _) = add_app(&app, &app.marketer());
    let sign_in = |code: &str| {
        let visitor = app.visitor();
        assert_eq!(try_password(&visitor, MAX, "muster-demo").status, 303);
        try_code(&visitor, code).status
    };
    assert_eq!(sign_in(&code(&seed, app.now())), 422, "the code that added the app is used");
    app.clock.advance(Duration::seconds(90));
    let now = code(&seed, app.now());
    assert_eq!(sign_in(&now), 303);
    assert_eq!(sign_in(&now), 422);
    app.clock.advance(Duration::seconds(29));
    assert_eq!(sign_in(&now), 422, "still in its window");
    // one before the last used, though in its window, is over too
    assert_eq!(sign_in(&code(&seed, app.now() - Duration::seconds(30))), 422);
    app.clock.advance(Duration::minutes(16));
    // many at a time: one is in
    let now = code(&seed, app.now());
    let visitors: Vec<_> = (0..5)
        .map(|_| {
            let visitor = app.visitor();
            try_password(&visitor, MAX, "muster-demo");
            visitor
        })
        .collect();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = visitors.iter().map(|visitor| scope.spawn(|| try_code(visitor, &now).status)).collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
}

#[test]
fn guessing_codes_is_throttled_and_the_first_half_ends() {
    let app = TestApp::start();
    let (seed, _) = add_app(&app, &app.marketer());
    app.clock.advance(Duration::minutes(1));
    let visitor = app.visitor();
    try_password(&visitor, MAX, "muster-demo");
    for _ in 0..6 {
        assert_eq!(try_code(&visitor, "000000").status, 422);
    }
    assert_eq!(try_code(&visitor, &code(&seed, app.now())).status, 429);
    let other = app.visitor();
    try_password(&other, MAX, "muster-demo");
    assert_eq!(try_code(&other, &code(&seed, app.now())).status, 429, "another browser does not help");
    app.clock.advance(Duration::minutes(16));
    let late = try_code(&visitor, &code(&seed, app.now()));
    assert_eq!(late.location.as_deref(), Some("/sign-in"));
    assert!(late.follow(&visitor).shows("That took too long. Sign in again."));
    assert_eq!(app.visitor().get("/sign-in/second-factor").location.as_deref(), Some("/sign-in"));
}

#[test]
fn each_recovery_code_works_once() {
    let app = TestApp::start();
    let (_, codes) = add_app(&app, &app.marketer());
    let sign_in = |code: &str| {
        let visitor = app.visitor();
        try_password(&visitor, MAX, "muster-demo");
        try_code(&visitor, code).status
    };
    assert_eq!(sign_in(&codes[0].to_lowercase().replace('-', " ")), 303);
    let told = "SELECT count(*) FROM message WHERE body LIKE 'A recovery code was used to sign in. 9 are left.%'";
    assert_eq!(make::count(&app, told), 1);
    assert_eq!(sign_in(&codes[0]), 422);
    assert_eq!(sign_in(&codes[1]), 303);
    let stored = make::text(&app, "SELECT string_agg(encode(code_hash, 'escape'), ' ') FROM recovery_code");
    assert!(codes.iter().all(|code| !stored.contains(code.as_str())));

    let visitor = app.visitor();
    try_password(&visitor, MAX, "muster-demo");
    try_code(&visitor, &codes[2]);
    assert!(visitor.get("/my-account").shows("7 recovery codes are left."));
    let form = visitor.get("/my-account").click("Make new codes").form("Make new codes");
    let fresh = form.fill("Current password", "muster-demo").send().texts_at(".recovery code");
    assert_eq!(fresh.len(), 10);
    assert_eq!(sign_in(&codes[3]), 422);
    assert_eq!(sign_in(&fresh[0]), 303);
    assert_eq!(audited(&app, "recovery codes made"), 1);
}

#[test]
fn an_app_is_renewed_and_removed_with_the_password() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (old, _) = add_app(&app, &marketer);
    app.clock.advance(Duration::minutes(2));
    let page = marketer.get("/my-account").click("Renew app");
    let new = shown_seed(&page);
    let form = page.form("Renew app").fill("Code", &code(&new, app.now()));
    let refused = form.clone().fill("Current password", "wrong").send();
    assert!(refused.status == 422 && refused.error_on("Current password").contains("not your current password"));
    assert_eq!(shown_seed(&refused).bytes(), new.bytes(), "the picture stays the same");
    assert_eq!(form.fill("Current password", "muster-demo").send().status, 200);
    app.clock.advance(Duration::minutes(2));
    let sign_in = |code: &str| {
        let visitor = app.visitor();
        try_password(&visitor, MAX, "muster-demo");
        try_code(&visitor, code).status
    };
    assert_eq!((sign_in(&code(&old, app.now())), sign_in(&code(&new, app.now()))), (422, 303));

    let form = marketer.get("/my-account").click("Remove").form("Remove app");
    assert_eq!(form.clone().fill("Current password", "").send().status, 422);
    let page = form.fill("Current password", "muster-demo").send().follow(&marketer);
    assert!(page.shows("The app is removed."));
    assert_eq!(try_password(&app.visitor(), MAX, "muster-demo").location.as_deref(), Some("/"));
    assert_eq!((audited(&app, "second factor renewed"), audited(&app, "second factor removed")), (1, 1));
    assert_eq!(make::count(&app, "SELECT count(*) FROM recovery_code"), 0);
}

#[test]
fn a_code_that_is_wrong_adds_no_app() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = marketer.get("/my-account/second-factor");
    let form = page.form("Add app").fill("Current password", "muster-demo");
    for (code, why) in
        [("", "Enter the six digits"), ("abcdef", "Enter the six digits"), ("000000", "not the code of now")]
    {
        let page = form.clone().fill("Code", code).send();
        assert!(page.status == 422 && page.error_on("Code").contains(why), "{code}");
    }
    // a seed of someone else's page, or one that was tampered with, is none
    let other = app.support().get("/my-account/second-factor").hidden("seed");
    for seed in ["", "x", &other] {
        let page = form.clone().fill("Code", "123456").smuggle("seed", seed).send();
        assert!(page.status == 422 && page.error_on("Code").contains("The page was too old"), "{}", page.text());
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM account WHERE totp_seed IS NOT NULL"), 0);
}

#[test]
fn who_needs_a_second_factor_adds_it_first() {
    let app = TestApp::start();
    let (admin, marketer) = (app.admin(), app.marketer());
    let page = admin.get(&path(&app, MAX)).form("Save changes").tick("Require a second factor").send();
    assert_eq!(page.status, 303);
    assert!(admin.get("/settings/dashboard-users").shows("Required, missing"));
    for path in ["/", "/campaigns", "/my-account", "/my-account/password"] {
        assert_eq!(marketer.get(path).location.as_deref(), Some("/my-account/second-factor"), "{path}");
    }
    assert!(marketer.get("/my-account/second-factor").shows("An Admin requires a second factor."));
    add_app(&app, &marketer);
    assert_eq!(marketer.get("/campaigns").status, 200);

    // of all: the Admin who asks for it too
    assert_eq!(admin.get("/settings/dashboard-users").form("Require it of all").send().status, 303);
    assert_eq!(admin.get("/").location.as_deref(), Some("/my-account/second-factor"));
    add_app(&app, &admin);
    let page = admin.get("/settings/dashboard-users").form("No longer require it of all").send().follow(&admin);
    assert!(page.shows("A second factor is no longer required of all."));
    assert_eq!(audited(&app, "settings changed"), 2);
}

#[test]
fn an_admin_resets_the_factor_of_someone_who_lost_it() {
    let app = TestApp::start();
    let (admin, marketer) = (app.admin(), app.marketer());
    add_app(&app, &marketer);
    let before = messages(&app, MAX);
    let page = admin.get("/settings/dashboard-users").click("Reset second factor").form("Reset second factor").send();
    assert!(page.follow(&admin).shows("Max Marketer signs in with the password alone, and was told so."));
    assert_eq!(messages(&app, MAX), before + 1);
    assert!(last_message(&app, MAX).contains("has removed your second factor"));
    assert_eq!(marketer.get("/").status, 303, "sessions end");
    assert_eq!(try_password(&app.visitor(), MAX, "muster-demo").location.as_deref(), Some("/"));
    assert_eq!(audited(&app, "second factor reset"), 1);
}

#[test]
fn a_reset_password_does_not_take_the_second_factor_away() {
    let app = TestApp::start();
    add_app(&app, &app.marketer());
    let visitor = app.visitor();
    visitor.get("/password-reset").form("Send link").fill("E-mail", MAX).send();
    let link = super::link_to(&app, MAX);
    assert_eq!(visitor.get(&link).form("Set password").fill("New password", PASSWORD).send().status, 303);
    let page = try_password(&visitor, MAX, PASSWORD);
    assert_eq!(page.location.as_deref(), Some("/sign-in/second-factor"));
}

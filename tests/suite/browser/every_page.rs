//! Every page in four looks: axe finds nothing, nothing scrolls sideways, the console is quiet.

use muster::accounts::Role;

use super::pages::{Stop, World, alone, member_pages, signed_in, signed_out};
use crate::support::TestApp;
use crate::support::browser::{Browser, DESKTOP, Look, PHONE};

/// Opens the pages one after the other, each in light and in dark, on a phone also at 320 px; what is wrong with them.
fn walk(browser: &Browser, stops: &[Stop], look: Look) -> Vec<String> {
    let mut found = Vec::new();
    for stop in stops {
        browser.go(&stop.path);
        if let Some((button, fields)) = stop.send {
            browser.send(button, fields);
        }
        let mut note = |look: String, wrong: Vec<String>| {
            found.extend(wrong.into_iter().map(|wrong| format!("{stop} ({look}): {wrong}")));
        };
        note(format!("{} px, light", look.width), browser.problems());
        if look.width == PHONE.width {
            note("320 px".into(), browser.problems_at(320));
        }
        note(format!("{} px, dark", look.width), browser.problems_in_the_dark());
    }
    found
}

fn in_look(app: &TestApp, world: &World, look: Look) -> Vec<String> {
    let browser = Browser::open(app, look);
    let mut found = walk(&browser, &signed_out(world), look);
    browser.sign_in("support@example.com");
    found.extend(walk(&browser, &[Stop::at("/"), Stop::at("/settings"), Stop::at("/user-support")], look));
    browser.click_out();
    browser.sign_in("admin@example.com");
    found.extend(walk(&browser, &signed_in(world), look));
    browser.sign_in_member(app, world.member);
    found.extend(walk(&browser, &member_pages(world), look));
    found
}

#[test]
fn every_page_is_accessible_in_every_look() {
    let app = TestApp::with_openid_away(|_| {});
    let world = World::fill(&app);
    let found: Vec<String> = std::thread::scope(|scope| {
        let walks = [DESKTOP, PHONE].map(|look| {
            let (app, world) = (&app, &world);
            scope.spawn(move || in_look(app, world, look))
        });
        walks.into_iter().flat_map(|walk| walk.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}

#[test]
fn pages_with_nothing_on_them_are_accessible() {
    let app = TestApp::start();
    app.make_account("admin@example.com", "Ada Admin", Role::Admin);
    let mut found = Vec::new();
    for look in [DESKTOP, PHONE] {
        let browser = Browser::open(&app, look);
        browser.sign_in("admin@example.com");
        found.extend(walk(&browser, &alone(), look));
        browser.sign_in_member(&app, crate::support::make::member(&app, "Lonely Lou"));
        found.extend(walk(&browser, &["/app/coupons", "/app/groups", "/app/code"].map(Stop::at), look));
    }
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}

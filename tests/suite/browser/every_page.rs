//! Every page in four looks: axe finds nothing, nothing scrolls sideways, the console is quiet.

use muster::accounts::Role;

use super::pages::{Stop, World, alone, member_pages, signed_in, signed_out};
use crate::support::TestApp;
use crate::support::browser::{Browser, DESKTOP, Look, PHONE};

const NARROW: Look = Look { width: 320, ..PHONE };

/// Opens the pages one after the other; what is wrong with them.
fn walk(browser: &Browser, stops: &[Stop], look: Look) -> Vec<String> {
    let mut found = Vec::new();
    for stop in stops {
        browser.go(&stop.path);
        if let Some((button, fields)) = stop.send {
            browser.send(button, fields);
        }
        // at 320 px the page is the one at 390
        let wrong = if look.width == NARROW.width { browser.layout_problems() } else { browser.problems() };
        let theme = if look.dark { "dark" } else { "light" };
        found.extend(wrong.into_iter().map(|wrong| format!("{stop} ({} px, {theme}): {wrong}", look.width)));
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

fn in_looks(app: &TestApp, world: &World, looks: &[Look]) -> Vec<String> {
    looks.iter().flat_map(|look| in_look(app, world, *look)).collect()
}

#[test]
fn every_page_is_accessible_in_every_look() {
    let app = TestApp::start();
    let world = World::fill(&app);
    let dark = |look| Look { dark: true, ..look };
    let found: Vec<String> = std::thread::scope(|scope| {
        let looks = [vec![DESKTOP, dark(DESKTOP)], vec![PHONE, dark(PHONE), NARROW]];
        let walks = looks.map(|looks| {
            scope.spawn({
                let (app, world) = (&app, &world);
                move || in_looks(app, world, &looks)
            })
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
    for look in [DESKTOP, Look { dark: true, ..PHONE }] {
        let browser = Browser::open(&app, look);
        browser.sign_in("admin@example.com");
        found.extend(walk(&browser, &alone(), look));
        browser.sign_in_member(&app, crate::support::make::member(&app, "Lonely Lou"));
        found.extend(walk(&browser, &["/app/coupons", "/app/groups", "/app/code"].map(Stop::at), look));
    }
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}

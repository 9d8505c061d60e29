//! Signing in with and without scripts.

use muster::accounts::Role;

use crate::support::TestApp;
use crate::support::browser::{Browser, DESKTOP, Look, PHONE};

#[test]
fn one_can_sign_in_with_and_without_scripts() {
    let app = TestApp::start();
    app.make_account("marketer@example.com", "Max Marketer", Role::Marketer);
    for look in [DESKTOP, PHONE, Look { scripts: false, ..DESKTOP }, Look { dark: true, ..DESKTOP }] {
        let browser = Browser::open(&app, look);
        browser.go("/sign-in");
        browser.must_be_accessible();
        browser.sign_in("marketer@example.com");
        browser.must_be_accessible();
    }
}

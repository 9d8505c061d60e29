//! Passkeys in a browser, with an authenticator that the browser plays itself.

use muster::accounts::Role;
use serde_json::json;

use crate::support::TestApp;
use crate::support::browser::{Browser, DESKTOP};

#[test]
fn a_passkey_is_added_and_signs_in_alone_and_after_the_password() {
    let app = TestApp::start_at_localhost();
    app.make_account("marketer@example.com", "Max Marketer", Role::Marketer);
    let browser = Browser::open(&app, DESKTOP);
    browser.devtools("WebAuthn.enable", json!({}));
    let options = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    });
    browser.devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options }));
    browser.sign_in("marketer@example.com");
    browser.go("/my-account/passkeys/new");
    browser.must_be_accessible();
    browser.fill("Name", "Laptop");
    browser.fill("Current password", "muster-demo");
    browser.click("Add passkey");
    browser.see("Your second factor is on");
    browser.must_be_accessible();

    browser.click_out();
    browser.go("/sign-in");
    browser.must_be_accessible();
    browser.click("Sign in with a passkey");
    browser.see("Overview");

    browser.click_out();
    browser.go("/sign-in");
    browser.fill("E-mail", "marketer@example.com");
    browser.fill("Password", "muster-demo");
    browser.click("Sign in");
    browser.see("Second factor");
    browser.must_be_accessible();
    browser.click("Use a passkey");
    browser.see("Overview");
}

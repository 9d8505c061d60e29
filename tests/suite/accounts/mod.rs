//! Dashboard users: invited, changed, disabled; how they prove who they are.

mod changed_meanwhile;
mod editing;
mod failed;
mod hashes;
mod inviting;
mod last_admin;
mod links_kept;
mod mine;
pub mod passkey_key;
mod passkeys;
mod reset;
mod second_factor;
mod sessions;
mod timing;

use chrono::{DateTime, Utc};
use muster::accounts::totp::Seed;

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// Long, and on no list.
pub const PASSWORD: &str = "four lemons on a bicycle";

/// The text of the last message to an address.
pub fn last_message(app: &TestApp, to: &str) -> String {
    let message =
        format!("SELECT subject || E'\\n' || body FROM message WHERE recipient = '{to}' ORDER BY id DESC LIMIT 1");
    make::text(app, &message)
}

/// How many messages went to an address.
pub fn messages(app: &TestApp, to: &str) -> i64 {
    make::count(app, &format!("SELECT count(*) FROM message WHERE recipient = '{to}'"))
}

/// The path of the link in the last message to an address.
pub fn link_to(app: &TestApp, to: &str) -> String {
    let body = last_message(app, to);
    let base = format!("http://{}", app.address);
    let link = body.split_whitespace().find_map(|word| word.strip_prefix(base.as_str()));
    link.unwrap_or_else(|| panic!("no link in {body}")).to_owned()
}

/// The key of an account.
pub fn key(app: &TestApp, email: &str) -> String {
    make::text(app, &format!("SELECT id::text FROM account WHERE email = '{email}'"))
}

/// Where an account is edited.
pub fn path(app: &TestApp, email: &str) -> String {
    format!("/settings/dashboard-users/{}", key(app, email))
}

/// What the audit log says last of this action.
pub fn audited(app: &TestApp, action: &str) -> i64 {
    assert_eq!(make::text(app, "SELECT count(*)::text FROM audit_entry WHERE hash IS NULL"), "0");
    make::count(app, &format!("SELECT count(*) FROM audit_entry WHERE action = '{action}'"))
}

/// Sends e-mail and password.
pub fn try_password(visitor: &Visitor, email: &str, password: &str) -> Page {
    visitor.get("/sign-in").form("Sign in").fill("E-mail", email).fill("Password", password).send()
}

/// The seed that the page for adding an app shows.
pub fn shown_seed(page: &Page) -> Seed {
    let text: String = page.text_at(".enrol-key").chars().filter(|c| !c.is_whitespace()).collect();
    let value = |c: u8| u32::from(if c.is_ascii_digit() { c - b'2' + 26 } else { c - b'A' });
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.bytes() {
        (held, bits) = (held << 5 | value(letter), bits + 5);
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 255).unwrap());
        }
    }
    Seed::of(bytes)
}

/// Adds an app with the password "muster-demo"; its seed and the recovery codes.
pub fn add_app(app: &TestApp, visitor: &Visitor) -> (Seed, Vec<String>) {
    let page = visitor.get("/my-account/second-factor");
    let seed = shown_seed(&page);
    let form = page.form("Add app").fill("Code", &seed.code_at(app.now())).fill("Current password", "muster-demo");
    let page = form.send();
    assert_eq!(page.status, 200, "{}", page.text());
    (seed, page.texts_at(".recovery code"))
}

/// Sends the code of the second factor.
pub fn try_code(visitor: &Visitor, code: &str) -> Page {
    visitor.get("/sign-in/second-factor").form("Sign in").fill("Code", code).send()
}

/// The code of a moment.
pub fn code(seed: &Seed, at: DateTime<Utc>) -> String {
    seed.code_at(at)
}

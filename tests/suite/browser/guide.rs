//! The guide of product.md section 2, word for word, in a browser, with and without scripts.

use muster::accounts::Role;
use muster::ids::MemberId;

use crate::support::browser::{Browser, DESKTOP, Look};
use crate::support::{TestApp, make};

const WITHOUT_SCRIPTS: Look = Look { scripts: false, ..DESKTOP };

fn app() -> TestApp {
    let app = TestApp::start();
    app.make_account("marketer@example.com", "Max Marketer", Role::Marketer);
    app.make_account("support@example.com", "Sue Support", Role::Support);
    app
}

/// **Create campaign** up to and without step 2's codes.
fn begin_campaign(browser: &Browser, kind: &str, name: &str) {
    browser.click("Campaigns");
    browser.click("Create campaign");
    browser.click(kind);
    browser.see("1. Content");
    browser.fill("Campaign name", name);
    browser.fill("Title", &format!("{name} for you"));
    if kind == "SMS coupon" {
        browser.fill("Sender", "Muster");
        browser.fill("SMS text", "Here it is: {link}");
    }
    if kind == "E-mail coupon" {
        browser.fill("Subject", "Your coupon");
        browser.fill("Body", "Here it is: {link}");
    }
    browser.click("Save and continue");
    browser.see("Minimum basket");
    browser.tick("Entry only");
}

fn time_frame_and_publish(browser: &Browser) {
    browser.see("Weekdays");
    browser.fill("Start", "2026-11-24T00:00");
    browser.fill("End", "2026-12-31T23:59");
    browser.click("Save and continue");
    browser.click("Publish");
    browser.see("Live");
}

fn add_private_group(browser: &Browser, name: &str, campaign: &str) {
    browser.click("Settings");
    browser.click("User Groups");
    browser.click("Add group");
    browser.fill("Name", name);
    browser.fill("Description", &format!("About {name}"));
    browser.fill("Start date", "2026-11-24");
    browser.fill("Stop date", "2026-12-31");
    assert!(!browser.has_control("Order"), "revealed by User viewable only");
    browser.tick("User viewable");
    assert!(!browser.has_control("Campaign"), "revealed by By code only");
    browser.tick("By code");
    browser.choose("Campaign", campaign);
    browser.fill("Order", "1");
    browser.click("Save changes");
    browser.see("Group added");
}

fn join_by_code(browser: &Browser, group: &str, code: &str) {
    browser.click("Groups");
    browser.see(group);
    browser.click("Enter code");
    browser.fill("Code", code);
    browser.click("Use code");
    browser.wait(
        "the code's outcome",
        "return document.querySelector('[role=alert], .flash, .error-summary') !== null;",
        vec![],
    );
}

fn is_in(app: &TestApp, member: MemberId, group: &str) -> bool {
    let sql = format!(
        "SELECT count(*) FROM membership JOIN member_group ON member_group.id = group_id
         WHERE member_id = {member} AND name = '{group}' AND left_at IS NULL"
    );
    make::count(app, &sql) == 1
}

#[test]
fn a_private_group_with_one_code_for_all() {
    for (look, kind) in
        [(DESKTOP, "Code coupon"), (WITHOUT_SCRIPTS, "App coupon"), (DESKTOP, "SMS coupon"), (DESKTOP, "E-mail coupon")]
    {
        let app = app();
        let (first, second) = (make::member(&app, "Ann First"), make::member(&app, "Bob Second"));
        let browser = Browser::open(&app, look);
        browser.sign_in("marketer@example.com");
        begin_campaign(&browser, kind, "Tea lovers code");
        browser.tick("One code, validated many times");
        browser.fill("Code", "tea-lovers 26");
        browser.click("Advanced");
        browser.tick("Allow in app validation");
        browser.click("Save and continue");
        browser.tick("Everyone");
        browser.click("Save and continue");
        time_frame_and_publish(&browser);
        add_private_group(&browser, "Tea lovers", "Tea lovers code");
        app.work();

        for member in [first, second] {
            let phone = Browser::open(&app, look);
            phone.sign_in_member(&app, member);
            join_by_code(&phone, "Tea lovers", "TEALOVERS-26");
            assert!(is_in(&app, member, "Tea lovers"), "{kind}: {}", phone.text());
        }
        assert_eq!(make::count(&app, "SELECT uses_taken FROM code WHERE text = 'TEALOVERS26'"), 2);
    }
}

#[test]
fn a_private_group_with_many_codes_for_one_use_each() {
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let app = app();
        let (first, second) = (make::member(&app, "Ann First"), make::member(&app, "Bob Second"));
        let browser = Browser::open(&app, look);
        browser.sign_in("marketer@example.com");
        begin_campaign(&browser, "Code coupon", "Card codes");
        browser.tick("Many codes, each validated once");
        browser.fill("Number of codes", "25");
        browser.click("Advanced");
        browser.tick("Allow in app validation");
        browser.click("Save and continue");
        browser.tick("Everyone");
        browser.click("Save and continue");
        time_frame_and_publish(&browser);
        add_private_group(&browser, "Card holders", "Card codes");
        assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 25);
        let code = make::text(&app, "SELECT text FROM code ORDER BY text LIMIT 1");

        let phone = Browser::open(&app, look);
        phone.sign_in_member(&app, first);
        join_by_code(&phone, "Card holders", &code.to_lowercase());
        assert!(is_in(&app, first, "Card holders"), "{}", phone.text());

        let other = Browser::open(&app, look);
        other.sign_in_member(&app, second);
        join_by_code(&other, "Card holders", &code);
        assert!(!is_in(&app, second, "Card holders"));
        assert!(other.text().contains("used"), "{}", other.text());
    }
}

#[test]
fn a_public_group_is_joined_and_left_by_its_switch() {
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let app = app();
        let member = make::member(&app, "Ann Toggle");
        let browser = Browser::open(&app, look);
        browser.sign_in("marketer@example.com");
        browser.click("Settings");
        browser.click("User Groups");
        browser.click("Add group");
        browser.fill("Name", "Bean friends");
        browser.fill("Description", "Fresh beans every month");
        browser.tick("User viewable");
        browser.tick("Open");
        browser.click("Save changes");
        browser.see("Group added");

        let phone = Browser::open(&app, look);
        phone.sign_in_member(&app, member);
        phone.click("Groups");
        let switched = "return document.querySelector('[role=switch]').getAttribute('aria-checked') === arguments[0];";
        phone.click("Bean friends");
        phone.wait("switch on", switched, vec!["true".into()]);
        phone.see("You joined Bean friends.");
        phone.go("/app/groups");
        phone.wait("switch still on", switched, vec!["true".into()]);
        assert!(is_in(&app, member, "Bean friends"));
        phone.click("Bean friends");
        phone.wait("switch off", switched, vec!["false".into()]);
        phone.see("You left Bean friends.");
        phone.go("/app/groups");
        phone.wait("switch still off", switched, vec!["false".into()]);
        assert!(!is_in(&app, member, "Bean friends"));
    }
}

#[test]
fn a_hidden_group_is_filled_by_support() {
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let app = app();
        let member = make::member(&app, "Ann Hidden");
        let phone = make::text(&app, "SELECT phone FROM member");
        let browser = Browser::open(&app, look);
        browser.sign_in("marketer@example.com");
        browser.click("Settings");
        browser.click("User Groups");
        browser.click("Add group");
        browser.fill("Name", "Watch list");
        browser.click("Save changes");
        browser.see("Group added");
        browser.click("Sign out");

        browser.sign_in("support@example.com");
        browser.click("User support");
        // as on a business card
        browser.fill("Find", &phone.replace("+49", "0049 (0) "));
        browser.click("Find");
        browser.see("Ann Hidden");
        browser.click("Edit");
        browser.tick("Watch list");
        browser.click("SAVE");
        browser.see("Watch list");
        browser.wait("the message", "return document.querySelector('.flash') !== null;", vec![]);
        assert!(is_in(&app, member, "Watch list"));

        let app_window = Browser::open(&app, look);
        app_window.sign_in_member(&app, member);
        app_window.click("Groups");
        app_window.see("no groups");
    }
}

#[test]
fn a_campaign_reaches_included_groups_and_never_excluded_ones() {
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let app = app();
        let (vip, staff) = (make::group(&app, "VIP").make(), make::group(&app, "Staff").hidden().make());
        let both = make::member(&app, "Bea Both");
        let only = make::member(&app, "Otto Only");
        let none = make::member(&app, "Nina None");
        make::stay(&app, vip, &[both, only]);
        make::stay(&app, staff, &[both]);
        let browser = Browser::open(&app, look);
        browser.sign_in("marketer@example.com");
        begin_campaign(&browser, "App coupon", "VIP treat");
        browser.click("Save and continue");
        browser.tick("Send to member group");
        browser.tick("Include VIP");
        browser.tick("Exclude Staff");
        if look.scripts {
            // the arithmetic follows by itself
            browser.wait("one receiver", "return /1 receiver|Receivers 1\\b|= ?1\\b/.test(folded(document.getElementById('audience-sum').innerText));", vec![]);
        }
        browser.click("Save and continue");
        time_frame_and_publish(&browser);
        app.work();
        let holders =
            make::text(&app, "SELECT string_agg(name, ',') FROM delivery JOIN member ON member.id = member_id");
        assert_eq!(holders, "Otto Only");

        let phone = Browser::open(&app, look);
        phone.sign_in_member(&app, only);
        phone.see("VIP treat for you");
        let other = Browser::open(&app, look);
        other.sign_in_member(&app, none);
        assert!(!other.text().contains("VIP treat"));
    }
}

//! Step **1. Content**.

use super::{audited, begin, column, newest};
use crate::support::{TestApp, make};

#[test]
fn what_is_given_is_checked_and_nothing_typed_is_lost() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "SMS coupon");
    let long = "x".repeat(121);
    let page = page
        .form("Save and continue")
        .fill("Campaign name", &long)
        .fill("Title", "two\u{7}bells")
        .fill("Sender", "Kestrel Coffee")
        .fill("SMS text", "no link here")
        .fill("Text", "kept as typed")
        .send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Campaign name"), "Error: Use at most 120 characters");
    assert!(page.error_on("Title").contains("Remove the control characters"));
    assert_eq!(page.error_on("Sender"), "Error: Use at most 11 characters");
    assert_eq!(page.error_on("SMS text"), "Error: Write {link} where the link to the coupon shall stand");
    assert_eq!(page.value("Text"), "kept as typed");
    assert_eq!(page.value("Campaign name"), long);
    assert_eq!(column(&app, newest(&app), "name || title || body"), "");
    assert_eq!(audited(&app, "campaign changed"), 0);
}

#[test]
fn lengths_are_limits_to_the_letter() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "E-mail coupon");
    for (label, max) in
        [("Campaign name", 120), ("Title", 120), ("Text", 1_000), ("Terms", 5_000), ("Subject", 150), ("Body", 10_000)]
    {
        let refused = page.form("Save draft").fill(label, &"é".repeat(max + 1)).send();
        assert_eq!(refused.status, 422, "{label}");
        assert!(refused.error_on(label).contains("Use at most"), "{label}");
        assert_eq!(page.form("Save draft").fill(label, &"é".repeat(max)).send().status, 303, "{label}");
    }
}

#[test]
fn any_script_and_markup_is_kept_as_it_is() {
    let app = TestApp::start();
    let marketer = app.marketer();
    for text in ["مجموعة ☕️", "<script>alert(1)</script>", "'; DROP TABLE campaign; --", "{{ 7 * 7 }}"] {
        let page = begin(&marketer, "App coupon");
        let page = page.form("Save draft").fill("Title", text).fill("Campaign name", text).send().follow(&marketer);
        assert_eq!(page.value("Title"), text);
        assert!(page.texts_at(".phone-title").iter().any(|shown| shown == text));
        assert!(!page.html.contains("<script>alert"));
        assert!(marketer.get("/campaigns").shows(text));
    }
}

#[test]
fn fields_of_other_kinds_are_not_kept() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon");
    assert!(!page.has_control("SMS text") && !page.has_control("Subject"));
    let page = page.form("Save draft").fill("Title", "T").smuggle("sms_text", "x").smuggle("subject", "y").send();
    assert_eq!(page.status, 303);
    assert_eq!(column(&app, newest(&app), "sms_text || email_subject"), "");
}

#[test]
fn the_parts_of_an_sms_are_counted_with_its_link() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "SMS coupon");
    assert!(page.shows("0 messages, 160 characters left"));
    let page = page.form("Save draft").fill("SMS text", "Hello {link}").send().follow(&marketer);
    let left = 160 - 6 - (app.muster.config.public_url.len() + 3 + 36);
    assert!(page.shows(&format!("1 message, {left} characters left")), "{}", page.text());
}

#[test]
fn a_change_is_in_the_audit_log_with_what_it_changed_only() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon");
    let page = page.form("Save draft").fill("Campaign name", "Winter").send().follow(&marketer);
    page.form("Save draft").fill("Title", "Warm up").send();
    let after = make::text(&app, "SELECT after FROM audit_entry ORDER BY id DESC LIMIT 1");
    assert_eq!(after, r#"{"title": "Warm up"}"#);
    assert_eq!(make::text(&app, "SELECT subject_name FROM audit_entry ORDER BY id DESC LIMIT 1"), "Winter");
}

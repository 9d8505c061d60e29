//! Whatever is typed: a message at the field or stored as it is; never an error page, never run.

use super::{LIST, NEW, accepted};
use crate::support::{TestApp, make};

#[test]
fn text_of_any_kind_is_kept_as_typed() {
    let app = TestApp::start();
    let marketer = app.marketer();
    for name in
        ["مجموعة الباريستا", "☕️ Club 👩‍👩‍👧", "'; DROP TABLE member_group; --", "<script>alert(1)</script>", "{{ 7*7 }}"]
    {
        let form = marketer.get(NEW).form("Save changes").fill("Name", name).fill("Description", name);
        let page = accepted(form.tick("User viewable").send(), &marketer);
        assert_eq!(page.text_at("h1"), name);
        assert!(!page.html.contains("<script>alert"));
        assert!(marketer.get(LIST).shows(name));
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_group"), 5);
}

#[test]
fn text_that_cannot_be_kept_is_refused_at_its_field() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let fill = |label: &str, text: &str| {
        let form = marketer.get(NEW).form("Save changes").fill("Name", "Ok").fill("Description", "Ok");
        let page = form.tick("User viewable").fill(label, text).send();
        assert_eq!(page.status, 422, "{label}: {text:?}");
        page.error_on(label)
    };
    assert_eq!(fill("Name", &"x".repeat(81)), "Error: Use at most 80 characters");
    assert_eq!(fill("Name", "a\nb"), "Error: Use a single line");
    assert_eq!(fill("Name", "\u{200b}"), "Error: Enter a group name");
    assert!(fill("Name", "a\0b").contains("control characters"));
    assert_eq!(fill("Description", &"é".repeat(501)), "Error: Use at most 500 characters");
    assert!(fill("Description", "a\u{1b}b").contains("control characters"));
    assert_eq!(fill("Start date", "1999-12-31"), "Error: Enter a year from 2000 to 2199");
    for order in ["-1", "1.5", "x", "99999999999999999999"] {
        assert_eq!(fill("Order", order), "Error: Enter a whole number from 0 to 9999");
    }
    let form = marketer.get(NEW).form("Save changes").fill("Name", "Ok").fill("Description", "Ok");
    let page = form.tick("User viewable").smuggle("join_type", "by magic").send();
    assert_eq!(page.text_at("#error-join_type"), "Error: Choose how members join");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_group"), 0);
}

#[test]
fn a_form_that_is_not_one_is_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let big = "x".repeat(600 * 1024);
    assert_eq!(marketer.bypass(LIST, &[("name", &big)], NEW).status, 413);
    assert_eq!(marketer.bypass(LIST, &[("name", "a"), ("name", "b")], NEW).status, 400);
    assert_eq!(marketer.post_raw(LIST, "application/x-www-form-urlencoded", vec![0xff, 0xfe]).status, 400);
    assert_eq!(marketer.get(&format!("{LIST}?after=%00&q=%ff")).status, 200);
}

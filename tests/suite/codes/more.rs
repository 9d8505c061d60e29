//! **Make more codes**.

use diesel::prelude::*;

use crate::support::{TestApp, make};

#[test]
fn few_more_are_made_at_once_and_many_more_in_the_background() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    let marketer = app.marketer();
    let form = marketer.get(&format!("/campaigns/{id}/codes/new"));
    let done = form.form("Make codes").fill("Number of codes", "2,000").send();
    let list = done.follow(&marketer);
    assert!(list.shows("2,000 codes made.") && list.shows("2,000 codes"), "{}", list.text());

    let page =
        list.click("Make more codes").form("Make codes").fill("Number of codes", "20000").send().follow(&marketer);
    assert!(page.shows("20,000 codes ordered.") && page.shows("2,000 of 22,000 codes made"), "{}", page.text());
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 22_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'more codes ordered'"), 2);
}

#[test]
fn what_is_no_number_is_refused_and_kept() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    let page = app.marketer().get(&format!("/campaigns/{id}/codes/new"));
    let long = "9".repeat(3000);
    for typed in
        ["", "0", "-1", "5000001", "ten", "1.5", "1e3", "\u{202e}12x", "☕", "<b>1</b>", "1'; --", &long, "a\0b"]
    {
        let answer = page.form("Make codes").fill("Number of codes", typed).send();
        assert_eq!(answer.status, 422, "{typed}");
        assert_eq!(answer.error_on("Number of codes"), "Error: Enter a number from 1 to 5,000,000");
        if !typed.contains('\0') {
            assert_eq!(answer.value("Number of codes"), typed);
        }
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_batch"), 0);
}

#[test]
fn pressed_twice_it_orders_once() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    let form =
        app.marketer().get(&format!("/campaigns/{id}/codes/new")).form("Make codes").fill("Number of codes", "10");
    assert_eq!(form.clone().send().status, 303);
    let again = form.send();
    assert_eq!(again.status, 422);
    assert!(again.error_on("Number of codes").contains("10 codes have been ordered"), "{}", again.text());
    assert_eq!(again.form("Make codes").send().status, 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 20);
}

#[test]
fn more_than_could_be_guessed_are_refused() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    diesel::sql_query("UPDATE campaign SET code_length = 6").execute(&mut app.conn()).unwrap();
    let marketer = app.marketer();
    let order = |n: &str| {
        marketer.get(&format!("/campaigns/{id}/codes/new")).form("Make codes").fill("Number of codes", n).send()
    };
    assert_eq!(order("800").status, 303);
    let refused = order("100");
    assert_eq!(refused.status, 422);
    assert!(refused.error_on("Number of codes").contains("Use at least 7 characters for 900 codes"));
}

#[test]
fn only_a_published_campaign_of_many_codes_takes_more_and_only_from_marketers() {
    let app = TestApp::start();
    let one = make::campaign(&app, "One", "code").one_code("VIP2026", None).make();
    let draft = make::campaign(&app, "Draft", "code").many_codes().draft().make();
    let many = make::campaign(&app, "Many", "code").many_codes().make();
    let marketer = app.marketer();
    let token_from = format!("/campaigns/{many}/codes/new");
    for (id, status) in [(one.0, 404), (draft.0, 404), (999_999, 404)] {
        let path = format!("/campaigns/{id}/codes/new");
        assert_eq!(marketer.get(&path).status, status);
        assert_eq!(marketer.bypass(&path, &[("number", "5"), ("ordered", "0")], &token_from).status, status);
    }
    assert_eq!(marketer.post(&token_from, &[("number", "5"), ("ordered", "0")]).status, 403);
    let support = app.support();
    assert_eq!(support.bypass(&token_from, &[("number", "5"), ("ordered", "0")], "/").status, 403);
    assert_eq!(app.visitor().post(&token_from, &[("number", "5")]).status, 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_batch"), 0);
}

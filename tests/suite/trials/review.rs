//! The review page and step 1 in a browser.

use muster::accounts::Role;
use serde_json::json;

use super::run;
use crate::support::browser::{Browser, DESKTOP};
use crate::support::{TestApp, make};

#[test]
fn tests_and_dry_runs_are_watched_without_loading_the_page() {
    let app = TestApp::start();
    app.make_account("marketer@example.com", "Max Marketer", Role::Marketer);
    make::members(&app, 5);
    let id = make::campaign(&app, "Coffee", "sms").draft().make();
    let browser = Browser::open(&app, DESKTOP);
    browser.sign_in("marketer@example.com");
    browser.go(&format!("/campaigns/{id}/review"));
    browser.fill("Phone number", "+49 1511 2345678");
    browser.click("Send a test");
    browser.see("Queued");
    browser.must_be_accessible();
    browser.script("window.same = true;", vec![]);
    app.work();
    browser.see("In the Outbox");
    assert_eq!(browser.script("return window.same === true;", vec![]), json!(true), "the page was not loaded again");
    browser.click("Start a dry run");
    browser.see("Under way: 0 receivers so far");
    browser.must_be_accessible();
    app.work();
    browser.see("Nothing was sent. What changes afterwards is not in it.");
    browser.see("SMS parts 5 in GSM-7");
    browser.must_be_accessible();
}

#[test]
fn a_coupon_is_announced_when_its_box_is_ticked() {
    let app = TestApp::start();
    app.make_account("marketer@example.com", "Max Marketer", Role::Marketer);
    let id = make::campaign(&app, "Coffee", "app").draft().make();
    let browser = Browser::open(&app, DESKTOP);
    browser.sign_in("marketer@example.com");
    browser.go(&format!("/campaigns/{id}/content"));
    let shown = "return document.querySelector('.notice').getClientRects().length > 0;";
    assert_eq!(browser.script(shown, vec![]), json!(false));
    browser.tick("Notify by push");
    assert_eq!(browser.script(shown, vec![]), json!(true));
    browser.fill("Title", "Free tea");
    browser.see("The notification");
    browser.wait(
        "mirrored title",
        "return document.querySelector('.notice-title').textContent === 'Free tea';",
        vec![],
    );
    browser.must_be_accessible();
    browser.click("Save and continue");
    browser.wait("review", "return location.pathname.endsWith('/review');", vec![]);
    browser.see("Notify by push Yes");
    assert_eq!(browser.script(shown, vec![]), json!(true));
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign WHERE notify_push"), 1);
    run(&app, "UPDATE campaign SET notify_push = false");
    browser.go(&format!("/campaigns/{id}/review"));
    assert_eq!(browser.script(shown, vec![]), json!(false));
}

#[test]
fn other_channels_keep_no_push() {
    let app = TestApp::start();
    let max = app.marketer();
    for channel in ["sms", "email", "code"] {
        let id = make::campaign(&app, "Coffee", channel).draft().make();
        let page = max.get(&format!("/campaigns/{id}/content"));
        assert!(!page.has_control("Notify by push"));
        assert_eq!(page.form("Save and continue").smuggle("notify_push", "on").send().status, 303);
    }
    let id = make::campaign(&app, "Coffee", "app").draft().make();
    let path = format!("/campaigns/{id}/content");
    max.get(&path).form("Save draft").tick("Notify by push").send();
    assert!(max.get(&path).is_ticked("Notify by push"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign WHERE notify_push"), 1);
    // a copy is announced too
    max.bypass(&format!("/campaigns/{id}/duplicate"), &[], &path);
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign WHERE notify_push"), 2);
    max.get(&path).form("Save draft").untick("Notify by push").send();
    assert!(!max.get(&path).is_ticked("Notify by push"));
}

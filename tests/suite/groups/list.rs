//! The list: what it shows, filters, pages.

use chrono::Duration;

use super::LIST;
use crate::support::{TestApp, make};

fn names(page: &crate::support::page::Page) -> Vec<String> {
    page.texts_at("tbody th a:first-child")
}

#[test]
fn an_empty_list_says_what_belongs_here() {
    let app = TestApp::start();
    let page = app.marketer().get(LIST);
    assert!(page.shows("Groups divide your members") && page.has_link("Add the first group"));
}

#[test]
fn a_line_has_type_state_days_members_and_order() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let stop = app.now() + Duration::days(2);
    let group = make::group(&app, "Regulars").order(12).between(app.now() - Duration::days(1), Some(stop)).make();
    make::stay(&app, group, &make::members(&app, 1234));
    make::group(&app, "Staff").hidden().between(app.now() + Duration::days(2), None).make();
    let page = marketer.get(LIST);
    assert_eq!(
        page.texts_at("tbody tr:first-child td"),
        ["Public", "Active", "23 Nov 2026", "26 Nov 2026", "1,234", "12", "Edit ⋮ End now Delete"]
    );
    let second = page.texts_at("tbody tr:last-child td");
    assert_eq!(second[..6], ["Hidden", "Upcoming", "26 Nov 2026", "Open-ended", "0", ""]);
    assert!(page.shows("2 groups"));
}

#[test]
fn filters_and_search_narrow_the_list() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let now = app.now();
    make::group(&app, "Café friends").make();
    make::group(&app, "Cafe staff").hidden().make();
    make::group(&app, "Summer 50%").between(now - Duration::days(9), Some(now)).make();
    make::group(&app, "Winter").between(now + Duration::days(9), None).make();
    let with = |query: &str| names(&marketer.get(&format!("{LIST}?{query}")));
    assert_eq!(with("q=CAFE"), ["Cafe staff", "Café friends"]);
    assert_eq!(with("q=50%25"), ["Summer 50%"]);
    assert_eq!(with("state=ended"), ["Summer 50%"]);
    assert_eq!(with("state=upcoming"), ["Winter"]);
    assert_eq!(with("state=active&type=hidden"), ["Cafe staff"]);
    assert_eq!(with("type=nonsense&state=nonsense&q=%00").len(), 4);
    let form = marketer.get(LIST).form("Apply").fill("Name", "winter").choose("State", "Upcoming");
    assert_eq!(names(&form.choose("Type", "Public").send()), ["Winter"]);
    let none = marketer.get(&format!("{LIST}?q=nothing&type=private"));
    assert!(none.shows("Nothing found for “nothing”, Private.") && none.has_link("Clear search and filters"));
}

#[test]
fn pages_go_on_and_back_and_keep_the_filters() {
    let app = TestApp::start();
    let marketer = app.marketer();
    for place in 0..120 {
        make::group(&app, &format!("Group {place:03} & Co")).make();
    }
    let first = marketer.get(&format!("{LIST}?q=group&state=active"));
    assert_eq!((names(&first).len(), names(&first)[0].as_str()), (50, "Group 000 & Co"));
    assert!(first.shows("120 groups") && !first.has_link("Previous"));
    let second = first.click("Next");
    let third = second.click("Next");
    assert_eq!((names(&third).len(), names(&third)[0].as_str()), (20, "Group 100 & Co"));
    assert!(!third.has_link("Next") && third.value("State") == "active");
    assert_eq!(names(&third.click("Previous")), names(&second));
    assert_eq!(names(&second.click("Previous")), names(&first));
}

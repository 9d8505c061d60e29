//! The list of members.

use diesel::prelude::*;

use crate::support::page::Page;
use crate::support::{TestApp, make};

fn names(page: &Page) -> Vec<String> {
    page.texts_at("tbody th")
}

#[test]
fn the_list_shows_the_newest_first_with_exact_counts() {
    let app = TestApp::start();
    let agent = app.support();
    let page = agent.get("/members");
    assert!(page.shows("Members join through your tills"));
    assert!(!page.has_link("Add the first member"));
    assert!(app.marketer().get("/members").has_link("Add the first member"));

    let ann = make::member(&app, "Ann Abel");
    make::member(&app, "Bob Beck");
    let tea = make::group(&app, "Tea lovers").make();
    make::stay(&app, tea, &[ann]);
    let page = agent.get("/members");
    assert_eq!(names(&page), ["Bob Beck", "Ann Abel"]);
    assert!(page.shows("2 members"));
    let row = page.texts_at("tbody tr").remove(1);
    assert_eq!(row, "Ann Abel 2654435761 +49 1517 0000001 member1@example.com 1 16 Aug 2026");
    assert_eq!(page.link("Ann Abel"), format!("/user-support/{ann}"));
    assert_eq!(agent.get(&format!("/members/{ann}")).location, Some(format!("/user-support/{ann}")));
}

#[test]
fn search_and_filters_narrow_the_list() {
    let app = TestApp::start();
    let agent = app.support();
    let [ann, anna, bob] = ["Ann Abel", "Anna Beck", "Bob Beck"].map(|name| make::member(&app, name));
    let tea = make::group(&app, "Tea lovers").make();
    make::group(&app, "Empty").make();
    make::stay(&app, tea, &[ann, bob]);
    let block = format!("UPDATE member SET blocked_at = now(), blocked_reason = 'x' WHERE id IN ({bob}, {anna})");
    diesel::sql_query(block).execute(&mut app.conn()).unwrap();
    let list = |q: &str, group: &str, blocked: &str| {
        let form = agent.get("/members").form("Apply").fill("Name, phone or e-mail", q);
        form.choose("User group", group).choose("Blocked", blocked).send()
    };
    for (q, group, blocked, found) in [
        ("ann", "All", "All", vec!["Ann Abel", "Anna Beck"]),
        ("beck", "All", "Not blocked", vec![]),
        ("beck", "All", "Blocked", vec!["Anna Beck", "Bob Beck"]),
        ("beck", "Tea lovers", "All", vec!["Bob Beck"]),
        ("", "Tea lovers", "All", vec!["Bob Beck", "Ann Abel"]),
        ("", "Tea lovers", "Blocked", vec!["Bob Beck"]),
        ("", "Tea lovers", "Not blocked", vec!["Ann Abel"]),
        ("", "All", "Blocked", vec!["Bob Beck", "Anna Beck"]),
        ("", "All", "Not blocked", vec!["Ann Abel"]),
        ("", "Empty", "All", vec![]),
        ("%", "All", "All", vec![]),
        ("1517 0000002", "All", "All", vec!["Anna Beck"]),
    ] {
        let page = list(q, group, blocked);
        assert_eq!(names(&page), found, "{q:?} {group} {blocked}");
        if found.is_empty() {
            assert!(page.shows("Nothing found for"), "{}", page.text());
        } else {
            let count = if found.len() == 1 { "1 member".to_owned() } else { format!("{} members", found.len()) };
            assert_eq!(page.text_at(".pager-count"), count, "{q:?} {group} {blocked}");
        }
    }
    assert!(list("zorro", "Empty", "Blocked").shows("Nothing found for “zorro”, Empty, Blocked."));
    for odd in ["?group=abc", "?group=999", "?blocked=maybe", "?after=x", "?before=-1", "?q=%00"] {
        assert_eq!(agent.get(&format!("/members{odd}")).status, 200, "{odd}");
    }
}

#[test]
fn pages_keep_the_filters_and_the_order() {
    let app = TestApp::start();
    let agent = app.support();
    let all = make::members(&app, 120);
    let tea = make::group(&app, "Tea lovers").make();
    make::stay(&app, tea, &all[..60]);
    let first = agent.get("/members");
    assert_eq!((names(&first)[0].as_str(), names(&first).len()), ("Member 120", 50));
    assert_eq!(first.text_at(".pager-count"), "120 members");
    let last = first.click("Next").click("Next");
    assert_eq!(names(&last).last().unwrap(), "Member 1");
    assert!(!last.has_link("Next"));
    assert_eq!(names(&last.click("Previous").click("Previous")), names(&first));

    let first = agent.get(&format!("/members?group={tea}"));
    assert_eq!((names(&first)[0].as_str(), first.text_at(".pager-count").as_str()), ("Member 60", "60 members"));
    let second = first.click("Next");
    assert_eq!(names(&second).len(), 10);
    assert_eq!(names(&second.click("Previous")), names(&first));
}

#[test]
fn the_count_stays_exact_however_members_come_and_go() {
    let app = TestApp::start();
    let agent = app.support();
    for n in 0..300 {
        let one = format!("INSERT INTO member (name, email, created_at) VALUES ('M', 'm{n}@example.com', now())");
        diesel::sql_query(one).execute(&mut app.conn()).unwrap();
    }
    make::members(&app, 500);
    diesel::sql_query("DELETE FROM member WHERE id % 4 = 0").execute(&mut app.conn()).unwrap();
    let counted = make::count(&app, "SELECT count(*) FROM member");
    assert_eq!(agent.get("/members").text_at(".pager-count"), format!("{counted} members"));
}

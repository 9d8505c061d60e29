//! The member's page.

use chrono::Duration;
use diesel::prelude::*;
use muster::schema::member;

use crate::support::{TestApp, make};

#[test]
fn everything_about_a_member_is_on_one_page() {
    let app = TestApp::start();
    let (agent, marketer) = (app.support(), app.marketer());
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make();
    let staff = make::group(&app, "Staff picks").hidden().make();
    let past = app.now() - Duration::days(1);
    let ended = make::group(&app, "Summer 2026").between(past - Duration::days(30), Some(past)).make();
    let soon = app.now() + Duration::days(3);
    let soon = make::group(&app, "Winter").between(soon, None).make();
    for group in [tea, staff, ended, soon] {
        make::stay(&app, group, &[ann]);
    }
    let latte = make::campaign(&app, "Latte", "app").make();
    let held = format!(
        "INSERT INTO delivery (member_id, campaign_id, issued_at, code) VALUES ({ann}, {latte}, '2026-11-24 09:00Z', 'LATT3456')"
    );
    diesel::sql_query(held).execute(&mut app.conn()).unwrap();

    let page = agent.get(&format!("/user-support/{ann}"));
    assert_eq!(page.status, 200);
    assert_eq!(page.text_at("h1"), "Ann Abel");
    for words in ["Member 2654435761", "+49 1517 0000001", "member1@example.com", "SMS, E-mail, Push", "Never"] {
        assert!(page.shows(words), "{words}: {}", page.text());
    }
    let groups = page.texts_at(".stay-name");
    assert_eq!(
        groups,
        ["Staff picks Hidden", "Tea lovers Public", "Winter Public Upcoming", "Summer 2026 Public Ended"]
    );
    assert_eq!(page.texts_at(".held-name"), ["Latte title Issued"]);
    assert!(page.text_at(".held").contains("LATT 3456 App, until 24 Dec 2026"), "{}", page.text_at(".held"));
    assert!(page.texts_at(".history p").contains(&"Got Latte title".to_owned()), "{:?}", page.texts_at(".history p"));
    assert!(page.html.len() <= 25_000, "{}", page.html.len());

    assert!(!page.has_link("Edit details") && !page.has_link("Tea lovers") && !page.has_link("Latte title"));
    let page = marketer.get(&format!("/user-support/{ann}"));
    assert_eq!(page.link("Edit details"), format!("/members/{ann}/edit"));
    assert_eq!(page.link("Tea lovers"), format!("/settings/user-groups/{tea}"));
}

#[test]
fn content_says_where_it_stands() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let ended = app.now() - Duration::hours(1);
    for (name, marks) in [
        ("Fresh", ""),
        ("Opened", "seen_at = now()"),
        ("Used", "seen_at = now(), validated_at = now()"),
        ("Gone", "withdrawn_at = now(), reason = 'left Tea lovers'"),
        ("Missed", "failed_at = now(), reason = 'no phone'"),
        ("Late", ""),
        ("Resting", ""),
    ] {
        let maker = make::campaign(&app, name, "app");
        let maker = if name == "Late" { maker.between(ended - Duration::days(9), ended) } else { maker };
        let id = maker.make();
        let conn = &mut app.conn();
        let issue = format!("INSERT INTO delivery (member_id, campaign_id, issued_at) VALUES ({ann}, {id}, now())");
        diesel::sql_query(issue).execute(conn).unwrap();
        if !marks.is_empty() {
            diesel::sql_query(format!("UPDATE delivery SET {marks} WHERE campaign_id = {id}")).execute(conn).unwrap();
        }
        if name == "Resting" {
            diesel::sql_query(format!("UPDATE campaign SET paused_at = now() WHERE id = {id}")).execute(conn).unwrap();
        }
    }
    let page = agent.get(&format!("/user-support/{ann}"));
    let mut shown = page.texts_at(".held-name");
    shown.sort();
    let expected = ["Fresh title Issued", "Gone title Withdrawn", "Late title Expired", "Missed title Failed"];
    assert_eq!(shown[..4], expected);
    assert_eq!(shown[4..], ["Opened title Seen", "Resting title Paused", "Used title Validated"]);
    assert!(page.shows("left Tea lovers") && page.shows("no phone"));
    let all = agent.get(&format!("/user-support/{ann}/content"));
    assert_eq!(all.texts_at(".held-name").len(), 7);
}

#[test]
fn all_content_has_pages() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let many = format!(
        "WITH made AS (INSERT INTO campaign (kind, channel, created_at, name) SELECT 'coupon', 'app', now(), 'C' || n FROM generate_series(1, 60) n RETURNING id)
         INSERT INTO delivery (member_id, campaign_id, issued_at) SELECT {ann}, id, now() - (id % 7) * interval '1 day' FROM made"
    );
    diesel::sql_query(many).execute(&mut app.conn()).unwrap();
    let page = agent.get(&format!("/user-support/{ann}"));
    assert_eq!(page.texts_at(".held-name").len(), 8);
    let first = page.click("All 60");
    let second = first.click("Next");
    let mut all = first.texts_at(".held-name");
    all.extend(second.texts_at(".held-name"));
    all.sort();
    all.dedup();
    assert_eq!((first.texts_at(".held-name").len(), all.len()), (50, 60));
    assert_eq!(second.click("Previous").texts_at(".held-name"), first.texts_at(".held-name"));
}

#[test]
fn a_name_of_any_kind_is_shown_as_it_is() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "<script>alert(1)</script> & محمد 🎉");
    diesel::update(member::table.find(ann.0))
        .set((member::phone.eq(None::<String>),))
        .execute(&mut app.conn())
        .unwrap();
    let page = agent.get(&format!("/user-support/{ann}"));
    assert_eq!(page.text_at("h1"), "<script>alert(1)</script> & محمد 🎉");
    assert!(!page.html.contains("<script>alert"));
}

#[test]
fn unknown_members_are_not_found() {
    let app = TestApp::start();
    let agent = app.support();
    for path in [
        "/user-support/999",
        "/user-support/0",
        "/user-support/-1",
        "/user-support/abc",
        "/user-support/99999999999999999999",
    ] {
        for rest in ["", "/user-groups", "/history", "/content", "/block", "/unblock"] {
            assert_eq!(agent.get(&format!("{path}{rest}")).status, 404, "{path}{rest}");
        }
    }
}

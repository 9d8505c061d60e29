//! Members on a group's page: found, added, removed, exported, at a past moment.

use chrono::Duration;
use diesel::RunQueryDsl;

use super::accepted;
use crate::support::{TestApp, make};

fn names(page: &crate::support::page::Page) -> Vec<String> {
    page.texts_at("#members tbody th")
}

#[test]
fn a_member_is_added_by_phone_e_mail_or_number_and_it_is_logged() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    let path = format!("/settings/user-groups/{group}");
    let ids = ["Ana", "Ben", "Cem"].map(|name| make::member(&app, name));
    let number = make::text(&app, &format!("SELECT lpad(number::text, 10, '0') FROM member WHERE id = {}", ids[2]));
    for (typed, name) in [("0151 70-00 0001", "Ana"), (" MEMBER2@example.com", "Ben"), (&number, "Cem")] {
        let form = marketer.get(&path).form("Add member").fill("Phone, e-mail or member number", typed);
        let page = accepted(form.fill("Reason", "Asked for it").send(), &marketer);
        assert!(page.shows(&format!("{name} is in Regulars now.")), "{typed}: {}", page.text());
    }
    let page = marketer.get(&path);
    assert_eq!(names(&page), ["Ana", "Ben", "Cem"]);
    assert!(page.shows("by Max Marketer: Asked for it") && page.shows("3 members"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'added to user group'"), 3);
}

#[test]
fn who_cannot_be_added_is_told_at_the_field() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &[make::member(&app, "Ana")]);
    let path = format!("/settings/user-groups/{group}");
    let label = "Phone, e-mail or member number";
    let add = |typed: &str, reason: &str| {
        marketer.get(&path).form("Add member").fill(label, typed).fill("Reason", reason).send()
    };
    let page = add("member1@example.com", "");
    assert_eq!((page.status, page.error_on(label)), (422, "Error: Ana is in this group already.".into()));
    assert_eq!(page.value(label), "member1@example.com");
    assert!(add("nobody@example.com", "").error_on(label).starts_with("Error: No member has this"));
    assert!(add("99999", "").error_on(label).starts_with("Error: No member has this"));
    for typed in ["", "Ana", "'; DROP TABLE member --", "a\0b", "<b>"] {
        let expected = "Error: Enter a member’s phone number, e-mail address or member number";
        assert_eq!(add(typed, "").error_on(label), expected, "{typed}");
    }
    assert_eq!(add("member1@example.com", &"x".repeat(201)).error_on("Reason"), "Error: Use at most 200 characters");
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership"), 1);
    let form = marketer.get(&path).form("Add member").fill(label, "member1@example.com");
    app.clock.advance(Duration::hours(1));
    diesel::sql_query("UPDATE member_group SET stops_at = '2026-11-24 10:30Z'").execute(&mut app.conn()).unwrap();
    assert!(form.send().shows("Regulars has ended, so nobody can be added."));
}

#[test]
fn a_member_is_removed_after_a_question_and_the_stay_is_kept() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    let ana = make::member(&app, "Ana");
    make::stay(&app, group, &[ana]);
    app.clock.advance(Duration::hours(1));

    let page = marketer.get(&format!("/settings/user-groups/{group}")).click("Remove Ana");
    assert!(page.shows("Remove Ana from Regulars?"));
    assert_eq!(page.form("Remove").fill("Reason", "a\0b").send().status, 422);
    let page = accepted(page.form("Remove").fill("Reason", "Moved away").send(), &marketer);

    assert!(page.shows("Ana is no longer in Regulars.") && page.shows("Nobody is in the group yet."));
    let stay =
        "SELECT left_source || ' ' || (left_detail->>'account') || ': ' || (left_detail->>'reason') FROM membership";
    assert_eq!(make::text(&app, stay), "support Max Marketer: Moved away");
    let again = marketer.get(&format!("/settings/user-groups/{group}/members/{ana}/removal")).form("Remove").send();
    assert!(accepted(again, &marketer).shows("Nothing was changed"));
    assert_eq!(marketer.get(&format!("/settings/user-groups/{group}/members/999/removal")).status, 404);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'removed from user group'"), 1);
}

#[test]
fn members_are_found_within_the_group_only_and_paged() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    let many = make::members(&app, 130);
    make::stay(&app, group, &many[..120]);
    let path = format!("/settings/user-groups/{group}");
    let first = marketer.get(&path);
    assert_eq!((names(&first).len(), names(&first)[0].as_str()), (50, "Member 1"));
    let third = first.click("Next").click("Next");
    assert_eq!((names(&third).len(), names(&third)[19].as_str()), (20, "Member 120"));
    assert_eq!(names(&third.click("Previous"))[0], "Member 51");
    let find = |text: &str| {
        let page = marketer.get(&path).form("Apply").fill("Name, phone, e-mail or number", text).send();
        (names(&page), page)
    };
    assert_eq!(find("mber 12").0, ["Member 12", "Member 120"]);
    assert_eq!(find("MANY7@").0, ["Member 7"]);
    assert_eq!(find("0160 0000 0009").0, ["Member 9"]);
    let number = make::text(&app, &format!("SELECT number FROM member WHERE id = {}", many[4]));
    assert_eq!(find(&number).0, ["Member 5"]);
    let (none, page) = find("Member 125");
    assert!(none.is_empty() && page.shows("Nothing found for “Member 125”."), "not in the group");
    assert!(find("member 1").1.shows("32 members found"));
}

#[test]
fn the_group_as_of_a_past_moment() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    let ids = make::members(&app, 3);
    // Berlin is an hour ahead of UTC: 1 left at 11:00 there, 2 came at 10:00 and is in, 3 came at 12:00
    for (member, from, to) in
        [(0, "08:00", "'2026-11-23 10:00Z', 'app'"), (1, "09:00", "NULL, NULL"), (2, "11:00", "NULL, NULL")]
    {
        let sql = format!(
            "INSERT INTO membership (member_id, group_id, joined_at, source, left_at, left_source)
             VALUES ({}, {group}, '2026-11-23 {from}Z', 'app', {to})",
            ids[member]
        );
        diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
    }
    let path = format!("/settings/user-groups/{group}");
    let at = |moment: &str| marketer.get(&path).form("Apply").fill("As of", moment).send();
    let cases: [(&str, &[&str]); 5] = [
        ("2026-11-23T08:30", &[]),
        ("2026-11-23T09:30", &["Member 1"]),
        ("2026-11-23T10:30", &["Member 1", "Member 2"]),
        ("2026-11-23T11:00", &["Member 2"]),
        ("2026-11-23T12:00", &["Member 2", "Member 3"]),
    ];
    for (moment, expected) in cases {
        let page = at(moment);
        assert_eq!(names(&page), expected, "{moment}");
        let noun = if expected.len() == 1 { "member" } else { "members" };
        assert!(page.shows(&format!("{} {noun} on 23 Nov 2026", expected.len())), "{moment}: {}", page.text());
        assert!(!page.has_link("Remove Member 2"));
    }
    let searched = marketer.get(&format!("{path}?at=2026-11-23T10:30&q=member+2"));
    assert_eq!(names(&searched), ["Member 2"]);
    assert_eq!(at("2026-11-25T00:00").error_on("As of"), "Error: Enter a moment that has passed");
    let wrong = at("yesterday");
    assert_eq!((wrong.status, wrong.value("As of")), (422, "yesterday".into()));
}

#[test]
fn the_export_is_a_csv_that_no_spreadsheet_runs() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    let evil = make::member(&app, "=HYPERLINK(\"http://x\")");
    let many = make::members(&app, 5_001);
    make::stay(&app, group, &[evil]);
    make::stay(&app, group, &many);
    let page = marketer.get(&format!("/settings/user-groups/{group}")).click("Export as CSV");
    assert_eq!(page.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(page.header("content-disposition").unwrap().contains("attachment"));
    let lines: Vec<&str> = page.html.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "Member number,Name,Phone,E-mail,Joined,How");
    assert!(
        lines[1].contains("\"'=HYPERLINK(\"\"http://x\"\")\",'+4915170000001,member1@example.com,2026-11-24 11:00,")
    );
    assert_eq!(lines.len(), 1 + 1 + 5_001);
    let found = marketer.get(&format!("/settings/user-groups/{group}/members.csv?q=member+5001"));
    assert_eq!(found.html.lines().count(), 2);
    let before = marketer.get(&format!("/settings/user-groups/{group}/members.csv?at=2026-11-01T00:00"));
    assert_eq!(before.html.lines().count(), 1);
}

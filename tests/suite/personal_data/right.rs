//! The right itself: given and taken on the pages of dashboard users, and what can be changed without it.

use diesel::prelude::*;
use muster::accounts::Role;
use muster::schema::account;

use super::masked;
use crate::support::{TestApp, make};

const BOX: &str = "May see personal data";

#[test]
fn an_admin_gives_and_takes_the_right_and_it_counts_at_once() {
    let app = TestApp::start();
    let (admin, support) = (app.admin(), app.support());
    let member = make::member(&app, "Ana Alder");
    let id: uuid::Uuid = account::table
        .filter(account::email.eq("support@example.com"))
        .select(account::id)
        .first(&mut app.conn())
        .unwrap();
    let page = admin.get(&format!("/settings/dashboard-users/{id}"));
    assert!(page.is_ticked(BOX));
    assert_eq!(page.form("Save changes").untick(BOX).send().status, 303);
    let at = format!("/user-support/{member}");
    assert!(!support.get(&at).html.contains("member1@example.com"));
    assert!(admin.get("/settings/dashboard-users").shows("personal data masked"));
    let change =
        make::text(&app, "SELECT before::text || ' ' || after::text FROM audit_entry ORDER BY id DESC LIMIT 1");
    assert!(change.contains("\"may_see_personal_data\": true") && change.contains("\"may_see_personal_data\": false"));
    let page = admin.get(&format!("/settings/dashboard-users/{id}"));
    assert!(!page.is_ticked(BOX));
    assert_eq!(page.form("Save changes").tick(BOX).send().status, 303);
    assert!(support.get(&at).html.contains("member1@example.com"));
}

#[test]
fn admins_have_it_whatever_is_stored() {
    let app = TestApp::start();
    let member = make::member(&app, "Ana Alder");
    let admin = masked(&app, Role::Admin);
    assert!(admin.get(&format!("/user-support/{member}")).html.contains("member1@example.com"));
}

#[test]
fn an_invitation_carries_the_right() {
    let app = TestApp::start();
    let admin = app.admin();
    for (email, ticked) in [("eve@example.com", true), ("eli@example.com", false)] {
        let page = admin.get("/settings/dashboard-users/new");
        assert!(page.is_ticked(BOX), "Support, who is proposed, asks members for their number");
        let form = page.form("Send invitation").fill("Name", "Eve Early").fill("E-mail", email);
        let form = if ticked { form } else { form.tick("Marketer").untick(BOX) };
        assert_eq!(form.send().status, 303);
        let link = make::text(&app, &format!("SELECT body FROM message WHERE recipient = '{email}'"));
        let path = link.split_whitespace().find_map(|word| word.find("/invitation/").map(|at| word[at..].to_owned()));
        let visitor = app.visitor();
        let form = visitor.get(path.as_deref().unwrap()).form("Start").fill("Password", "four lemon bicycles");
        assert_eq!(form.send().status, 303);
        let stored = format!("SELECT sees_personal_data FROM account WHERE email = '{email}'");
        assert_eq!(make::text(&app, &stored), ticked.to_string());
    }
}

#[test]
fn without_the_right_details_can_be_replaced_but_not_read() {
    let app = TestApp::start();
    let member = make::member(&app, "Ana Alder");
    let marketer = masked(&app, Role::Marketer);
    let edit = format!("/members/{member}/edit");
    let page = marketer.get(&edit);
    assert_eq!((page.value("Phone"), page.value("E-mail")), (String::new(), String::new()));
    assert!(page.shows("Now +49 1517 •••••01. Left empty, it stays."), "{}", page.text());
    // left empty, both stay
    assert_eq!(page.form("Save changes").fill("Name", "Ana Elder").send().status, 303);
    let stored = "SELECT concat_ws(' ', name, phone, email) FROM member";
    assert_eq!(make::text(&app, stored), "Ana Elder +4915170000001 member1@example.com");
    // what is typed replaces what was
    assert_eq!(marketer.get(&edit).form("Save changes").fill("Phone", "0151 70000009").send().status, 303);
    assert_eq!(make::text(&app, stored), "Ana Elder +4915170000009 member1@example.com");
    // a rejected form keeps what was typed and shows no more than that
    let page = marketer.get(&edit).form("Save changes").fill("Name", "").fill("Phone", "12").send();
    assert_eq!((page.status, page.value("Phone").as_str(), page.value("E-mail").as_str()), (422, "12", ""));
    assert!(!page.html.contains("member1@example.com"));
    let history = marketer.get(&format!("/user-support/{member}/history"));
    assert!(history.shows("Phone changed from +49 1517 •••••01 to +49 1517 •••••09"), "{}", history.text());
}

#[test]
fn exports_come_without_the_columns() {
    let app = TestApp::start();
    let member = make::member(&app, "Ana Alder");
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &[member]);
    let campaign = make::campaign(&app, "Winter", "app").make();
    app.work();
    let (masked, seeing) = (masked(&app, Role::Marketer), app.marketer());
    for (path, head) in [
        (format!("/settings/user-groups/{group}/members.csv"), "Member number,Name,Joined,How"),
        (format!("/campaigns/{campaign}/deliveries.csv"), "Member number,Name,State,Reason,Since,Code"),
    ] {
        let (without, with) = (masked.get(&path).html, seeing.get(&path).html);
        assert_eq!(without.trim_start_matches('\u{feff}').lines().next(), Some(head), "{path}");
        assert!(with.contains("Phone,E-mail") && with.contains("member1@example.com"), "{with}");
        assert!(without.contains("Ana Alder") && !without.contains('@'), "{without}");
    }
}

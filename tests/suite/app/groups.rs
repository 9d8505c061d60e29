//! The groups of the app: what is shown, the switch, leaving.

use chrono::Duration;

use super::run;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// As the script of the switch asks.
fn flip(visitor: &Visitor, group: impl std::fmt::Display, join: &str) -> Page {
    visitor.bypass(&format!("/app/groups/{group}/membership"), &[("join", join)], "/app/profile")
}

const OPEN: &str = "SELECT count(*) FROM membership WHERE left_at IS NULL";

#[test]
fn running_groups_by_order_then_name() {
    let app = TestApp::start();
    let (now, day) = (app.now(), Duration::days(1));
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).make();
    make::group(&app, "beta").order(2).make();
    make::group(&app, "Alpha").order(2).make();
    make::group(&app, "Zulu").order(1).by_code(barista).make();
    make::group(&app, "Hidden").hidden().make();
    make::group(&app, "Upcoming").between(now + day, None).make();
    make::group(&app, "Ended").between(now - day * 2, Some(now)).make();
    let page = app.member(make::member(&app, "Ann")).get("/app/groups");
    assert_eq!(page.texts_at(".group-name"), ["Zulu", "Alpha", "beta"]);
    assert!(page.shows("About Zulu"));
    assert_eq!(page.link("Enter code"), "/app/code?group=3");
}

#[test]
fn the_switch_without_script() {
    let app = TestApp::start();
    make::group(&app, "Regulars").make();
    let ann = app.member(make::member(&app, "Ann"));
    let page = ann.get("/app/groups").form("Regulars").send();
    assert_eq!(page.location.as_deref(), Some("/app/groups"));
    let page = page.follow(&ann);
    assert!(page.shows("You joined Regulars.") && page.html.contains("aria-checked=\"true\""));
    assert_eq!(make::count(&app, &format!("{OPEN} AND source = 'app'")), 1);
    let page = page.form("Regulars").send().follow(&ann);
    assert!(page.shows("You left Regulars.") && page.html.contains("aria-checked=\"false\""));
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership WHERE left_source = 'app'"), 1);
}

#[test]
fn the_switch_with_script() {
    let app = TestApp::start();
    let group = make::group(&app, "Regulars").make();
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).make();
    let club = make::group(&app, "Barista club").by_code(barista).make();
    let ann = app.member(make::member(&app, "Ann"));
    let ask = |group: muster::ids::GroupId, join: &str| {
        let token = ann.get("/app/profile").hidden("csrf");
        ann.post_json(&format!("/app/groups/{group}/membership"), &[("csrf", &token), ("join", join)])
    };
    let page = ask(group, "on");
    assert_eq!((page.status, page.html.as_str()), (200, r#"{"message":"You joined Regulars."}"#));
    assert_eq!(ask(group, "on").html, r#"{"message":"You are in Regulars."}"#);
    assert_eq!(ask(group, "off").html, r#"{"message":"You left Regulars."}"#);
    assert_eq!(ask(group, "off").status, 200);
    let page = ask(club, "on");
    assert_eq!((page.status, page.header("content-type")), (409, Some("application/problem+json")));
    let problem: serde_json::Value = serde_json::from_str(&page.html).unwrap();
    assert_eq!(problem["detail"], "Barista club is joined with a code. Enter yours under Code.");
    let page = ask(muster::ids::GroupId(99), "on");
    assert_eq!((page.status, page.header("content-type")), (404, Some("application/problem+json")));
    assert_eq!(make::count(&app, OPEN), 0);
}

#[test]
fn what_a_switch_refuses() {
    let app = TestApp::start();
    let (now, day) = (app.now(), Duration::days(1));
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).make();
    let regulars = make::group(&app, "Regulars").make();
    let ended = make::group(&app, "Summer").between(now - day * 2, Some(now)).make();
    let club = make::group(&app, "Barista club").by_code(barista).make();
    let hidden = make::group(&app, "Hidden").hidden().make();
    let upcoming = make::group(&app, "Upcoming").between(now + day, None).make();
    let member = make::member(&app, "Ann");
    make::stay(&app, ended, &[member]);
    make::stay(&app, hidden, &[member]);
    let ann = app.member(member);
    for (group, join, words) in [
        (ended, "on", "Summer has ended. Nobody can join or leave it any more."),
        (ended, "off", "Summer has ended. Nobody can join or leave it any more."),
        (club, "on", "Barista club is joined with a code. Enter yours under Code."),
    ] {
        let page = flip(&ann, group, join);
        assert_eq!(page.status, 303);
        assert!(page.follow(&ann).shows(words), "{words}");
    }
    for group in [hidden.0, upcoming.0, 99] {
        for join in ["on", "off"] {
            assert_eq!(flip(&ann, group, join).status, 404);
        }
    }
    for nonsense in ["", "maybe", "ON", "on\0"] {
        assert_eq!(flip(&ann, regulars, nonsense).status, 400);
    }
    make::stay(&app, regulars, &[member]);
    run(&app, "UPDATE member SET blocked_at = created_at, blocked_reason = 'x'");
    assert!(flip(&ann, regulars, "off").follow(&ann).shows("You left Regulars."));
    let page = flip(&ann, regulars, "on").follow(&ann);
    assert!(page.shows("Your account is blocked, so you cannot join groups."));
    assert_eq!(make::count(&app, OPEN), 2);
}

#[test]
fn leaving_a_private_group_asks_first() {
    let app = TestApp::start();
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).make();
    let club = make::group(&app, "Barista club").by_code(barista).make();
    let member = make::member(&app, "Ann");
    make::stay(&app, club, &[member]);
    let ann = app.member(member);
    let page = ann.get("/app/groups").click("Leave");
    assert!(page.shows("Leave Barista club?") && page.shows("To come back you need a code"));
    assert_eq!(make::count(&app, OPEN), 1);
    assert!(page.form("Leave").send().follow(&ann).shows("You left Barista club."));
    assert_eq!(make::count(&app, OPEN), 0);
    assert_eq!(ann.get(&format!("/app/groups/{club}/leave")).status, 303);
}

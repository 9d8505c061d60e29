//! *Create a code campaign for this group*: group, campaign and codes in one transaction.

use super::{NEW, accepted};
use crate::support::page::FormSheet;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn form(marketer: &Visitor) -> FormSheet {
    let form = marketer.get(NEW).form("Save changes").fill("Name", "Baristas").fill("Description", "For baristas");
    form.tick("User viewable").tick("By code").choose("Campaign", "Create a code campaign for this group")
}

#[test]
fn one_typed_code_with_a_limit() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = form(&marketer).fill("Stop date", "2026-12-31").tick("One code");

    let page = accepted(form.fill("Code", "bari-sta 26").fill("Validations in all", "50").send(), &marketer);

    assert!(page.shows("Group added. Members can join now."), "{}", page.text());
    let stored = "SELECT concat_ws('|', channel, offer, name, title, terms, everyone, allow_in_app_validation, code_source,
        validations_in_all, starts_at = (SELECT starts_at FROM member_group), ends_at = (SELECT stops_at FROM member_group),
        published_at IS NOT NULL) FROM campaign";
    assert_eq!(make::text(&app, stored), "code|entry_only|Baristas|Baristas||t|t|one|50|t|t|t");
    assert_eq!(make::text(&app, "SELECT text || ' ' || uses_allowed FROM code"), "BARISTA26 50");
    assert_eq!(make::count(&app, "SELECT campaign_id FROM member_group"), make::count(&app, "SELECT id FROM campaign"));
}

#[test]
fn an_empty_code_is_generated_and_an_open_ended_group_gets_ten_years() {
    let app = TestApp::start();
    let marketer = app.marketer();

    let page = accepted(form(&marketer).tick("One code").send(), &marketer);

    assert!(!page.shows("Nobody can join"), "{}", page.text());
    assert_eq!(make::count(&app, "SELECT length(text) FROM code WHERE uses_allowed IS NULL"), 10);
    assert_eq!(make::text(&app, "SELECT ends_at AT TIME ZONE 'Europe/Berlin' FROM campaign"), "2036-11-24 00:00:00");
}

#[test]
fn many_codes_for_one_use_each() {
    let app = TestApp::start();
    let marketer = app.marketer();
    accepted(form(&marketer).tick("Many codes").fill("Number of codes", "1,200").send(), &marketer);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE uses_allowed = 1"), 1200);
}

#[test]
fn more_than_ten_thousand_are_left_to_the_worker() {
    let app = TestApp::start();
    let marketer = app.marketer();
    accepted(form(&marketer).tick("Many codes").fill("Number of codes", "10001").send(), &marketer);
    assert_eq!(make::count(&app, "SELECT requested FROM code_batch"), 10_001);
    assert!(marketer.get("/").shows("codes are being made: 0 of 10,001"));
}

#[test]
fn rules_of_codes_are_told_at_their_fields_and_nothing_is_made() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::campaign(&app, "Other", "code").one_code("TAKEN1", None).make();
    let one = |code: &str| form(&marketer).tick("One code").fill("Code", code).send();
    assert_eq!(one("taken-1").error_on("Code"), "Error: This code is in use already. Enter a different one.");
    assert!(one("abc").error_on("Code").starts_with("Error: Use at least 4 characters"));
    assert_eq!(one("ÄÖÜ!").error_on("Code"), "Error: Use only the letters A to Z and digits");
    assert_eq!(one(&"A".repeat(33)).error_on("Code"), "Error: Use at most 32 characters");
    for uses in ["0", "-1", "many", "99999999999"] {
        let page = form(&marketer).tick("One code").fill("Validations in all", uses).send();
        assert!(page.error_on("Validations in all").starts_with("Error: Enter a whole number"), "{uses}");
    }
    for number in ["", "0", "5000001", "ten"] {
        let page = form(&marketer).tick("Many codes").fill("Number of codes", number).send();
        assert_eq!(page.error_on("Number of codes"), "Error: Enter a whole number from 1 to 5,000,000", "{number}");
        assert_eq!(page.value("Number of codes"), number);
    }
    let page = form(&marketer).smuggle("code_source", "none").send();
    assert_eq!(page.error_on("Codes"), "Error: Choose one code or many codes");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_group"), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign"), 1);
}

#[test]
fn a_taken_name_makes_no_campaign() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::group(&app, "baristas").make();
    let page = form(&marketer).tick("One code").fill("Code", "FREE1").send();
    assert_eq!(page.error_on("Name"), "Error: Another group has this name. Enter a different one.");
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign"), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 0);
}

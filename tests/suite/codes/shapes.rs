//! Patterns, check characters, the chance of a hit; and slips when a code is entered.

use muster::ids::CampaignId;

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn step(app: &TestApp, marketer: &Visitor) -> (CampaignId, Page) {
    let id = make::campaign(app, "Latte", "code").many_codes().draft().make();
    (id, marketer.get(&format!("/campaigns/{id}/pos-input")))
}

#[test]
fn a_pattern_and_a_check_character_make_such_codes() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer);
    let form = page.form("Save draft").tick("Many codes, each validated once").fill("Number of codes", "50");
    let form = form.tick("A pattern").fill("Pattern", "cafe-####-####").tick("Check character");
    let page = form.send().follow(&marketer);
    assert_eq!(page.value("Pattern"), "CAFE-####-####");
    assert!(page.is_ticked("A pattern") && page.is_ticked("Check character"));
    // 31^8 = 852,891,037,441
    assert!(page.shows("Chance that 1,000 tries hit one: 1 in 17,000,000 . Codes look like CAFE-"), "{}", page.text());
    let done = marketer.get(&format!("/campaigns/{id}/review")).form("Publish").send().follow(&marketer);
    assert!(done.shows("CAFE-####-#### and a check character"), "{}", done.text());
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE text ~ '^CAFE[2-9A-HJKMNP-Z]{9}$'"), 50);
    let code = make::text(&app, "SELECT min(text) FROM code");
    let page = marketer.get(&format!("/campaigns/{id}/codes/{code}"));
    let shown = page.text_at("h1");
    assert_eq!((shown.replace('-', ""), shown.matches('-').count()), (code, 3));
    // held once published
    let page = marketer.get(&format!("/campaigns/{id}/pos-input"));
    let page = page.form("Save changes").untick("Check character").fill("Pattern", "BEAN-####-####").send();
    assert!(page.error_on("Pattern").contains("no longer changes"), "{}", page.text());
    assert!(page.error_on("Check character").contains("no longer changes"));
}

#[test]
fn wrong_patterns_are_errors_at_the_field() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer);
    for (typed, error) in [
        ("", "Enter a pattern like CAFE-####-####"),
        ("CAFE", "Use 6 to 16 #"),
        ("CAFÉ-######", "Use only the letters A to Z"),
        ("######", "Use at least 9 # in the pattern for 5,000,000 codes"),
    ] {
        let form = page.form("Save draft").tick("Many codes, each validated once").fill("Number of codes", "5,000,000");
        let page = form.tick("A pattern").fill("Pattern", typed).send();
        assert_eq!(page.status, 422, "{typed}");
        assert!(page.error_on("Pattern").contains(error), "{typed}: {}", page.error_on("Pattern"));
        assert_eq!(page.value("Pattern"), typed);
    }
    // what another choice hides is not kept
    let form = page.form("Save draft").fill("Number of codes", "5").fill("Pattern", "nonsense!");
    assert_eq!(form.tick("Many codes, each validated once").send().status, 303);
    assert_eq!(make::text(&app, &format!("SELECT code_pattern || '.' FROM campaign WHERE id = {id}")), ".");
    assert_eq!(page.form("Save draft").smuggle("format", "magic").send().status, 422);
}

#[test]
fn the_chance_follows_what_is_typed() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 200);
    let (id, _) = step(&app, &marketer);
    let told = |query: &[(&str, &str)]| {
        let query = serde_html_form::to_string(query).unwrap();
        marketer.get(&format!("/campaigns/{id}/pos-input/guess-risk?{query}")).text()
    };
    assert!(told(&[("codes", "many"), ("number_of_codes", "200"), ("length", "8")]).contains("1 in 4,200,000 ."));
    let long = told(&[("codes", "many"), ("number_of_codes", "5000000"), ("length", "8"), ("prefix", "vip")]);
    assert!(long.contains("1 in 170 .") && long.contains("Use at least 9 characters after the prefix"), "{long}");
    let personal = told(&[("codes", "personal"), ("length", "8")]);
    assert!(personal.contains("1 in 4,200,000 , if each of 200 members gets a code"), "{personal}");
    for nothing in [
        vec![("codes", "one"), ("code", "VIP2026"), ("length", "8")],
        vec![("codes", "many"), ("number_of_codes", "x"), ("length", "8")],
        vec![("codes", "many"), ("number_of_codes", "5"), ("length", "99")],
        vec![("codes", "many"), ("number_of_codes", "5"), ("format", "pattern"), ("pattern", "AB")],
        vec![("codes", "imported")],
        vec![],
    ] {
        assert_eq!(told(&nothing), "", "{nothing:?}");
    }
    assert_eq!(app.support().get(&format!("/campaigns/{id}/pos-input/guess-risk")).status, 403);
}

/// Any character but the right one, of those that codes have.
fn slip(code: &str, place: usize) -> String {
    let mut typed = code.to_owned().into_bytes();
    typed[place] = if typed[place] == b'7' { b'8' } else { b'7' };
    String::from_utf8(typed).unwrap()
}

#[test]
fn a_slip_is_told_and_is_no_guess() {
    let app = TestApp::start();
    let ana = make::member(&app, "Ana");
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    make::run(&app, "UPDATE campaign SET code_check = true, code_prefix = 'VIP', code_count = 3");
    diesel::Connection::transaction(&mut app.conn(), |conn| muster::codes::prepare(conn, id, app.now())).unwrap();
    let code = make::text(&app, "SELECT min(text) FROM code");
    let member = app.member(ana);
    let enter = |typed: &str| member.get("/app/code").form("Use code").fill("Code", typed).send();
    // more slips than wrong codes are allowed
    for round in 0..12 {
        let page = enter(&slip(&code, round % code.len()));
        assert_eq!(page.status, 422, "{}", page.text());
        assert!(
            page.error_on("Code").contains("A character is wrong, or two are swapped"),
            "{}",
            page.error_on("Code")
        );
    }
    assert!(enter("WHATEVER").error_on("Code").contains("There is no such code"));
    assert_eq!(enter(&code).status, 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_attempt WHERE outcome = 'code_unknown'"), 13);
    assert_eq!(make::count(&app, "SELECT count FROM throttle WHERE key LIKE 'code member%'"), 1);
    // there is an end to slips
    for _ in 12..30 {
        assert_eq!(enter(&slip(&code, 4)).status, 422);
    }
    let page = enter(&slip(&code, 4));
    assert_eq!((page.status, page.header("retry-after").is_some()), (429, true), "{}", page.text());
}

#[test]
fn where_no_code_has_a_check_character_nothing_is_a_slip() {
    let app = TestApp::start();
    let ana = make::member(&app, "Ana");
    make::campaign(&app, "Latte", "code").one_code("COFFEE2345", None).make();
    make::run(&app, "UPDATE campaign SET code_check = true");
    let page = app.member(ana).get("/app/code").form("Use code").fill("Code", "COFFEE2346").send();
    // it was typed, not generated: its end follows from nothing
    assert!(page.error_on("Code").contains("There is no such code"), "{}", page.text());
}

//! Find: phone in any spelling, e-mail, number, code.

use diesel::prelude::*;
use muster::ids::MemberId;
use muster::schema::{code, member};

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn set_phone(app: &TestApp, id: MemberId, phone: &str) {
    diesel::update(member::table.find(id.0)).set(member::phone.eq(phone)).execute(&mut app.conn()).unwrap();
}

fn find(agent: &Visitor, typed: &str) -> Page {
    agent.get("/user-support").form("Find").fill("Find", typed).send()
}

fn opens(page: &Page, id: MemberId) -> bool {
    page.status == 303 && page.location == Some(format!("/user-support/{id}"))
}

#[test]
fn a_phone_number_in_any_spelling_opens_its_member() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    make::member(&app, "Bob Beck");
    set_phone(&app, ann, "+4915123456789");
    for typed in [
        "+4915123456789",
        "+49 151 23456789",
        "+49 1512 3456789",
        "+49 151 234 567 89",
        "+49-151-23456789",
        "+49.151.23456789",
        "+49/151/23456789",
        "+49 (151) 23456789",
        "+49 (0) 151 23456789",
        "+49 (0)151/23456789",
        "+49(0)15123456789",
        "(+49) 151 23456789",
        "(+49)15123456789",
        "004915123456789",
        "0049 151 23456789",
        "0049-151-2345-6789",
        "0049 (0) 151 234 567 89",
        "015123456789",
        "0151 23456789",
        "0151 234 567 89",
        "0151 2345 6789",
        "0151-23456789",
        "0151/23456789",
        "0151.234.567.89",
        "(0151) 23456789",
        "[0151] 23456789",
        "4915123456789",
        "49 151 23456789",
        "tel:+4915123456789",
        "tel:+49-151-23456789",
        "  0151 23456789\u{a0}",
        "\u{202a}+49 151 23456789\u{202c}",
        "0151\u{2011}23456789",
        "０１５１２３４５６７８９",
        "＋４９ １５１ ２３４５６７８９",
        "٠١٥١٢٣٤٥٦٧٨٩",
    ] {
        let page = find(&agent, typed);
        assert!(opens(&page, ann), "{typed:?}: {} {:?}", page.status, page.location);
    }
}

#[test]
fn part_of_a_phone_number_lists_who_has_it() {
    let app = TestApp::start();
    let agent = app.support();
    let (ann, bob) = (make::member(&app, "Ann Abel"), make::member(&app, "Bob Beck"));
    set_phone(&app, ann, "+4915123456789");
    set_phone(&app, bob, "+4915199956700");
    for (typed, names) in [
        ("0151", vec!["Ann Abel", "Bob Beck"]),
        ("567", vec!["Ann Abel", "Bob Beck"]),
        ("+49 (0)151 2", vec!["Ann Abel"]),
        ("0049 151 999", vec!["Bob Beck"]),
        ("3456789", vec!["Ann Abel"]),
        ("56 700", vec!["Bob Beck"]),
    ] {
        let page = find(&agent, typed);
        assert_eq!(page.status, 200, "{typed}");
        assert_eq!(page.texts_at("#results th[scope=row]"), names, "{typed}");
    }
}

#[test]
fn an_e_mail_opens_its_member_and_part_of_one_lists_them() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    make::member(&app, "Bob Beck");
    for typed in ["member1@example.com", " Member1@Example.COM "] {
        assert!(opens(&find(&agent, typed), ann), "{typed}");
    }
    assert_eq!(find(&agent, "member2@exam").texts_at("#results th[scope=row]"), ["Bob Beck"]);
    assert_eq!(find(&agent, "example.com").texts_at("#results th[scope=row]"), ["Ann Abel", "Bob Beck"]);
}

#[test]
fn a_member_number_opens_its_member() {
    let app = TestApp::start();
    let agent = app.support();
    make::member(&app, "Ann Abel");
    let bob = make::member(&app, "Bob Beck");
    let number = format!("{:010}", (bob.0 * 2_654_435_761) % 10_000_000_000);
    for typed in [number.clone(), format!("{} {}", &number[..4], &number[4..])] {
        assert!(opens(&find(&agent, &typed), bob), "{typed}");
    }
    assert!(find(&agent, &number[..9]).shows("No member found"));
}

#[test]
fn a_personal_code_opens_its_owner_and_others_tell_who_used_them() {
    let app = TestApp::start();
    let (marketer, agent) = (app.marketer(), app.support());
    let (ann, bob) = (make::member(&app, "Ann Abel"), make::member(&app, "Bob Beck"));
    let campaign = make::campaign(&app, "Barista", "code").one_code("BARISTA", Some(50)).make();
    make::codes(&app, campaign, &["MINE1234", "FREE1234"]);
    diesel::update(code::table.find("MINE1234")).set(code::member_id.eq(ann.0)).execute(&mut app.conn()).unwrap();
    assert!(opens(&find(&agent, " mine-1234"), ann));

    let page = find(&agent, "barista");
    assert!(page.shows("BARISTA is a code of Barista, used 0 of 50 times."), "{}", page.text());
    assert!(!page.has_link("Codes of Barista"));
    assert_eq!(find(&marketer, "barista").link("Codes of Barista"), format!("/campaigns/{campaign}/codes?q=BARISTA"));

    diesel::sql_query("UPDATE code SET uses_taken = 1 WHERE text = 'FREE1234'").execute(&mut app.conn()).unwrap();
    let used = format!(
        "INSERT INTO validation (campaign_id, code, member_id, at, via) VALUES ({campaign}, 'FREE1234', {bob}, now(), 'app')"
    );
    diesel::sql_query(used).execute(&mut app.conn()).unwrap();
    let page = find(&agent, "free 1234");
    assert!(page.shows("Those who used it come first."));
    assert_eq!(page.texts_at("#results th[scope=row]"), ["Bob Beck"]);
}

#[test]
fn typing_gets_results_alone_and_a_pasted_number_opens_at_once() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let page = agent.get("/user-support");
    assert!(page.html.contains("autofocus") && page.html.contains("hx-get=\"/user-support\""));

    let typed = agent.get_with("/user-support?q=ann", "hx-request", "true");
    assert!(!typed.html.contains("<html") && typed.shows("Ann Abel"));
    let pasted = agent.get_with("/user-support?q=%2B4915170000001", "hx-request", "true");
    assert_eq!(pasted.header("hx-redirect"), Some(format!("/user-support/{ann}").as_str()));

    // the whole number of one is the beginning of another's: typing may not be over
    let bob = make::member(&app, "Bob Beck");
    set_phone(&app, bob, "+49151700000012");
    let typed = agent.get_with("/user-support?q=%2B4915170000001", "hx-request", "true");
    assert_eq!(typed.header("hx-redirect"), None);
    assert!(typed.shows("Ann Abel") && typed.shows("Bob Beck"));
    assert!(opens(&find(&agent, "+4915170000001"), ann));
}

#[test]
fn nothing_typed_and_nothing_found() {
    let app = TestApp::start();
    let agent = app.support();
    make::member(&app, "Ann Abel");
    for typed in ["", "   ", "\u{200b}"] {
        assert_eq!(find(&agent, typed).status, 200, "{typed:?}");
    }
    let page = find(&agent, "Zorro");
    assert!(page.shows("No member found for “Zorro”") && !page.has_link("Add member"));
    assert_eq!(page.value("Find"), "Zorro");
    assert!(find(&app.marketer(), "Zorro").has_link("Add member"));
}

#[test]
fn a_card_opens_its_member_in_any_spelling() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let card = muster::members::card::of(&mut app.conn(), ann, app.now()).unwrap();
    assert!(opens(&find(&agent, card.as_str()), ann));
    assert!(opens(&find(&agent, &card.grouped().to_lowercase()), ann));
    muster::members::card::renew(&mut app.conn(), ann, app.now()).unwrap();
    assert!(!opens(&find(&agent, card.as_str()), ann), "the old one stands for nobody");
}

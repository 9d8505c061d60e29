//! Step **2. POS Input**.

use muster::ids::CampaignId;

use super::{begin, column, newest};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn step(app: &TestApp, marketer: &Visitor, kind: &str) -> (CampaignId, Page) {
    begin(marketer, kind);
    let id = newest(app);
    (id, marketer.get(&format!("/campaigns/{id}/pos-input")))
}

#[test]
fn each_offer_keeps_its_own_value_only() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer, "App coupon");
    let values = "concat_ws('|', offer, amount, percent, buy_quantity, get_quantity)";
    let all = |page: &Page, offer: &str| {
        page.form("Save draft")
            .tick(offer)
            .smuggle("amount_off", "3,50")
            .smuggle("fixed_price", "2")
            .smuggle("percent_off", "12.5")
            .smuggle("buy", "2")
            .smuggle("get", "1")
            .send()
    };
    for (offer, stored) in [
        ("Free item", "free_item"),
        ("Amount off", "amount_off|350"),
        ("Percent off", "percent_off|1250"),
        ("Fixed price", "fixed_price|200"),
        ("Buy X get Y", "buy_x_get_y|2|1"),
        ("Entry only", "entry_only"),
    ] {
        let saved = all(&page, offer);
        assert_eq!(saved.status, 303, "{offer}: {}", saved.text());
        assert_eq!(column(&app, id, values), stored);
    }
}

#[test]
fn wrong_values_are_errors_at_their_fields() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer, "App coupon");
    for (offer, field, typed, error) in [
        ("Amount off", "amount_off", "0", "Enter an amount above 0"),
        ("Amount off", "amount_off", "three", "Enter an amount like 3.50"),
        ("Amount off", "amount_off", "-1", "Enter a number that is not negative"),
        ("Percent off", "percent_off", "101", "Enter a percentage above 0 and up to 100"),
        ("Fixed price", "fixed_price", "99999999999", "Enter at most 9,999,999.99"),
        ("Buy X get Y", "buy", "100", "Enter a whole number from 1 to 99"),
        ("Buy X get Y", "get", "1.5", "Enter a whole number from 1 to 99"),
    ] {
        let page = page.form("Save draft").tick(offer).smuggle(field, typed).send();
        assert_eq!(page.status, 422, "{offer} {typed}");
        assert_eq!(page.text_at(&format!("#error-{field}")), format!("Error: {error}"));
        assert!(page.is_ticked(offer));
    }
    for (label, typed, error) in [
        ("Products", "4006381333932", "should be 1"),
        ("Minimum basket", "x", "Enter an amount"),
        ("POS promotion id", &"x".repeat(65), "Use at most 64 characters"),
        ("Code", "K 1", "Use at least 4 characters"),
        ("Code", "café", "Use only the letters A to Z and digits"),
        ("Validations in all", "0", "Enter a whole number from 1 to"),
        ("Number of codes", "5,000,001", "Enter a whole number from 1 to 5,000,000"),
        ("Validations per member", "0", "Enter a whole number from 1 to 1,000,000"),
        ("Prefix", "WAYTOOLONGPREFIX", "Use at most 12 characters"),
        ("Length", "5", "Enter a length from 6 to 16"),
        ("Tender id", "a\u{0}b", "control characters"),
        ("Merchant remuneration", "-2", "not negative"),
        ("Handling fee", "1.234", "decimals"),
    ] {
        let source = match label {
            "Number of codes" => "Many codes, each validated once",
            _ => "One code, validated many times",
        };
        let page = page.form("Save draft").tick(source).fill(label, typed).send();
        assert_eq!(page.status, 422, "{label} {typed:?}: {}", page.text());
        assert!(page.error_on(label).contains(error), "{label}: {}", page.error_on(label));
        assert_eq!(page.value(label), typed.replace('\0', "\u{fffd}"), "{label}");
    }
    assert_eq!(column(&app, id, "code_source"), "");
}

#[test]
fn a_code_is_typed_or_generated() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer, "Code coupon");
    assert!(page.is_ticked("One code, validated many times") && !page.has_control("A personal code for each receiver"));
    let page = page.form("Save draft").fill("Code", "ko-ffie 24").fill("Validations in all", "1 000").send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(column(&app, id, "shared_code || '|' || validations_in_all"), "KOFFIE24|1000");
    let page =
        page.follow(&marketer).form("Save draft").fill("Code", "").fill("Prefix", "VIP").fill("Length", "8").send();
    let page = page.follow(&marketer);
    let generated = page.value("Code");
    assert!(generated.starts_with("VIP") && generated.len() == 11, "{generated}");
    page.form("Save draft")
        .tick("Many codes, each validated once")
        .fill("Number of codes", "5,000,000")
        .fill("Length", "10")
        .send();
    assert_eq!(
        column(&app, id, "concat_ws('|', code_source, shared_code, validations_in_all, code_count)"),
        "many|5000000"
    );
}

#[test]
fn codes_that_could_be_guessed_are_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (_, page) = step(&app, &marketer, "Code coupon");
    let many = |length: &str| {
        let form = page.form("Save draft").tick("Many codes, each validated once").fill("Number of codes", "1000000");
        form.fill("Length", length).send()
    };
    let refused = many("6");
    assert_eq!(refused.status, 422);
    assert_eq!(refused.error_on("Length"), "Error: Use at least 9 characters for 1,000,000 codes");
    assert_eq!(many("9").status, 303);
}

#[test]
fn ean_13_stands_only_for_codes_that_fit() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer, "Code coupon");
    let with = |code: &str| page.form("Save draft").tick("EAN-13").fill("Code", code).send();
    for code in ["KOFFIE", "4006381333932", ""] {
        let refused = with(code);
        assert_eq!(refused.status, 422, "{code}");
        assert!(refused.error_on("Barcode").contains("EAN-13 holds 12"), "{code}");
    }
    assert_eq!(with("4006381333931").status, 303);
    assert_eq!(column(&app, id, "barcode"), "ean13");
}

#[test]
fn advanced_is_folded_until_something_in_it_is_set() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer, "Code coupon");
    assert_eq!(page.texts_at("details#advanced[open] summary").len(), 0);
    let page = page.form("Save draft").tick("Allow in app validation").send().follow(&marketer);
    assert_eq!(page.texts_at("details#advanced[open] summary"), ["Advanced"]);
    assert_eq!(column(&app, id, "allow_in_app_validation"), "true");
}

#[test]
fn in_app_validation_stays_while_a_group_joins_by_the_campaign() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Join", "code").draft().one_code("BARISTA", None).make();
    make::group(&app, "Barista club").by_code(id).make();
    let page = marketer.get(&format!("/campaigns/{id}/pos-input"));
    let page = page.form("Save draft").untick("Allow in app validation").send();
    assert_eq!(page.status, 422, "{}", page.text());
    assert!(page.error_on("Allow in app validation").contains("“Barista club”"));
    assert_eq!(column(&app, id, "allow_in_app_validation"), "true");
}

#[test]
fn a_code_of_another_campaign_is_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::campaign(&app, "Other", "code").one_code("COFFEE", None).make();
    let (_, page) = step(&app, &marketer, "Code coupon");
    let page = page.form("Save draft").fill("Code", "cof fee").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Code"), "Error: Another campaign has this code: enter another one");
}

#[test]
fn choices_that_are_not_offered_are_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (id, page) = step(&app, &marketer, "Code coupon");
    for (name, value) in [("codes", "personal"), ("codes", "borrowed"), ("offer", "everything"), ("barcode", "aztec")] {
        assert_eq!(page.form("Save draft").smuggle(name, value).send().status, 422, "{name}={value}");
    }
    assert_eq!(column(&app, id, "concat(offer, code_source)"), "");
}

//! **My card** in the member app.

use serde_json::json;

use super::{personal, till};
use crate::support::{TestApp, make};

#[test]
fn a_member_shows_the_card_and_gets_a_new_one() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    personal(&app, "Winter", "WINTER23", ann);
    let phone = app.member(ann);
    let harbour = till(&app, "");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_card"), 0);
    let page = phone.get("/app/profile").click("My card");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_card"), 0, "a look writes nothing");
    let page = page.form("Get my card").send().follow(&phone);
    assert!(page.shows("This is your card."));
    let card = page.text_at(".big-code");
    assert_eq!(card.replace(' ', "").len(), 16);
    assert!(!card.contains(['0', 'O', '1', 'I', 'L']));
    assert!(page.html.contains("alt=\"QR code of your card\""));
    assert_eq!(phone.get("/app/profile/card").text_at(".big-code"), card, "made once");
    let found = |card: &str| harbour.post("/lookups", json!({ "code": card }));
    assert_eq!(found(&card).done()["coupons"][0]["code"], "WINTER23");

    let page = page.click("New card").form("New card").send().follow(&phone);

    assert!(page.shows("This is your new card. The old one no longer works."));
    assert_eq!(found(&card).refusal(), (404, "code_unknown"));
    assert_eq!(found(&page.text_at(".big-code")).done()["member"]["name"], "Ann");
}

#[test]
fn a_member_who_is_gone_has_no_card() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let phone = app.member(ann);
    phone.get("/app/profile/card").form("Get my card").send();
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_card"), 1);
    let now = app.now();
    let erased = app.muster.db.blocking(|conn| -> Result<_, muster::error::AppError> {
        Ok(muster::members::erase::erase(conn, ann, &muster::memberships::Source::App, now)?)
    });
    erased.unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_card"), 0);
    assert_eq!(app.visitor().get("/app/profile/card").status, 303);
}

//! `/api/pos/v1` and Settings → API keys.

mod access;
mod card;
mod chaos;
mod document;
mod guessing;
mod keys;
mod life;
mod once;
mod races;
mod readme;
mod refusals;
mod shops;
mod storm;

use muster::api::Scope;
use muster::ids::{CampaignId, MemberId};

use crate::support::{Program, TestApp, make};

/// A till with a key of its own, in a shop ("": none).
fn till(app: &TestApp, shop: &str) -> Program {
    Program::new(app, Scope::Pos, shop, "/api/pos/v1")
}

/// A live Code coupon with one code for this many uses (none: any number).
fn coupon(app: &TestApp, code: &str, uses: Option<i32>) -> CampaignId {
    make::campaign(app, &format!("Offer {code}"), "code").one_code(code, uses).make()
}

/// A personal coupon that this member was issued.
fn personal(app: &TestApp, name: &str, code: &str, member: MemberId) -> CampaignId {
    let campaign = make::campaign(app, name, "app").make();
    make::codes(app, campaign, &[code]);
    make::run(app, &format!("UPDATE code SET member_id = {member} WHERE text = '{code}'"));
    make::run(
        app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, code) VALUES ({member}, {campaign}, now(), '{code}')"
        ),
    );
    campaign
}

/// The member's card, as the app shows it.
fn card_of(app: &TestApp, member: MemberId) -> String {
    muster::members::card::of(&mut app.conn(), member, app.now()).unwrap().into_string()
}

/// Uses taken = validations − reversals + open reservations, for every code, and none above what is allowed.
fn assert_books_balance(app: &TestApp) {
    let wrong = "SELECT count(*) FROM code WHERE uses_taken <>
        (SELECT count(*) FROM validation WHERE validation.code = code.text AND reversed_at IS NULL)
        + (SELECT count(*) FROM reservation WHERE reservation.code = code.text AND validated_at IS NULL
             AND cancelled_at IS NULL AND expired_at IS NULL)
        OR uses_taken > uses_allowed";
    assert_eq!(make::count(app, wrong), 0, "codes whose uses are not what was done");
    let counted = "SELECT (SELECT coalesce(sum(validated), 0) FROM campaign_count)
        - (SELECT count(*) FROM validation WHERE reversed_at IS NULL)";
    assert_eq!(make::count(app, counted), 0, "validations counted and made");
    let marked = "SELECT count(*) FROM delivery WHERE (validated_at IS NOT NULL) <> EXISTS (
        SELECT FROM validation WHERE validation.member_id = delivery.member_id
          AND validation.campaign_id = delivery.campaign_id AND reversed_at IS NULL)";
    assert_eq!(make::count(app, marked), 0, "deliveries marked and validated");
}

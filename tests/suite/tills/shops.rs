//! **Shops** in step 2. POS Input: where a coupon works.

use serde_json::json;

use super::{coupon, till};
use crate::support::{TestApp, make};

#[test]
fn a_coupon_for_some_shops() {
    let app = TestApp::start();
    let campaign = coupon(&app, "LATTE", None);
    make::run(&app, &format!("UPDATE campaign SET shops = '{{Harbour Street,Airport}}' WHERE id = {campaign}"));
    let use_it = |shop: &str| till(&app, shop).post("/validations", json!({ "code": "LATTE" }));
    use_it("Airport").done();
    use_it("harbour street").done();
    let refused = use_it("Old Town");
    assert_eq!(refused.refusal(), (403, "shop_not_allowed"));
    assert_eq!(refused.body["detail"], "This coupon does not work in Old Town.");
    assert_eq!(use_it("").body["detail"], "This coupon is for some shops only, and the till’s key names no shop.");
}

#[test]
fn shops_are_chosen_in_step_2() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let draft = make::campaign(&app, "Draft", "code").draft().make();
    let path = format!("/campaigns/{draft}/pos-input");
    let form = || marketer.get(&path).form("Save draft");
    let page = form().fill("Shops", &"x".repeat(81)).send();
    assert_eq!(page.error_on("Shops"), "Error: Use at most 80 characters for each shop");
    assert_eq!(form().fill("Shops", " Harbour Street\n\nAirport\nairport ").send().status, 303);
    assert_eq!(marketer.get(&path).value("Shops"), "Harbour Street\nAirport");
    assert!(marketer.get(&format!("/campaigns/{draft}/review")).shows("Harbour Street, Airport"));
}

#[test]
fn a_live_campaign_may_gain_shops_and_lose_none() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let live = coupon(&app, "LATTE", None);
    let path = format!("/campaigns/{live}/pos-input");
    let save = |shops: &str| marketer.get(&path).form("Save changes").fill("Shops", shops).send();
    assert!(save("Airport").error_on("Shops").contains("none taken away"));
    make::run(&app, &format!("UPDATE campaign SET shops = '{{Airport}}' WHERE id = {live}"));
    assert!(save("Harbour Street").error_on("Shops").contains("none taken away"));
    assert_eq!(save("Harbour Street\nairport").status, 303);
    assert_eq!(save("").status, 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign WHERE shops = '{}'"), 1);
}

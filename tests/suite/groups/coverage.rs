//! A campaign that does not cover its group: told, shown, mended.

use chrono::{Duration, TimeZone, Utc};

use super::{LIST, NEW, accepted};
use crate::support::{TestApp, make};

const GAP: &str = "Nobody can join from 3 to 9 December: the campaign ends on 2 December";

/// Its campaign ends with 2 December.
fn short_campaign(app: &TestApp) -> muster::ids::CampaignId {
    let end = Utc.with_ymd_and_hms(2026, 12, 2, 23, 0, 0).unwrap();
    let campaign = make::campaign(app, "Barista code", "code").one_code("BARISTA", None);
    campaign.between(app.now() - Duration::days(9), end).make()
}

#[test]
fn saving_names_the_exact_gap_and_the_link_mends_it() {
    let app = TestApp::start();
    let marketer = app.marketer();
    short_campaign(&app);
    let form = marketer.get(NEW).form("Save changes").fill("Name", "Baristas").fill("Description", "For baristas");
    let form = form.fill("Stop date", "2026-12-09").tick("User viewable").tick("By code");

    let page = accepted(form.choose("Campaign", "Barista code").send(), &marketer);
    assert!(page.text_at(".flash").starts_with(&format!("Group added. {GAP}.")), "{}", page.text());
    assert!(page.text_at(".note").contains(GAP));
    assert!(marketer.get(LIST).shows(GAP));
    assert!(marketer.get("/").shows(GAP));

    let page = page.click("Extend the campaign");
    assert!(page.shows(GAP));
    let page = accepted(page.form("Extend the campaign to 9 Dec 2026").send(), &marketer);
    assert!(page.shows("“Barista code” now runs until 9 Dec 2026."), "{}", page.text());
    assert!(!page.shows("Nobody can join") && !marketer.get(LIST).shows("Nobody can join"));
    assert_eq!(make::text(&app, "SELECT ends_at AT TIME ZONE 'UTC' FROM campaign"), "2026-12-09 23:00:00");
    let logged = "SELECT action || ' ' || subject_name FROM audit_entry ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, logged), "campaign extended Barista code");
}

#[test]
fn an_open_ended_group_is_mended_for_ten_years() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Baristas").by_code(short_campaign(&app)).make();
    let page = marketer.get(&format!("/settings/user-groups/{group}"));
    assert!(page.shows("Nobody can join from 3 December on: the campaign ends on 2 December"));
    let page = page.click("Extend the campaign").form("Extend the campaign to 23 Nov 2036").send();
    assert!(!accepted(page, &marketer).shows("Nobody can join"));
}

#[test]
fn what_an_extension_cannot_mend_leads_to_where_it_can() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let now = app.now();
    let late = make::campaign(&app, "Late", "code").between(now + Duration::days(5), now + Duration::days(9)).make();
    let draft = make::campaign(&app, "Draft", "code").draft().make();
    let over = make::campaign(&app, "Over", "code").between(now - Duration::days(9), now - Duration::days(5)).make();
    let stop = Some(now + Duration::days(7));
    for (campaign, words, path) in [
        (late, "Change the campaign’s time settings", format!("/campaigns/{late}/time-settings")),
        (draft, "Finish and publish the campaign", format!("/campaigns/{draft}")),
        (over, "Change the campaign’s time settings", format!("/campaigns/{over}/time-settings")),
    ] {
        let group = make::group(&app, &format!("Group {campaign}")).between(now, stop).by_code(campaign).make();
        let page = marketer.get(&format!("/settings/user-groups/{group}"));
        assert_eq!(page.link(words), path);
        let coverage = format!("/settings/user-groups/{group}/coverage");
        assert_eq!(marketer.get(&coverage).status, 303, "nothing to extend");
        let refused = marketer.bypass(&coverage, &[], NEW).follow(&marketer);
        assert!(refused.shows("Nothing had to be extended."));
    }
}

#[test]
fn the_campaigns_side_has_the_same_sentences() {
    let app = TestApp::start();
    let campaign = short_campaign(&app);
    let stop = Utc.with_ymd_and_hms(2026, 12, 9, 23, 0, 0).unwrap();
    make::group(&app, "Baristas").between(app.now(), Some(stop)).by_code(campaign).make();
    let zone = muster::settings::Organisation::load(&mut app.conn()).unwrap().zone;
    let said = muster::groups::coverage_of::for_campaign(&mut app.conn(), campaign, app.now(), zone).unwrap();
    assert_eq!(said, [format!("Baristas: nobody{}", GAP.strip_prefix("Nobody").unwrap())]);
}

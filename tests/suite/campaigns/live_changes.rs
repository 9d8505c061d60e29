//! What a published campaign may still change, and what not.

use super::column;
use crate::support::{TestApp, make};

#[test]
fn texts_end_reminder_and_quiet_hours_change() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "sms").make();
    let page = marketer.get(&format!("/campaigns/{id}/content"));
    assert!(page.shows("This campaign is published."));
    let page = page.form("Save changes").fill("Title", "New title").fill("Terms", "New terms").send();
    assert_eq!(page.location, Some(format!("/campaigns/{id}/content")));
    assert!(page.follow(&marketer).shows("Changes saved."));
    assert_eq!(column(&app, id, "title || '|' || terms"), "New title|New terms");

    let form = marketer.get(&format!("/campaigns/{id}/time-settings")).form("Save changes");
    let form = form.fill("End", "2027-01-31T23:59").fill("Reminder", "2").fill("Quiet from", "22:00");
    assert_eq!(form.fill("Quiet until", "07:00").send().status, 303);
    assert_eq!(column(&app, id, "ends_at AT TIME ZONE 'UTC'"), "2027-01-31 23:00:00");
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    let earlier = page.form("Save changes").fill("End", "2026-11-25T12:00").send();
    assert_eq!(earlier.status, 303);
    let past = page.form("Save changes").fill("End", "2026-11-24T08:00").send();
    assert_eq!(past.error_on("End"), "Error: Enter an end in the future");
}

#[test]
fn what_must_stay_filled_stays_filled() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "sms").make();
    let page = marketer.get(&format!("/campaigns/{id}/content"));
    for label in ["Campaign name", "Title", "SMS text"] {
        let page = page.form("Save changes").fill(label, "").send();
        assert_eq!(page.status, 422, "{label}");
        assert!(page.error_on(label).contains("the campaign is published"), "{label}");
    }
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    assert_eq!(page.form("Save changes").fill("End", "").send().status, 422);
    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    assert_eq!(page.form("Save changes").smuggle("audience", "").send().status, 422);
}

#[test]
fn what_members_may_hold_already_is_refused_with_the_reason() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "code").one_code("WINTER", Some(50)).make();
    let page = marketer.get(&format!("/campaigns/{id}/pos-input"));
    for (label, typed) in [
        ("Code", "SUMMER"),
        ("Validations in all", "60"),
        ("Validations per member", "2"),
        ("Products", "96385074"),
        ("Minimum basket", "5"),
        ("POS promotion id", "77"),
        ("Tender id", "9"),
        ("Handling fee", "1"),
    ] {
        let page = page.form("Save changes").fill(label, typed).send();
        assert_eq!(page.status, 422, "{label}");
        assert!(page.error_on(label).contains("no longer changes once the campaign is published"), "{label}");
        assert_eq!(page.value(label), typed);
    }
    let offer = page.form("Save changes").tick("Percent off").smuggle("percent_off", "20").send();
    assert!(offer.error_on("Offer").contains("no longer changes"));
    assert!(page.form("Save changes").tick("Code 128").send().error_on("Barcode").contains("no longer changes"));
    let untick = page.form("Save changes").untick("Allow in app validation").send();
    assert!(untick.error_on("Allow in app validation").contains("no longer changes"));
    assert_eq!(column(&app, id, "concat_ws('|', shared_code, offer, barcode)"), "WINTER|entry_only|qr");

    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    let start = page.form("Save changes").fill("Start", "2026-11-24T12:00").send();
    assert!(start.error_on("Start").contains("The campaign has started"));
    assert!(page.form("Save changes").untick("Sunday").send().error_on("Weekdays").contains("no longer changes"));
}

#[test]
fn in_app_validation_can_be_allowed_later() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "app").make();
    let page = marketer.get(&format!("/campaigns/{id}/pos-input"));
    assert_eq!(page.form("Save changes").tick("Allow in app validation").send().status, 303);
    assert_eq!(column(&app, id, "allow_in_app_validation"), "true");
}

#[test]
fn receivers_become_more_and_never_fewer() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let groups = ["VIP", "Staff", "Regulars", "Tea"].map(|name| make::group(&app, name).make());
    let id = make::campaign(&app, "Winter", "app").include(groups[0]).include(groups[3]).exclude(groups[1]).make();
    diesel::RunQueryDsl::execute(
        diesel::sql_query(format!("UPDATE campaign SET issued_at = now(), issued_up_to = 99 WHERE id = {id}")),
        &mut app.conn(),
    )
    .unwrap();
    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    for form in [
        page.form("Save changes").tick("Exclude VIP"),
        page.form("Save changes").tick("Neither VIP"),
        page.form("Save changes").tick("Exclude Regulars"),
    ] {
        let page = form.send();
        assert_eq!(page.status, 422);
        assert!(page.error_on("Receivers").contains("can only become more"));
    }
    let later = page.form("Save changes").untick("Also members who join later").send();
    assert!(later.error_on("Also members who join later").contains("no longer changes"));
    assert_eq!(column(&app, id, "issued_up_to"), "99");

    let wider = page.form("Save changes").tick("Include Regulars").tick("Neither Staff").send();
    assert_eq!(wider.status, 303, "{}", wider.text());
    assert_eq!(column(&app, id, "concat(issued_at, '|', issued_up_to)"), "|0", "the worker goes over them again");
    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    assert_eq!(page.form("Save changes").tick("Everyone").send().status, 303);
}

#[test]
fn the_start_moves_while_it_is_ahead() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let start = app.now() + chrono::Duration::days(5);
    let id = make::campaign(&app, "Spring", "app").between(start, start + chrono::Duration::days(9)).make();
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    assert_eq!(page.form("Save changes").fill("Start", "2026-11-27T09:00").send().status, 303);
    assert_eq!(column(&app, id, "starts_at AT TIME ZONE 'UTC'"), "2026-11-27 08:00:00");
}

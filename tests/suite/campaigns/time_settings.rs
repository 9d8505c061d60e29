//! Step **4. Time settings**.

use super::{begin, column, newest};
use crate::support::{TestApp, make};

#[test]
fn all_settings_are_kept_in_the_organisations_zone() {
    let app = TestApp::start();
    let marketer = app.marketer();
    begin(&marketer, "SMS coupon");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    assert!(page.shows("All times are in Europe/Berlin"));
    let page = page
        .form("Save draft")
        .fill("Start", "2027-03-27T09:00")
        .fill("End", "2027-03-28T23:59")
        .tick("A number of days after issue")
        .fill("Days", "7")
        .untick("Sunday")
        .fill("Hours from", "22:00")
        .fill("Hours until", "02:00")
        .fill("Quiet from", "21:00")
        .fill("Quiet until", "08:00")
        .fill("Reminder", "3")
        .send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(column(&app, id, "starts_at AT TIME ZONE 'UTC'"), "2027-03-27 08:00:00");
    // the day ends in summer time
    assert_eq!(column(&app, id, "ends_at AT TIME ZONE 'UTC'"), "2027-03-28 22:00:00");
    let rest =
        "concat_ws('|', validity_days, weekdays, valid_from, valid_until, quiet_from, quiet_until, reminder_days)";
    assert_eq!(column(&app, id, rest), "7|63|22:00:00|02:00:00|21:00:00|08:00:00|3");
    let page = page.follow(&marketer);
    assert_eq!(page.value("End"), "2027-03-28T23:59");
    assert!(!page.is_ticked("Sunday") && page.is_ticked("Monday"));
}

#[test]
fn each_rule_has_its_message() {
    let app = TestApp::start();
    let marketer = app.marketer();
    begin(&marketer, "SMS coupon");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    let try_out = |fields: &[(&str, &str)], label: &str, error: &str| {
        let form = fields.iter().fold(page.form("Save draft"), |form, (label, value)| form.fill(label, value));
        let page = form.tick("A number of days after issue").send();
        assert_eq!(page.status, 422, "{fields:?}");
        assert_eq!(page.error_on(label), format!("Error: {error}"), "{fields:?}");
        for (label, value) in fields {
            assert_eq!(&page.value(label), value);
        }
    };
    try_out(&[("Start", "tomorrow")], "Start", "Enter a date and time like 2026-03-29 14:30");
    try_out(&[("End", "2026-11-24T10:59")], "End", "Enter an end in the future");
    let (start, end) = (("Start", "2026-12-02T00:00"), ("End", "2026-12-01T00:00"));
    try_out(&[start, end], "End", "Enter an end that is after the start");
    try_out(&[("End", "9999-01-01T00:00")], "End", "Enter a year from 2000 to 2199");
    try_out(&[("Days", "")], "Days", "Enter for how many days it is valid");
    try_out(&[("Days", "3651")], "Days", "Enter a whole number from 1 to 3,650");
    try_out(&[("Hours from", "09:00")], "Hours until", "Enter until when, or leave both empty");
    try_out(&[("Hours until", "25:00")], "Hours until", "Enter a time like 14:30");
    try_out(&[("Quiet until", "09:00")], "Quiet from", "Enter from when, or leave both empty");
    try_out(&[("Quiet from", "09:00"), ("Quiet until", "09:00")], "Quiet until", "Enter another time than the first");
    try_out(&[("Reminder", "0")], "Reminder", "Enter a whole number from 1 to 365");
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let page = days.iter().fold(page.form("Save draft"), |form, day| form.untick(day)).send();
    assert_eq!(page.error_on("Weekdays"), "Error: Choose at least one day");
    assert_eq!(column(&app, id, "concat(starts_at, ends_at, validity_days)"), "");
}

#[test]
fn what_a_kind_does_not_have_is_not_kept() {
    let app = TestApp::start();
    let marketer = app.marketer();
    begin(&marketer, "Code coupon");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    for label in ["Reminder", "Quiet from", "Days"] {
        assert!(!page.has_control(label), "{label}");
    }
    let form = page.form("Save draft").smuggle("validity", "days").smuggle("validity_days", "9");
    assert_eq!(form.smuggle("reminder", "9").smuggle("quiet_from", "09:00").send().status, 303);
    assert_eq!(column(&app, id, "concat(validity_days, reminder_days, quiet_from)"), "");
}

#[test]
fn an_exact_end_is_kept_when_something_else_changes() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let end = app.now() + chrono::Duration::seconds(86_399);
    let id = make::campaign(&app, "Exact", "app").between(app.now() - chrono::Duration::seconds(61), end).make();
    let before = column(&app, id, "concat(starts_at, '|', ends_at)");
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    let page = page.form("Save changes").fill("Reminder", "2").send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(column(&app, id, "concat(starts_at, '|', ends_at)"), before);
}

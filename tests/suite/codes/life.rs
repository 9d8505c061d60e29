//! The life of a code: from its batch to the last attempt.

use crate::support::{TestApp, make};

#[test]
fn everything_from_the_batch_to_the_till_is_told_the_latest_first() {
    let app = TestApp::start();
    let ana = make::member(&app, "Ana");
    let id = make::campaign(&app, "Latte", "sms").many_codes().make();
    let marketer = app.marketer();
    let page = marketer.get(&format!("/campaigns/{id}/codes/new"));
    page.form("Make codes").fill("Number of codes", "1").fill("Name", "Shop Mitte").send();
    let code = make::text(&app, "SELECT text FROM code");
    for sql in [
        format!("UPDATE code_batch SET created_at = '2026-11-01T08:00Z' WHERE campaign_id = {id}"),
        format!("UPDATE code SET member_id = {ana}, uses_taken = 1"),
        format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, sent_at, code)
               VALUES ({ana}, {id}, '2026-11-02T08:00Z', '2026-11-02T08:01Z', '{code}')"
        ),
        "INSERT INTO api_key (name, scope, shop, key_hash, hint, created_at) VALUES ('Till 3', 'pos', 'Mitte', 'x', 'x', now())".into(),
        format!(
            "INSERT INTO till_attempt (at, api_key_id, till, act, text, campaign_id, outcome) VALUES
               ('2026-11-03T08:00Z', 1, 'left', 'look_up', '{code}', {id}, 'ok'),
               ('2026-11-03T08:01Z', 1, '', 'validate', '{code}', {id}, 'campaign_not_active'),
               ('2026-11-03T08:02Z', 1, '', 'reserve', '{code}', {id}, 'ok')"
        ),
        format!(
            "INSERT INTO reservation (id, campaign_id, code, member_id, api_key_id, reserved_at, ends_at, cancelled_at, expired_at) VALUES
               ('00000000-0000-4000-8000-000000000001', {id}, '{code}', {ana}, 1, '2026-11-03T09:00Z', now(), '2026-11-03T09:01Z', NULL),
               ('00000000-0000-4000-8000-000000000002', {id}, '{code}', {ana}, 1, '2026-11-03T09:02Z', now(), NULL, '2026-11-03T09:17Z')"
        ),
        format!(
            "INSERT INTO validation (campaign_id, code, member_id, at, via, api_key_id, till, reversed_at)
               VALUES ({id}, '{code}', {ana}, '2026-11-04T08:00Z', 'till', 1, 'left', '2026-11-04T08:05Z')"
        ),
        format!(
            "INSERT INTO code_attempt (member_id, at, text, campaign_id, outcome)
               VALUES ({ana}, '2026-11-05T08:00Z', '{code}', {id}, 'in_app_validation_not_allowed')"
        ),
    ] {
        make::run(&app, &sql);
    }
    let told = [
        "Refused: the campaign does not allow in-app validation",
        "Use reversed",
        "Used at a till",
        "Reservation ran out unused",
        "Reserved by a till",
        "Reservation cancelled",
        "Reserved by a till",
        "Refused at a till: the campaign was not active",
        "Looked up at a till",
        "Sent by SMS",
        "Handed to the member",
        "Made",
    ];
    // support finds it by its text, in any spelling, on its member's page
    let support = app.support();
    let found = support.get(&format!("/user-support?q={}", code.to_lowercase()));
    assert_eq!(found.location, Some(format!("/user-support/{ana}")), "{}", found.text());
    let member = found.follow(&support);
    let link = format!("/campaigns/{id}/codes/{code}");
    assert!(member.html.contains(&format!("href=\"{link}\"")), "{}", member.text());
    for visitor in [&support, &marketer] {
        let page = visitor.get(&link);
        assert_eq!(page.texts_at("tbody td[data-label=What]"), told);
        assert_eq!(page.texts_at("tbody td[data-label=Where]")[1], "Till 3, Mitte, left");
        assert_eq!(page.texts_at("tbody td[data-label=Where]").last().unwrap(), "Shop Mitte");
        assert!(page.shows("Max Marketer") && page.shows("12 entries"), "{}", page.text());
    }
    assert!(!support.get(&link).has_link("Campaigns") && marketer.get(&link).has_link("Shop Mitte"));
}

#[test]
fn pages_of_a_long_life_miss_nothing_and_repeat_nothing() {
    let app = TestApp::start();
    let ana = make::member(&app, "Ana");
    let id = make::campaign(&app, "VIP", "code").one_code("VIP2026", None).make();
    for sql in [
        format!(
            "INSERT INTO validation (campaign_id, code, at, via, reversed_at) SELECT {id}, 'VIP2026', '2026-11-20T10:00Z', 'till',
               CASE WHEN n % 2 = 0 THEN '2026-11-20T10:00Z'::timestamptz END FROM generate_series(1, 60) AS n"
        ),
        format!(
            "INSERT INTO code_attempt (member_id, at, text, campaign_id, outcome)
               SELECT {ana}, '2026-11-20T10:00Z'::timestamptz + n % 3 * interval '1 min', 'VIP2026', {id}, 'code_used_up' FROM generate_series(1, 60) AS n"
        ),
    ] {
        make::run(&app, &sql);
    }
    let (mut page, mut seen) = (app.marketer().get(&format!("/campaigns/{id}/codes/VIP2026")), Vec::new());
    loop {
        seen.extend(page.texts_at("tbody td[data-label=What]"));
        if !page.has_link("Next") {
            break;
        }
        page = page.click("Next");
    }
    let count = |words: &str| seen.iter().filter(|what| *what == words).count();
    assert_eq!(
        (count("Used at a till"), count("Use reversed"), count("Refused: no uses left"), seen.len()),
        (60, 30, 60, 151)
    );
    assert!(page.shows("151 entries"));
}

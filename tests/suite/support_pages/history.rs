//! All that happened to a member, newest first.

use diesel::prelude::*;
use muster::memberships::{self, Source};

use crate::support::{TestApp, make};

#[test]
fn everything_is_told_in_plain_words_newest_first() {
    let app = TestApp::start();
    let (agent, marketer) = (app.support(), app.marketer());
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make();
    let campaign = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).make();
    let latte = make::campaign(&app, "Latte", "app").make();
    let conn = &mut app.conn();
    for statement in [
        format!("INSERT INTO code_attempt (member_id, at, text, campaign_id, outcome) VALUES
            ({ann}, '2026-11-01 10:00Z', 'BARRISTA', NULL, 'code_unknown'), ({ann}, '2026-11-02 10:00Z', 'BARISTA', {campaign}, 'campaign_not_active'),
            ({ann}, '2026-11-03 10:00Z', 'BARISTA', {campaign}, 'ok'), ({ann}, '2026-11-04 10:00Z', 'BARISTA', {campaign}, 'ok')"),
        format!("INSERT INTO validation (campaign_id, code, member_id, at, via) VALUES ({campaign}, 'BARISTA', {ann}, '2026-11-03 10:00Z', 'app')"),
        format!("INSERT INTO validation (campaign_id, code, member_id, at, via, reversed_at) VALUES ({latte}, 'LATTE1', {ann}, '2026-11-06 10:00Z', 'till', '2026-11-06 11:00Z')"),
        format!("INSERT INTO delivery (member_id, campaign_id, issued_at, seen_at, withdrawn_at, reason)
            VALUES ({ann}, {latte}, '2026-11-05 10:00Z', '2026-11-05 11:00Z', '2026-11-07 10:00Z', 'left Tea lovers')"),
        format!("INSERT INTO member_consent (member_id, channel, at, granted, source) VALUES ({ann}, 'sms', '2026-11-08 10:00Z', false, 'app')"),
        format!("UPDATE member SET sms_consent = false WHERE id = {ann}"),
    ] {
        diesel::sql_query(statement).execute(conn).unwrap();
    }
    memberships::join(conn, ann, &[tea], &Source::Code("BARISTA".into()), app.now()).unwrap();
    let form = marketer.get(&format!("/members/{ann}/edit")).form("Save changes");
    assert_eq!(form.fill("Name", "Anne Abel").tick("SMS consent").send().status, 303);

    let page = agent.get(&format!("/user-support/{ann}/history"));
    let told: Vec<String> = page.texts_at(".history li > p:first-child");
    assert_eq!(
        told,
        [
            "Joined Tea lovers , by the member, with code BARISTA",
            "SMS consent given by Max Marketer",
            "Name changed from Ann Abel to Anne Abel by Max Marketer",
            "SMS consent withdrawn by the member, in the app",
            "Withdrawn: Latte title : left Tea lovers",
            "Validation of Latte title reversed, code LATTE1",
            "Validated Latte title at a till, code LATTE1",
            "Opened Latte title",
            "Got Latte title",
            "Entered code BARISTA : accepted",
            "Used code BARISTA in the app: Barista title",
            "Entered code BARISTA : refused, its campaign was not live",
            "Entered code BARRISTA : refused, there is no such code",
            "Became a member",
        ]
    );
    let page = agent.get(&format!("/user-support/{ann}"));
    assert_eq!(page.texts_at(".history li > p:first-child"), told[..8]);
    assert_eq!(page.link("All history"), format!("/user-support/{ann}/history"));
}

#[test]
fn history_has_pages_without_gap_or_repetition() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    // many at the same moment
    let many = format!(
        "INSERT INTO code_attempt (member_id, at, text, outcome) SELECT {ann}, '2026-11-01 10:00Z'::timestamptz + (n / 40) * interval '1 microsecond', 'X' || n, 'code_unknown' FROM generate_series(1, 130) n"
    );
    diesel::sql_query(many).execute(&mut app.conn()).unwrap();
    let mut page = agent.get(&format!("/user-support/{ann}/history"));
    let first = page.texts_at(".history li");
    let mut all = first.clone();
    let mut pages = 1;
    while page.has_link("Next") {
        page = page.click("Next");
        all.extend(page.texts_at(".history li"));
        pages += 1;
    }
    assert_eq!((pages, all.len()), (3, 131));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 131);
    let back = page.click("Previous").click("Previous");
    assert_eq!(back.texts_at(".history li"), first);
    assert_eq!(agent.get(&format!("/user-support/{ann}/history?after=nonsense")).status, 200);
    assert_eq!(agent.get(&format!("/user-support/{ann}/history?before=1-%27%3B--")).status, 200);
}

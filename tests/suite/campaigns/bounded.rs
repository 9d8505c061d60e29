//! Pages whose cost does not grow with the deliveries: 200,000 of them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use muster::campaigns::receiver_filter::{ReceiverFilter, Standing};
use muster::campaigns::receiver_list::statement;
use muster::campaigns::tally::Tally;
use muster::deliveries::{DeliveryState, Skip};
use muster::ids::CampaignId;

use crate::support::{TestApp, make};

const MANY: i64 = 200_000;

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

/// Half sent, of the rest one in ten each: queued, failed, skipped for two reasons, one of them rare.
fn campaign(app: &TestApp) -> CampaignId {
    make::members(app, MANY);
    let id = make::campaign(app, "Winter", "sms").make();
    run(app, &format!("UPDATE campaign SET issuing_since = now(), issued_at = now() WHERE id = {id}"));
    run(app, &format!(
        "INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at, sent_at, seen_at, failed_at, skipped_at, reason)
         SELECT id, {id}, '2026-11-24', '2026-11-24',
           CASE WHEN id % 10 < 6 THEN timestamptz '2026-11-24' END, CASE WHEN id % 10 = 5 THEN timestamptz '2026-11-24' END,
           CASE WHEN id % 10 = 7 THEN timestamptz '2026-11-24' END, CASE WHEN id % 10 > 7 THEN timestamptz '2026-11-24' END,
           CASE WHEN id % 10000 = 9999 THEN 'blocked' WHEN id % 10 > 7 THEN 'no_consent' END FROM member"
    ));
    run(app, "VACUUM ANALYZE");
    id
}

#[derive(QueryableByName)]
struct PlanRow {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    plan: String,
}

/// Pages of the database that a page of the list reads.
fn buffers(app: &TestApp, id: CampaignId, tally: &Tally, filter: &ReceiverFilter, after: i64, backwards: bool) -> i64 {
    let text = statement(tally, filter, backwards, 51).unwrap();
    let plan: Vec<PlanRow> = diesel::sql_query(format!("EXPLAIN (ANALYZE, BUFFERS) {text}"))
        .bind::<BigInt, _>(id)
        .bind::<Nullable<BigInt>, _>(Some(after))
        .load(&mut app.conn())
        .unwrap();
    let plan: Vec<String> = plan.into_iter().map(|row| row.plan).collect();
    let line = plan.iter().find(|line| line.contains("Buffers:")).unwrap_or_else(|| panic!("{plan:#?}"));
    let read = |what: &str| {
        line.split(&format!("{what}=")).nth(1).map_or(0, |rest| rest.split(' ').next().unwrap().parse::<i64>().unwrap())
    };
    let pages = read("hit") + read("read");
    assert!(pages < 2_000, "{pages} pages for {filter:?} after {after}:\n{}", plan.join("\n"));
    pages
}

#[test]
fn no_page_reads_more_than_it_shows() {
    let app = TestApp::start();
    let id = campaign(&app);
    let standing = |standing| ReceiverFilter { standing: Some(standing), ..ReceiverFilter::default() };
    let filters = [
        ReceiverFilter::default(),
        standing(Standing::In(DeliveryState::Sent)),
        standing(Standing::In(DeliveryState::Failed)),
        standing(Standing::In(DeliveryState::Skipped)),
        standing(Standing::Ever(muster::campaigns::tally::Reached::Issued)),
        standing(Standing::Ever(muster::campaigns::tally::Reached::Sent)),
        ReceiverFilter { reason: Some(Skip::Blocked), ..ReceiverFilter::default() },
        ReceiverFilter { reason: Some(Skip::NoConsent), ..ReceiverFilter::default() },
    ];
    for is_over in [false, true] {
        let tally = Tally::load(&mut app.conn(), id, is_over).unwrap();
        assert_eq!(tally.receivers(), MANY);
        for filter in filters.iter().chain(&[standing(Standing::In(DeliveryState::Expired))]) {
            if tally.count(filter) == 0 {
                continue;
            }
            for after in [0, MANY / 2, MANY - 1_000] {
                buffers(&app, id, &tally, filter, after, false);
                buffers(&app, id, &tally, filter, MANY - after, true);
            }
        }
    }

    // nothing on a campaign's page, and nothing that polls, looks at a delivery
    let marketer = app.marketer();
    run(&app, "ALTER TABLE delivery RENAME TO hidden");
    run(&app, "ALTER TABLE message RENAME TO hidden_messages");
    run(&app, "UPDATE delivery_count SET state = 'sent' WHERE state = 'queued'");
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.texts_at(".funnel-number")[0], "200,000");
    assert_eq!(marketer.get(&format!("/campaigns/{id}/progress")).status, 200);
}

//! Each number of the page, of the lists and of the file equals a count of the rows, whatever happened to them.

use diesel::RunQueryDsl;
use muster::ids::CampaignId;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::support::page::Page;
use crate::support::{TestApp, make};

const MARKS: [&str; 11] = [
    "queued_at",
    "sent_at",
    "accepted_at",
    "seen_at",
    "validated_at",
    "uncertain_at",
    "bounced_at",
    "failed_at",
    "skipped_at",
    "withdrawn_at",
    "expired_at",
];
const REASONS: [&str; 4] = ["blocked", "no_address", "no_consent", "no_code"];

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

fn campaign(app: &TestApp) -> CampaignId {
    make::members(app, 200);
    let (vip, tea) = (make::group(app, "VIP").make(), make::group(app, "Tea").make());
    let id = make::campaign(app, "Winter", "email").include(vip).include(tea).make();
    run(app, &format!("UPDATE campaign_group SET place = CASE group_id WHEN {vip} THEN 0 ELSE 1 END"));
    run(app, &format!("UPDATE campaign SET issuing_since = now(), issued_at = now() WHERE id = {id}"));
    run(
        app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, through) SELECT id, {id}, '2026-11-23', id % 4 FROM member"
        ),
    );
    id
}

fn number(text: &str) -> i64 {
    text.replace(',', "").parse().unwrap()
}

/// "Sent 12" → 12, of all that a selector finds.
fn numbers(page: &Page, selector: &str) -> Vec<(String, i64)> {
    let split = |text: &String| text.rsplit_once(' ').map(|(name, n)| (name.to_owned(), number(n))).unwrap();
    page.texts_at(selector).iter().map(split).collect()
}

fn check(app: &TestApp, id: CampaignId) {
    let marketer = app.marketer();
    let page = marketer.get(&format!("/campaigns/{id}"));
    let count = |condition: &str| {
        make::count(app, &format!("SELECT count(*) FROM delivery WHERE campaign_id = {id} AND {condition}"))
    };
    let funnel: Vec<i64> = page.texts_at(".funnel-number").iter().map(|text| number(text)).collect();
    let steps = [
        "true",
        "state <> 'skipped'",
        "sent_at IS NOT NULL",
        "(seen_at IS NOT NULL OR validated_at IS NOT NULL)",
        "validated_at IS NOT NULL",
    ];
    assert_eq!(funnel, steps.map(count));
    let parts = numbers(&page, ".ledger .ledger-part");
    assert_eq!(parts[0], ("Receivers".to_owned(), 200));
    assert_eq!(parts[1..].iter().map(|(_, n)| n).sum::<i64>(), 200, "{parts:?}");
    for (name, n) in &parts[1..] {
        let state = name.to_lowercase();
        assert_eq!(*n, count(&format!("state = '{state}'")), "{name}");
        let list = marketer.get(&format!("/campaigns/{id}/deliveries?state={state}"));
        assert!(
            list.text_at(".pager-count").starts_with(&format!("{n} member")),
            "{name} {n}: {}",
            list.text_at(".pager-count")
        );
        assert_eq!(list.texts_at("tbody tr").len(), 50.min(usize::try_from(*n).unwrap()));
    }
    let skipped: i64 = numbers(&page, ".ledger-skips .ledger-part").iter().map(|(_, n)| n).sum();
    assert_eq!(skipped, count("state = 'skipped'"));
    let groups = page.texts_at(".panel .table-box tbody tr");
    for (group, bit) in [("VIP", 1), ("Tea", 2)] {
        let each = steps.map(|step| count(&format!("through & {bit} <> 0 AND {step}")).to_string()).join(" ");
        assert!(groups.contains(&format!("{group} {each}")), "{group} {each}: {groups:?}");
    }
    let days: i64 = page.texts_at(".chart tbody td:nth-child(5)").iter().map(|text| number(text)).sum();
    assert_eq!(days, count("validated_at IS NOT NULL"));
}

#[test]
fn the_page_equals_a_naive_count_under_random_changes() {
    let app = TestApp::start();
    let id = campaign(&app);
    let mut dice = StdRng::seed_from_u64(3);
    for round in 0..6 {
        for _ in 0..60 {
            let mark = MARKS.choose(&mut dice).unwrap();
            let (first, many) = (dice.random_range(1..=200), dice.random_range(1..30));
            let value = if dice.random_bool(0.75) { "'2026-11-24T08:00Z'" } else { "NULL" };
            let reason = REASONS.choose(&mut dice).unwrap();
            // what is skipped has a reason of the ledger
            run(&app, &format!(
                "UPDATE delivery SET {mark} = {value}, reason = CASE WHEN reason IS NULL OR '{mark}' = 'skipped_at' THEN '{reason}' ELSE reason END
                 WHERE member_id BETWEEN {first} AND {}", first + many
            ));
        }
        if round % 2 == 0 {
            muster::deliveries::housekeeping::fold_counts(&mut app.conn()).unwrap();
        }
        check(&app, id);
    }
}

#[test]
fn a_file_is_the_list() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = campaign(&app);
    run(&app, "UPDATE member SET name = '=2+2' WHERE id = 7");
    run(&app, "UPDATE delivery SET sent_at = '2026-11-24T08:00Z' WHERE member_id % 2 = 0");
    run(
        &app,
        "UPDATE delivery SET failed_at = '2026-11-24T08:00Z', reason = '550 \"no\", sorry' WHERE member_id IN (3, 7)",
    );
    run(&app, "UPDATE delivery SET skipped_at = '2026-11-24T08:00Z', reason = 'blocked' WHERE member_id IN (5, 9, 11)");
    let vip = make::count(&app, "SELECT id FROM member_group WHERE name = 'VIP'");
    let lists = [
        (String::new(), 200),
        ("?state=sent".into(), 100),
        ("?state=failed".into(), 2),
        ("?reason=blocked".into(), 3),
        ("?state=ever-issued".into(), 197),
        ("?state=ever-sent".into(), 100),
        (format!("?group={vip}"), 100),
        (format!("?group={vip}&state=sent"), 0),
        (format!("?group={vip}&reason=blocked"), 3),
        ("?q=many1%40example.com".into(), 1),
        ("?q=Member+19&state=sent".into(), 5),
        ("?q=nobody-at-all".into(), 0),
    ];
    for (query, expected) in lists {
        let file = marketer.get(&format!("/campaigns/{id}/deliveries.csv{query}"));
        let mut listed = Vec::new();
        let mut page = marketer.get(&format!("/campaigns/{id}/deliveries{query}"));
        if expected > 0 {
            assert!(
                page.text_at(".pager-count").starts_with(&format!("{expected} member")),
                "{query}: {}",
                page.text()
            );
        }
        loop {
            listed.extend(page.texts_at("tbody td[data-label=Number]"));
            if !page.has_link("Next") {
                break;
            }
            page = page.click("Next");
        }
        let numbers: Vec<String> = csv(&file.html).into_iter().skip(1).map(|row| row[0].clone()).collect();
        assert_eq!(numbers, listed, "{query}");
        assert_eq!(listed.len(), expected, "{query}");
    }
    let file = marketer.get(&format!("/campaigns/{id}/deliveries.csv?state=failed"));
    let rows = csv(&file.html);
    assert_eq!(rows[0], ["Member number", "Name", "Phone", "E-mail", "State", "Reason", "Since", "Code"]);
    assert_eq!(
        rows[2][1..],
        ["'=2+2", "'+4916000000007", "many7@example.com", "Failed", "550 \"no\", sorry", "2026-11-24 09:00", ""]
    );
    assert!(file.header("content-disposition").unwrap().contains(&format!("campaign-{id}-receivers-2026-11-24.csv")));
    assert_eq!(super::audited(&app, "receivers exported"), 13);
    // a search has more hits than a page looks at: the file has them all
    run(
        &app,
        "INSERT INTO member (name, email, created_at) SELECT 'Member ' || n, 'more' || n || '@example.com', now() FROM generate_series(1, 5300) AS n",
    );
    run(
        &app,
        &format!(
            "INSERT INTO delivery (campaign_id, member_id, issued_at) SELECT {id}, id, now() FROM member WHERE email LIKE 'more%'"
        ),
    );
    let page = marketer.get(&format!("/campaigns/{id}/deliveries?q=Member"));
    assert!(page.shows("More members match: type more to find them all."), "{}", page.text());
    let all = make::count(&app, &format!("SELECT count(*) FROM delivery WHERE campaign_id = {id}"));
    assert!(all > 5_200);
    let file = marketer.get(&format!("/campaigns/{id}/deliveries.csv?q=example.com"));
    let mut numbers: Vec<String> = csv(&file.html).into_iter().skip(1).map(|row| row[0].clone()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(i64::try_from(numbers.len()).unwrap(), all);
    let blocked = marketer.get(&format!("/campaigns/{id}/deliveries?reason=blocked"));
    assert_eq!(blocked.texts_at("tbody td[data-label=Reason]"), ["Blocked", "Blocked", "Blocked"]);
    // backwards too
    let page = marketer.get(&format!("/campaigns/{id}/deliveries")).click("Next").click("Next").click("Previous");
    assert_eq!(page.texts_at("tbody th")[0], "Member 51");
}

fn csv(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

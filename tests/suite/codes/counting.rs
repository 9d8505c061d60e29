//! Kept counts say what counting would say, and batches tell what became of their codes.

use muster::codes::batch::{Label, NewBatch};
use muster::codes::counts::{self, CodeCounts};
use muster::codes::prepare::format_of;
use muster::ids::CampaignId;

use crate::support::{TestApp, make};

fn agree(app: &TestApp, id: CampaignId) {
    let kept = CodeCounts::kept(&mut app.conn(), id, None).unwrap();
    let count =
        |what: &str| make::count(app, &format!("SELECT count(*) FROM code WHERE campaign_id = {id} AND {what}"));
    assert_eq!(kept.all, count("true"));
    assert_eq!(kept.handed_out, count("uses_taken = 0 AND member_id IS NOT NULL"));
    assert_eq!(kept.used, count("uses_taken > 0"));
    assert_eq!(kept.unused, count("uses_taken = 0 AND member_id IS NULL"));
}

#[test]
fn whatever_happens_to_codes_is_counted() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "app").many_codes().make();
    let other = make::campaign(&app, "Other", "code").one_code("SHARED26", None).make();
    NewBatch { campaign: id, format: format_of("", 10), count: 200 }.begin(&mut app.conn(), app.now()).unwrap();
    for sql in [
        "UPDATE code SET member_id = 7 WHERE text IN (SELECT text FROM code WHERE uses_allowed = 1 ORDER BY text LIMIT 50)",
        "UPDATE code SET uses_taken = 1 WHERE text IN (SELECT text FROM code WHERE uses_allowed = 1 ORDER BY text LIMIT 20)",
        "UPDATE code SET uses_taken = 0 WHERE text IN (SELECT text FROM code WHERE uses_allowed = 1 ORDER BY text LIMIT 5)",
        "UPDATE code SET uses_taken = uses_taken + 3 WHERE text = 'SHARED26'",
        "UPDATE code SET uses_taken = uses_taken WHERE text = 'SHARED26'",
        "DELETE FROM code WHERE text IN (SELECT text FROM code WHERE uses_allowed = 1 ORDER BY text DESC LIMIT 30)",
        "DELETE FROM code WHERE text IN (SELECT text FROM code WHERE uses_allowed = 1 ORDER BY text LIMIT 10)",
    ] {
        make::run(&app, sql);
        agree(&app, id);
        agree(&app, other);
    }
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| counts::fold(&mut app.app_conn()).unwrap());
        }
    });
    agree(&app, id);
    assert_eq!(
        make::count(&app, "SELECT sum(uses) FROM code_count"),
        make::count(&app, "SELECT sum(uses_taken) FROM code")
    );
}

#[test]
fn a_batch_tells_what_became_of_its_codes() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "app").many_codes().make();
    let marketer = app.marketer();
    let page = marketer.get(&format!("/campaigns/{id}/codes/new"));
    page.form("Make codes").fill("Number of codes", "20").fill("Name", "Shop <b>Mitte</b>").send();
    let page = marketer.get(&format!("/campaigns/{id}/codes/new"));
    page.form("Make codes").fill("Number of codes", "5").fill("Name", "Shop Ost").send();
    let batch = make::count(&app, "SELECT min(id) FROM code_batch");
    let some = |limit: i64| format!("(SELECT text FROM code WHERE batch_id = {batch} ORDER BY text LIMIT {limit})");
    make::run(&app, &format!("UPDATE code SET member_id = 7 WHERE text IN {}", some(9)));
    make::run(&app, &format!("UPDATE code SET uses_taken = 1 WHERE text IN {}", some(4)));
    // one of the uses is only held by a till
    make::run(
        &app,
        "INSERT INTO api_key (name, scope, key_hash, hint, created_at) VALUES ('Till', 'pos', 'x', 'x', now())",
    );
    make::run(
        &app,
        &format!(
            "INSERT INTO reservation (id, campaign_id, code, api_key_id, reserved_at, ends_at)
               SELECT gen_random_uuid(), {id}, min(text), 1, now(), now() FROM code WHERE batch_id = {batch}"
        ),
    );
    let page = marketer.get(&format!("/campaigns/{id}/codes")).click("Batches");
    assert_eq!(page.texts_at("tbody th"), ["Shop Ost", "Shop <b>Mitte</b>"]);
    assert_eq!(page.texts_at("tbody td[data-label=Codes]"), ["5", "20"]);
    assert_eq!(page.texts_at("tbody td[data-label='Handed out']"), ["0", "5"]);
    assert_eq!(page.texts_at("tbody td[data-label=Validated]"), ["0", "3"]);
    assert_eq!(page.texts_at("tbody td[data-label='Made by']"), ["Max Marketer", "Max Marketer"]);
    assert_eq!(page.texts_at("tbody td[data-label=State]"), ["Complete", "Complete"]);

    let list = page.click("Shop Ost");
    assert!(list.shows("5 codes") && list.shows("Only codes of Shop Ost"), "{}", list.text());
    assert_eq!(list.texts_at("tbody th").len(), 5);
    let file = list.click("Export CSV");
    assert_eq!(file.html.lines().count(), 6);
    assert!(file.html.lines().nth(1).unwrap().ends_with(",,,Shop Ost"), "{}", file.html);
    let file = page.click("Export Shop <b>Mitte</b>");
    assert_eq!(file.html.lines().count(), 21);
    let used = marketer.get(&format!("/campaigns/{id}/codes?batch={batch}&state=used"));
    assert!(used.shows("4 codes"), "{}", used.text());
}

#[test]
fn names_of_batches_are_checked() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    let page = app.marketer().get(&format!("/campaigns/{id}/codes/new"));
    let answer = page.form("Make codes").fill("Number of codes", "5").fill("Name", &"x".repeat(81)).send();
    assert_eq!((answer.status, answer.error_on("Name")), (422, "Error: Use at most 80 characters".into()));
    assert_eq!(app.marketer().get(&format!("/campaigns/{id}/codes/batches")).texts_at("tbody tr").len(), 0);
}

#[test]
fn a_search_is_counted_up_to_a_limit() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    make::run(&app, "UPDATE campaign SET code_prefix = 'VIP', code_length = 10");
    let order = NewBatch { campaign: id, format: format_of("VIP", 10), count: 10_001 };
    order.begin_as(&mut app.conn(), Label::default(), app.now()).unwrap();
    app.work();
    let marketer = app.marketer();
    let shows = |query: &str, words: &str| marketer.get(&format!("/campaigns/{id}/codes{query}")).shows(words);
    assert!(shows("", "10,001 codes"));
    assert!(shows("?q=vip", "More than 10,000 codes"));
    let text = make::text(&app, "SELECT max(text) FROM code");
    assert!(shows(&format!("?q={text}"), "1 code"));
}

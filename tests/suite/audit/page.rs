//! Settings → Audit log.

use chrono::Duration;

use crate::support::{TestApp, make};

const PATH: &str = "/settings/audit-log";

#[test]
fn an_act_is_told_with_who_from_where_and_what_changed() {
    let app = TestApp::start();
    let admin = app.admin();
    let form = admin.get("/settings/general").form("Save changes").fill("Organisation name", "Kestrel <Coffee>");
    form.fill("Colour", "#7a1fa2").send();

    let page = admin.get("/settings").follow(&admin).click("Audit log");

    assert_eq!(page.text_at("nav[aria-label=Settings] [aria-current]"), "Audit log");
    let row = page.text_at("tbody tr");
    for part in [
        "Ada Admin <admin@example.com>",
        "127.0.0.1",
        "settings changed",
        "#206bc4 → #7a1fa2",
        "Muster → Kestrel <Coffee>",
    ] {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert!(page.shows("2 entries"), "signing in is an act too");
    let entry = admin.get(&format!("{PATH}/2"));
    assert!(entry.shows("Kestrel <Coffee>") && entry.shows("127.0.0.1"));
    assert_eq!(admin.get(&format!("{PATH}/3")).status, 404);
}

#[test]
fn filters_narrow_and_pages_follow_each_other() {
    let app = TestApp::start();
    let (admin, marketer) = (app.admin(), app.marketer());
    for name in ["Alpha", "Beta", "100% off_er"] {
        let form = marketer.get("/settings/user-groups/new").form("Save changes").fill("Name", name);
        assert_eq!(form.send().status, 303);
    }
    let names = |query: &str| -> Vec<String> {
        let page = admin.get(&format!("{PATH}?{query}"));
        page.texts_at("tbody tr").iter().map(|row| row.split("added ").nth(1).unwrap_or("–").to_owned()).collect()
    };
    assert_eq!(names("about=group").len(), 3);
    assert_eq!(names("q=alpha").len(), 1);
    assert_eq!(names("q=100%25+off_").len(), 1, "nothing in the text is a pattern");
    assert_eq!(names("q=max+marketer&about=group").len(), 3);
    let marketers = make::text(&app, "SELECT id::text FROM account WHERE email = 'marketer@example.com'");
    assert_eq!(names(&format!("who={marketers}")).len(), 4);
    assert_eq!(names("from=2026-11-25").len(), 0);
    assert_eq!(names("from=2026-11-24&to=2026-11-24").len(), 5);
    assert_eq!(names("to=2026-11-23").len(), 0);
    assert!(admin.get(&format!("{PATH}?q=nothing+like+it")).shows("these filters"));

    make::run(
        &app,
        "SELECT append_audit_entry(now(), NULL, 'robot', 'counted', 'setting', n::text, 'Number ' || n, NULL, NULL, '')
         FROM generate_series(1, 120) AS n",
    );
    let first = admin.get(PATH);
    let second = first.click("Next");
    let third = second.click("Next");
    assert!(first.shows("Number 120") && second.shows("Number 70") && third.shows("Number 1") && third.shows("Alpha"));
    assert!(third.click("Previous").shows("Number 70"));
}

#[test]
fn it_is_for_admins() {
    let app = TestApp::start();
    let (marketer, support) = (app.marketer(), app.support());
    for path in ["", "/1", "/verification", "/export.csv"] {
        let path = format!("{PATH}{path}");
        assert_eq!(marketer.get(&path).status, 403, "{path}");
        assert_eq!(support.get(&path).status, 403, "{path}");
        assert_eq!(app.visitor().get(&path).status, 303, "{path}");
    }
    assert!(!marketer.get("/settings/general").shows("Audit log"));
}

#[test]
fn the_export_has_every_entry_and_is_itself_one() {
    let app = TestApp::start();
    let admin = app.admin();
    make::run(
        &app,
        "SELECT append_audit_entry(now(), NULL, '=cmd()', 'counted', 'setting', n::text, 'Number ' || n, NULL, '{\"a\": 1}', '')
         FROM generate_series(1, 4500) AS n",
    );
    let csv = admin.get(&format!("{PATH}/export.csv")).html;
    let mut rows = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4502, "the sign-in and the export too");
    assert_eq!((&rows[0][4], &rows[0][0], &rows[4501][0]), ("audit log exported", "4502", "1"));
    assert_eq!((&rows[1][2], &rows[1][9]), ("'=cmd()", "{\"a\":1}"));
    let one = admin.get(&format!("{PATH}/export.csv?q=Number+77")).html;
    assert_eq!(one.lines().count(), 12, "the heading, Number 77 and 770 to 779");
}

#[test]
fn verify_says_whether_the_log_is_whole() {
    let app = TestApp::start();
    let admin = app.admin();
    app.clock.advance(Duration::minutes(1));
    let page = admin.get(PATH).click("Verify");
    assert!(page.shows("The log is whole"));
    let link = make::text(&app, "SELECT encode(hash, 'hex') FROM audit_entry WHERE id = 1");
    let same = page.form("Check").fill("Entry", "1").fill("Link", &link.to_uppercase()).send();
    assert!(same.shows("The noted link is the stored one"));
    let other = page.form("Check").fill("Entry", "1").fill("Link", &"0".repeat(64)).send();
    assert!(other.shows("The noted link is not the stored one"));
    let wrong = page.form("Check").fill("Entry", "one").fill("Link", "abc").send();
    assert!(wrong.error_on("Entry").contains("number") && wrong.error_on("Link").contains("64 digits"));
    assert_eq!(wrong.value("Entry"), "one");

    make::run(&app, "ALTER TABLE audit_entry DISABLE TRIGGER USER");
    make::run(&app, "UPDATE audit_entry SET actor = 'Somebody else' WHERE id = 1");
    assert!(admin.get(&format!("{PATH}/verification")).shows("The log was tampered with"));
}

//! Find by name: parts in any order, without accents, in every script; nothing typed is SQL or a wildcard.

use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn names(agent: &Visitor, typed: &str) -> Vec<String> {
    let page = agent.get("/user-support").form("Find").fill("Find", typed).send();
    assert_eq!(page.status, 200, "{typed:?}: {}", page.text());
    page.texts_at("#results th[scope=row]")
}

#[test]
fn names_are_found_by_their_parts_without_accents_in_every_script() {
    let app = TestApp::start();
    let agent = app.support();
    for name in [
        "José Müller-Lüdenscheidt",
        "Li An",
        "Liam Anderson",
        "Ελένη Παπαδοπούλου",
        "Сергей Ёлкин",
        "محمد حسن",
        "Zoë O'Brien",
        "Łukasz Søndergård",
        "Joy 🎉 Party",
        "Nguyễn Thị Ánh",
    ] {
        make::member(&app, name);
    }
    for (typed, found) in [
        ("jose", vec!["José Müller-Lüdenscheidt"]),
        ("JOSÉ MULLER", vec!["José Müller-Lüdenscheidt"]),
        ("muller jose", vec!["José Müller-Lüdenscheidt"]),
        ("ludensch", vec!["José Müller-Lüdenscheidt"]),
        ("udensch", vec!["José Müller-Lüdenscheidt"]),
        ("li an", vec!["Li An", "Liam Anderson"]),
        ("an li", vec!["Li An", "Liam Anderson"]),
        ("ia", vec![]),
        ("ελενη", vec!["Ελένη Παπαδοπούλου"]),
        ("ΠΑΠΑΔΟΠΟΥΛΟΥ", vec!["Ελένη Παπαδοπούλου"]),
        ("πα ελ", vec!["Ελένη Παπαδοπούλου"]),
        ("елкин", vec!["Сергей Ёлкин"]),
        ("СЕРГЕЙ", vec!["Сергей Ёлкин"]),
        ("محمد", vec!["محمد حسن"]),
        ("حسن محمد", vec!["محمد حسن"]),
        ("o'brien", vec!["Zoë O'Brien"]),
        ("O’Brien zoe", vec!["Zoë O'Brien"]),
        ("lukasz sondergard", vec!["Łukasz Søndergård"]),
        ("🎉", vec!["Joy 🎉 Party"]),
        ("joy 🎉", vec!["Joy 🎉 Party"]),
        ("nguyen anh", vec!["Nguyễn Thị Ánh"]),
        ("nguyen jose", vec![]),
    ] {
        assert_eq!(names(&agent, typed), found, "{typed:?}");
    }
}

#[test]
fn wildcards_quotes_and_sql_are_text() {
    let app = TestApp::start();
    let agent = app.support();
    for name in
        ["Ann Abel", "100% Cotton", "Under_Score", "Back\\Slash", "Robert'); DROP TABLE member;--", "<b>Bold</b>"]
    {
        make::member(&app, name);
    }
    for (typed, found) in [
        ("%", vec!["100% Cotton"]),
        ("100%", vec!["100% Cotton"]),
        ("0%co", vec![]),
        ("_", vec!["Under_Score"]),
        ("under_s", vec!["Under_Score"]),
        ("a_n", vec![]),
        ("\\", vec!["Back\\Slash"]),
        ("back\\s", vec!["Back\\Slash"]),
        ("'); DROP TABLE member;--", vec!["Robert'); DROP TABLE member;--"]),
        ("' OR '1'='1", vec![]),
        ("\"", vec![]),
        ("<b>", vec!["<b>Bold</b>"]),
        ("a\u{0}nn", vec!["Ann Abel"]),
        ("ann\u{1b}", vec!["Ann Abel"]),
        ("\u{202e}ann", vec![]),
    ] {
        assert_eq!(names(&agent, typed), found, "{typed:?}");
    }
    assert!(names(&agent, &"x".repeat(5000)).is_empty());
    assert!(names(&agent, &"a ".repeat(400)).len() <= 2);
}

fn many(app: &TestApp, name: &str, n: usize) {
    let rows = format!(
        "INSERT INTO member (name, email, created_at)
         SELECT '{name} ' || n, lower('{name}') || n || '@example.com', now() FROM generate_series(1, {n}) n"
    );
    diesel::RunQueryDsl::execute(diesel::sql_query(rows), &mut app.conn()).unwrap();
}

#[test]
fn pages_go_on_and_back_and_too_many_say_so() {
    let app = TestApp::start();
    let agent = app.support();
    make::members(&app, 120);
    let first = agent.get("/user-support?q=member");
    assert!(first.shows("50 shown, more exist. Type more to narrow it down."), "{}", first.text());
    assert!(!first.has_link("Next"));

    // not among the newest, and few enough to be counted and turned over
    many(&app, "Zacharias", 60);
    many(&app, "Other", 3000);
    let first = agent.get("/user-support?q=zacharias");
    assert!(first.shows("60 members"), "{}", first.text_at("#results"));
    let second = first.click("Next");
    assert_eq!((first.texts_at("th[scope=row]").len(), second.texts_at("th[scope=row]").len()), (50, 10));
    assert!(!second.has_link("Next"));
    let mut all = first.texts_at("th[scope=row]");
    all.extend(second.texts_at("th[scope=row]"));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 60);
    assert_eq!(second.click("Previous").texts_at("th[scope=row]"), first.texts_at("th[scope=row]"));
    assert_eq!(agent.get("/user-support?q=zacharias&after=nonsense").status, 200);
}

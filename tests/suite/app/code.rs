//! **I have a code**.

use crate::support::{TestApp, make};

#[test]
fn a_code_joins_its_group() {
    let app = TestApp::start();
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA7", None).make();
    make::group(&app, "Barista club").by_code(barista).make();
    let ann = app.member(make::member(&app, "Ann"));
    let page = ann.get("/app/groups").click("Enter code");
    assert!(page.shows("Enter the code for Barista club"));
    let page = page.form("Use code").fill("Code", " bari–sta7 ").send();
    assert_eq!(page.location.as_deref(), Some("/app/groups"));
    let page = page.follow(&ann);
    assert!(page.shows("You joined Barista club.") && page.has_link("Leave"));
    let page = ann.get("/app/code").form("Use code").fill("Code", "BARISTA7").send().follow(&ann);
    assert!(page.shows("You are in Barista club already. The code was not used up."));
}

#[test]
fn a_refusal_stands_at_the_field() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    let page = ann.get("/app/code").form("Use code").fill("Code", "").send();
    assert_eq!((page.status, page.error_on("Code").as_str()), (422, "Error: Enter the code"));
    for typed in ["NO SUCH", "<script>alert(1)</script>", "' OR '1'='1", "\u{202e}evil", "🎟️", "a\u{7}b"] {
        let page = ann.get("/app/code").form("Use code").fill("Code", typed).send();
        assert_eq!(page.status, 422, "{typed}");
        let unknown = "Error: There is no such code. Check each letter and digit, then try again.";
        assert_eq!(page.error_on("Code"), unknown);
        assert_eq!(page.value("Code"), typed);
    }
    let page = ann.get("/app/code").form("Use code").fill("Code", &"LONG".repeat(9000)).send();
    assert_eq!(page.status, 422);
}

#[test]
fn too_many_wrong_codes() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    let page = ann.get("/app/code");
    for _ in 0..10 {
        assert_eq!(page.form("Use code").fill("Code", "WRONG").send().status, 422);
    }
    let page = page.form("Use code").fill("Code", "WRONG").send();
    assert_eq!((page.status, page.header("retry-after")), (429, Some("600")));
    assert_eq!(page.error_on("Code"), "Error: Too many wrong codes. Wait 10 minutes, then try again.");
}

#[test]
fn unknown_groups_are_no_trouble() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    assert_eq!(ann.get("/app/code?group=99").status, 200);
    assert_eq!(ann.get("/app/code?group=x").status, 400);
}

/// Forty members press the button at once, through the server.
#[test]
fn through_the_server_at_once() {
    let app = TestApp::start();
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", Some(7)).make();
    make::group(&app, "Barista club").by_code(barista).make();
    let pages: Vec<_> = (0..24)
        .map(|n| {
            app.clock.advance(chrono::Duration::minutes(2));
            app.member(make::member(&app, &format!("Member {n}"))).get("/app/code")
        })
        .collect();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = pages
            .iter()
            .map(|page| scope.spawn(|| page.form("Use code").fill("Code", "barista").send().status))
            .collect();
        sent.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 7);
    assert_eq!(answers.iter().filter(|status| **status == 422).count(), 17);
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership WHERE left_at IS NULL"), 7);
}

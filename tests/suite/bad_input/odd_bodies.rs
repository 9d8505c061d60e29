//! A body of every odd kind to every address that takes one, and forms as no browser makes them.

use std::time::Duration;

use muster::web::limits::BodyPatience;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::addresses::{Guard, all};
use super::world::World;
use super::{none, wrong_answer};

const FORM: &str = "application/x-www-form-urlencoded";

/// Kind and body; `$` stands for the form's token.
fn odd() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let parts =
        |count: usize| "--a\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n".repeat(count) + "--a--\r\n";
    vec![
        ("", Vec::new()),
        ("", text("csrf=x")),
        ("text/plain", text("csrf=x")),
        ("application/json", text("{\"csrf\": \"x\", \"name\": {\"a\": [[[[1]]]]}}")),
        ("application/json", text(&"[".repeat(20_000))),
        (
            "application/xml",
            text("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"),
        ),
        ("application/octet-stream", (0..=255).collect()),
        ("image/png", b"\x89PNG\r\n\x1a\n".to_vec()),
        (FORM, text("csrf=x&csrf=y&csrf=z")),
        (FORM, text("csrf[]=x&csrf[a][b]=y&name[0]=z")),
        (FORM, text("=&==&&&%&%%&%zz=%zz&csrf")),
        (FORM, text(&"a=b&".repeat(50_000))),
        (FORM, text(&format!("{}=x", "k".repeat(200_000)))),
        (FORM, vec![0; 1_000]),
        (FORM, b"csrf=\xff\xfe&name=\xc3\x28".to_vec()),
        ("application/x-www-form-urlencoded; charset=utf-16", text("csrf=x")),
        ("multipart/form-data; boundary=a", text(&parts(5_000))),
        (
            "multipart/form-data; boundary=a",
            text("--a\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n--a--\r\n"),
        ),
        (
            "multipart/form-data; boundary=a",
            b"--a\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n\xff\r\n--a--\r\n".to_vec(),
        ),
        (
            "multipart/form-data; boundary=a",
            text(
                "--a\r\nContent-Disposition: form-data; name=\"csrf\"; filename=\"../../etc/passwd\"\r\n\r\nx\r\n--a--\r\n",
            ),
        ),
        (
            "multipart/form-data; boundary=a",
            text("--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b--\r\n--a--\r\n"),
        ),
        ("multipart/form-data; boundary=", text("----\r\n")),
        ("multipart/form-data; boundary=\"", text("x")),
        ("multipart/mixed; boundary=a", text(&parts(1))),
    ]
}

#[test]
fn no_odd_body_is_taken_anywhere() {
    let world = World::fill();
    let before = world.everything();
    let mut found = Vec::new();
    for route in all().into_iter().filter(|route| route.post) {
        let path = world.real(&route);
        let visitor = if route.guard == Guard::Members { &world.member } else { &world.admin };
        world.forget_tries();
        for (place, (kind, body)) in odd().into_iter().enumerate() {
            let page = visitor.post_raw(&path, kind, body);
            // where the address is the secret there is no token that could be missing, and nothing of that address
            if !(400..500).contains(&page.status) {
                found.push(format!("{path} with body {place} ({kind}): {} {:?}", page.status, page.location));
            }
            found.extend(wrong_answer(&page).map(|wrong| format!("{path} with body {place}: {wrong}")));
        }
    }
    none(&found);
    assert_eq!(world.everything(), before);
}

/// A multipart body out of pieces that are nearly right.
fn multipart(token: String) -> impl Strategy<Value = Vec<u8>> {
    let head = prop_oneof![
        Just("Content-Disposition: form-data; name=\"name\"".to_owned()),
        Just(
            "Content-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\nContent-Type: image/png".to_owned()
        ),
        Just("content-disposition: FORM-DATA; NAME=reason".to_owned()),
        "Content-Disposition: [ -~]{0,40}",
        "[ -~]{0,30}: [ -~]{0,30}",
        Just(String::new()),
    ];
    let body = prop::collection::vec(any::<u8>(), 0..200);
    let part =
        (head, body).prop_map(|(head, body)| [b"--cut\r\n", head.as_bytes(), b"\r\n\r\n", &body, b"\r\n"].concat());
    let csrf = format!("--cut\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n").into_bytes();
    (prop::collection::vec(part, 0..6), any::<bool>(), any::<bool>()).prop_map(move |(mut parts, signed, closed)| {
        if signed {
            parts.insert(0, csrf.clone());
        }
        let mut body = parts.concat();
        if closed {
            body.extend_from_slice(b"--cut--\r\n");
        }
        body
    })
}

#[test]
fn forms_out_of_broken_parts_are_answered_in_words() {
    // some broken heads have the parser wait for more than there is
    let world = World::fill_with(|config| config.patience = BodyPatience(Duration::from_millis(400)));
    let path = format!("/campaigns/{}/content", world.drafts[0]);
    let token = world.admin.get(&path).hidden("csrf");
    let mut runner =
        TestRunner::new(Config { cases: 60, failure_persistence: None, max_shrink_iters: 8, ..Config::default() });
    let tried = runner.run(&multipart(token), |body| {
        let page = world.admin.post_raw(&path, "multipart/form-data; boundary=cut", body);
        prop_assert!(page.status == 303 || (400..500).contains(&page.status), "{}", page.status);
        prop_assert_eq!(wrong_answer(&page), None);
        Ok(())
    });
    none(&tried.err().map(|error| error.to_string()).into_iter().collect::<Vec<_>>());
}

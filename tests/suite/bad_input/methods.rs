//! Methods that an address does not have, addresses that there are not, and scripts that ask.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::addresses::{Guard, all};
use super::world::World;
use super::{none, wrong_answer};

#[test]
fn a_method_that_an_address_does_not_have_gets_a_page() {
    let world = World::fill();
    let before = world.everything();
    let mut found = Vec::new();
    for route in all() {
        let path = world.real(&route);
        let member = route.path.starts_with("/app") || route.guard == Guard::Members;
        let visitor = if member { &world.member } else { &world.admin };
        let token = visitor.get(if member { "/app/profile" } else { "/" }).hidden("csrf");
        let mut pages = Vec::new();
        if !route.get {
            pages.push(("GET", visitor.get(&path)));
        }
        if !route.post {
            pages.push(("POST", visitor.post(&path, &[("csrf", &token)])));
        }
        pages.push(("DELETE", visitor.delete(&path)));
        for (method, page) in pages {
            if !matches!(page.status, 403..=405) {
                found.push(format!("{method} {path}: {}", page.status));
            }
            found.extend(wrong_answer(&page).map(|wrong| format!("{method} {path}: {wrong}")));
        }
    }
    none(&found);
    assert_eq!(world.everything(), before);
}

#[test]
fn where_there_is_nothing_a_page_says_so() {
    let world = World::fill();
    let mut found = Vec::new();
    for path in [
        "/nowhere",
        "/static/x/../../Cargo.toml",
        "/static/x/%2e%2e/%2e%2e/Cargo.toml",
        "/static/x/nothing.css",
        "/campaigns/",
        "//",
        "/campaigns/1/",
        "/app/nowhere",
        "/app/",
        "/c/",
        "/c",
        "/.env",
        "/%00",
        "/%ff",
        "/settings/nowhere",
    ] {
        for visitor in [&world.admin, &world.member, &world.stranger] {
            let page = visitor.get(path);
            if !matches!(page.status, 303 | 404) {
                found.push(format!("{path}: {}", page.status));
            }
            found.extend(wrong_answer(&page).map(|wrong| format!("{path}: {wrong}")));
        }
    }
    none(&found);
}

#[test]
fn scripts_of_the_app_get_a_problem_they_can_read() {
    let world = World::fill();
    let token = world.member.get("/app/profile").hidden("csrf");
    let joined = format!("/app/groups/{}/membership", world.group);
    for (path, token, status) in [
        (joined.as_str(), "", 403),
        ("/app/groups/999/membership", &token, 404),
        ("/app/groups/x/membership", &token, 404),
    ] {
        let page = world.member.post_json(path, &[("csrf", token), ("join", "on")]);
        assert_eq!(page.status, status, "{path}: {}", page.html);
        assert_eq!(page.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(wrong_answer(&page), None, "{path}");
    }
}

#[test]
fn what_is_no_http_does_not_stop_the_server() {
    let world = World::fill();
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(200_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X-Header: y\r\n".repeat(500));
    for bytes in ["", "\r\n\r\n", "\0\0\0\0", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01", &long, &many] {
        let mut stream = TcpStream::connect(world.app.address).unwrap();
        let _ = stream.write_all(bytes.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.starts_with("HTTP/1.1 5"), "{bytes:.40?}: {answer}");
    }
    assert_eq!(world.admin.get("/").status, 200);
}

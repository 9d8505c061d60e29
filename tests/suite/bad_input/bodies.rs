//! Bodies that are too large, stop midway, or are no form at all: a clear answer or a closed connection, nothing
//! written, and the server lives.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::addresses::{Guard, all};
use super::world::World;
use super::{none, wrong_answer};

/// Sends bytes as they are and closes that side; what comes back.
fn raw(world: &World, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).unwrap();
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(world: &World, path: &str, cookie: &str, kind: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n",
        world.app.address
    )
}

fn is_refused(answer: &str) -> bool {
    answer.is_empty() || answer.starts_with("HTTP/1.1 4")
}

#[test]
fn a_body_that_stops_midway_writes_nothing() {
    let world = World::fill();
    let before = world.everything();
    let mut found = Vec::new();
    for route in all().into_iter().filter(|route| route.post) {
        let path = world.real(&route);
        let visitor = if route.guard == Guard::Members { &world.member } else { &world.admin };
        let page = visitor.get(if route.guard == Guard::Members { "/app/profile" } else { "/" });
        let (cookie, token) = (visitor.cookies(), page.hidden("csrf"));
        let typed = format!("csrf={token}&reason=x&name=x&join=on&code=CARD2345");
        let half =
            head(&world, &path, &cookie, "application/x-www-form-urlencoded", typed.len() + 1_000) + typed.as_str();
        let part = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--cut\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\nhalf"
        );
        let kind = "multipart/form-data; boundary=cut";
        let cut = head(&world, &path, &cookie, kind, part.len() + 1_000) + part.as_str();
        // all bytes there, but not the last boundary
        let open = head(&world, &path, &cookie, kind, part.len()) + part.as_str();
        let chunked = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{typed}\r\n",
            world.app.address,
            typed.len()
        );
        for (what, request) in
            [("half a form", half), ("half a multipart", cut), ("no last boundary", open), ("no last chunk", chunked)]
        {
            let answer = raw(&world, request.as_bytes());
            if !is_refused(&answer) {
                found.push(format!("{path}, {what}: {:.200}", answer));
            }
        }
        if world.everything() != before {
            found.push(format!("{path}: something was written"));
            break;
        }
    }
    none(&found);
    assert_eq!(world.admin.get("/").status, 200);
}

#[test]
fn ten_mebibytes_of_form_are_refused_with_a_page() {
    let world = World::fill();
    let before = world.everything();
    let mut found = Vec::new();
    let body = format!("csrf=x&name={}", "x".repeat(10 << 20)).into_bytes();
    for route in all().into_iter().filter(|route| route.post) {
        let path = world.real(&route);
        let visitor = if route.guard == Guard::Members { &world.member } else { &world.admin };
        let page = visitor.post_raw(&path, "application/x-www-form-urlencoded", body.clone());
        if page.status != 413 || !page.shows("Nothing was saved") {
            found.push(format!("{path}: {} {}", page.status, page.text()));
        }
        found.extend(wrong_answer(&page).map(|wrong| format!("{path}: {wrong}")));
        for (kind, body) in [
            ("application/x-www-form-urlencoded", vec![0xff, 0xfe, b'=', b'x']),
            ("application/json", b"{\"name\": \"x\"}".to_vec()),
            ("multipart/form-data", b"x".to_vec()),
            ("multipart/form-data; boundary=a", b"x".to_vec()),
            ("multipart/form-data; boundary=a", b"--a\r\n\r\nno name\r\n--a--\r\n".to_vec()),
        ] {
            let page = visitor.post_raw(&path, kind, body);
            if !(400..500).contains(&page.status) {
                found.push(format!("{path} with {kind}: {}", page.status));
            }
            found.extend(wrong_answer(&page).map(|wrong| format!("{path} with {kind}: {wrong}")));
        }
    }
    none(&found);
    assert_eq!(world.everything(), before);
}

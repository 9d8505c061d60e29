//! How much may be sent, and how long that may take, at every address that takes something.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use muster::web::limits::BodyPatience;

use crate::bad_input::addresses::{Guard, all};
use crate::bad_input::world::World;
use crate::bad_input::{none, wrong_answer};
use crate::support::TestApp;

/// Addresses whose forms have a field for a file.
const FILES: [&str; 2] = ["/campaigns/{id}/content", "/campaigns/{id}/codes/import"];

#[test]
fn a_body_that_comes_drop_by_drop_is_given_up() {
    let app = TestApp::configured(|config| config.patience = BodyPatience(Duration::from_millis(300)));
    for (path, kind) in [
        ("/sign-in", "application/x-www-form-urlencoded"),
        ("/app/sign-in", "multipart/form-data; boundary=cut"),
        ("/hooks/sms/secret", "application/json"),
    ] {
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 1000000\r\n\r\n--cut");
        stream.write_all(head.as_bytes()).unwrap();
        // it would go on for a long time: the answer comes before that
        let (begun, mut answer) = (Instant::now(), [0; 64]);
        let length = stream.read(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{path}");
    }
    assert_eq!(app.visitor().get("/sign-in").status, 200);
}

#[test]
fn a_body_that_comes_on_may_take_longer_than_one_that_does_not() {
    let app = TestApp::configured(|config| config.patience = BodyPatience(Duration::from_millis(300)));
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let body = format!("email={}", "x".repeat(60_000));
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    for part in body.as_bytes().chunks(6_000) {
        stream.write_all(part).unwrap();
        std::thread::sleep(Duration::from_millis(60));
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    // read to its end, and refused for want of a token
    assert_eq!(&answer, b"HTTP/1.1 403");
}

#[test]
fn where_no_file_is_chosen_none_is_taken() {
    let world = World::fill();
    let before = world.everything();
    let mut found = Vec::new();
    let mut body = b"--cut\r\nContent-Disposition: form-data; name=\"x\"; filename=\"x\"\r\n\r\n".to_vec();
    body.resize(700 * 1024, b'x');
    body.extend_from_slice(b"\r\n--cut--\r\n");
    for route in all().into_iter().filter(|route| route.post && !FILES.contains(&route.path.as_str())) {
        let path = world.real(&route);
        let visitor = if route.guard == Guard::Members { &world.member } else { &world.admin };
        let page = visitor.post_raw(&path, "multipart/form-data; boundary=cut", body.clone());
        if page.status != 413 && (route.has_token() || !(400..500).contains(&page.status)) {
            found.push(format!("{path}: {}", page.status));
        }
        found.extend(wrong_answer(&page).map(|wrong| format!("{path}: {wrong}")));
    }
    none(&found);
    assert_eq!(world.everything(), before);
}

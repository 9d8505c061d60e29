//! Cookies that no page of ours set: the page as if they were not there.

use std::io::{Read, Write};
use std::net::TcpStream;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::none;
use super::world::World;

const NAMES: [&str; 9] = [
    "muster_session",
    "muster_member",
    "muster_visitor",
    "muster_flash",
    "muster_browser",
    "muster_sign_in",
    "theme",
    "__Host-muster_session",
    "muster_second_factor",
];

/// The status of a page that is opened with such a Cookie header.
fn opened(world: &World, path: &str, cookies: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.app.address).unwrap();
    let mut request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ").into_bytes();
    request.extend_from_slice(cookies);
    request.extend_from_slice(b"\r\n\r\n");
    stream.write_all(&request).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn no_cookie_breaks_a_page_or_signs_anyone_in() {
    let world = World::fill();
    let value = prop_oneof![
        "[a-zA-Z0-9_=-]{0,120}",
        "[ -:<-~]{0,60}",
        prop::collection::vec(any::<u8>().prop_filter("ends the header", |byte| !b"\r\n".contains(byte)), 0..80)
            .prop_map(|bytes| bytes.iter().map(|byte| *byte as char).collect()),
        // what a slip holds, tampered with
        ".{0,40}".prop_map(|text| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text)),
    ];
    let cookies = prop::collection::vec((prop::sample::select(&NAMES[..]), value), 0..5);
    let pages = prop::sample::select(
        &["/", "/sign-in", "/sign-in/second-factor", "/app/sign-in/code", "/app/profile", "/c/x"][..],
    );
    let mut runner =
        TestRunner::new(Config { cases: 300, failure_persistence: None, max_shrink_iters: 64, ..Config::default() });
    let tried = runner.run(&(pages, cookies), |(path, cookies)| {
        let header: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let header: Vec<u8> = header.join("; ").chars().map(|c| u8::try_from(c as u32).unwrap_or(b'?')).collect();
        let header: Vec<u8> = header.into_iter().filter(|byte| !b"\r\n".contains(byte)).collect();
        let status = opened(&world, path, &header);
        prop_assert!(!status.starts_with("HTTP/1.1 5"), "{path} with {header:?}: {status}");
        if matches!(path, "/" | "/app/profile") {
            prop_assert!(status.starts_with("HTTP/1.1 303") || status.starts_with("HTTP/1.1 400"), "{path}: {status}");
        }
        Ok(())
    });
    none(&tried.err().map(|error| error.to_string()).into_iter().collect::<Vec<_>>());
    assert_eq!(world.admin.get("/").status, 200);
}

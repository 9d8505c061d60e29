//! The example of the README checks what is sent.

use std::process::{Command, Stdio};

use muster::webhooks::Secret;

const README: &str = include_str!("../../../README.md");

fn verify(secret: &str, signature: &str, timestamp: i64, body: &str) -> bool {
    let example = README.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let call = format!(
        "{example}\nheaders = {{'webhook-id': 'evt_1', 'webhook-timestamp': '{timestamp}', 'webhook-signature': '{signature}'}}\n\
         assert verify('{secret}', headers, b'{body}')['type'] == 'code.validated'\n"
    );
    let mut python = Command::new("python3");
    python.args(["-c", &call]).stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn the_example_takes_what_is_right_and_nothing_else() {
    let (secret, other, now) = (Secret::random(), Secret::random(), chrono::Utc::now().timestamp());
    let body = r#"{"type": "code.validated"}"#;
    let signed = |secret: &Secret, at| secret.sign("evt_1", at, body);
    assert!(verify(&secret.text(), &signed(&secret, now), now, body));
    let both = format!("{} {}", signed(&other, now), signed(&secret, now));
    assert!(verify(&secret.text(), &both, now, body), "while a secret is rotated");
    assert!(!verify(&secret.text(), &signed(&other, now), now, body));
    assert!(!verify(&secret.text(), &signed(&secret, now), now, r#"{"type": "code.reversed"}"#));
    assert!(!verify(&secret.text(), &signed(&secret, now - 400), now - 400, body), "too old");
}

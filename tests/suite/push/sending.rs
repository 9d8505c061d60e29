//! What push services get, and what their answers bring about.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use muster::channels::push::{PushSettings, settings};
use muster::channels::transport::{Outcome, Transport};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::Value;

use super::decrypt::decrypt;
use super::service::{PushService, Received};
use super::{Device, allow_private, queue, send, transport};
use crate::support::{TestApp, make};

fn start() -> (TestApp, PushService) {
    let app = TestApp::start();
    allow_private(&app);
    (app, PushService::start())
}

/// The token's claims, after its signature was checked with the key that the header names.
fn claims(received: &Received, public_key: &str) -> Value {
    let header = &received.headers["authorization"];
    let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, public_key);
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
    key.verify(signed.as_bytes(), &Signature::from_slice(&bytes(signature)).unwrap()).unwrap();
    let (head, claims) = signed.split_once('.').unwrap();
    let head: Value = serde_json::from_slice(&bytes(head)).unwrap();
    assert_eq!((head["alg"].as_str(), head["typ"].as_str()), (Some("ES256"), Some("JWT")));
    serde_json::from_slice(&bytes(claims)).unwrap()
}

#[test]
fn a_device_can_read_what_it_is_sent_and_its_service_knows_by_whom() {
    let (app, service) = start();
    let ann = make::member(&app, "Ann");
    let device = Device::new(service.endpoint("201"));
    device.store(&app, ann);
    let ends = app.now() + TimeDelta::hours(3);
    let campaign = make::campaign(&app, "Coffee", "app").between(app.now(), ends).make();
    PushSettings::store_contact(&mut app.conn(), "push@example.com").unwrap();
    let public_key = settings::public_key(&mut app.conn(), &app.muster.keys).unwrap();
    let message = queue(&app, ann, Some(campaign));
    assert_eq!(send(&app, &message), Outcome::Sent(None));
    let received = service.received();
    assert_eq!(received.len(), 1);
    let headers = &received[0].headers;
    assert_eq!(headers["ttl"], "10800");
    assert_eq!(headers["urgency"], "normal");
    assert_eq!(headers["content-encoding"], "aes128gcm");
    assert!(
        headers["topic"].len() <= 32
            && headers["topic"].bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    );
    let claims = claims(&received[0], &public_key);
    assert_eq!(claims["aud"], service.origin());
    assert_eq!(claims["sub"], "mailto:push@example.com");
    let valid = claims["exp"].as_i64().unwrap() - app.now().timestamp();
    assert!((60..=12 * 3600).contains(&valid), "{valid}");
    let plain: Value = serde_json::from_slice(&decrypt(&device.secret, &device.auth, &received[0].body)).unwrap();
    assert_eq!((plain["title"].as_str(), plain["text"].as_str()), (Some("Free coffee"), Some("One cup on us.")));
    assert_eq!(plain["url"], format!("/app/coupons/{campaign}"));
    assert_eq!(plain["tag"], headers["topic"].as_str(), "a repetition replaces it on the device too");
    assert_eq!(make::count(&app, "SELECT count(*) FROM push_subscription WHERE accepted_at IS NOT NULL"), 1);
    // once more: the same topic; another message: another
    send(&app, &message);
    send(&app, &queue(&app, ann, Some(campaign)));
    let topics: Vec<String> = service.received().iter().map(|one| one.headers["topic"].clone()).collect();
    assert!(topics[0] == topics[1] && topics[1] != topics[2]);
}

#[test]
fn the_key_pair_is_made_once_and_sealed() {
    let app = TestApp::start();
    let keys: Vec<String> = std::thread::scope(|scope| {
        let ask = || settings::public_key(&mut app.conn(), &app.muster.keys).unwrap();
        let all: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
    assert_eq!(URL_SAFE_NO_PAD.decode(&keys[0]).unwrap().len(), 65);
    PushSettings::store_contact(&mut app.conn(), "a@example.com").unwrap();
    assert_eq!(settings::public_key(&mut app.conn(), &app.muster.keys).unwrap(), keys[0]);
    let stored = make::text(&app, "SELECT settings::text || encode(secret, 'escape') FROM channel WHERE key = 'push'");
    assert!(stored.contains(&keys[0]) && !stored.contains("private_key"), "{stored}");
}

#[test]
fn answers_decide_what_follows() {
    let (app, service) = start();
    let told = |answers: &[&str]| {
        let member = make::member(&app, "Someone");
        answers.iter().for_each(|answer| Device::new(service.endpoint(answer)).store(&app, member));
        let outcome = send(&app, &queue(&app, member, None));
        (outcome, make::count(&app, &format!("SELECT count(*) FROM push_subscription WHERE member_id = {member}")))
    };
    assert_eq!(told(&["201", "202", "200"]), (Outcome::Sent(None), 3));
    assert_eq!(told(&["201", "410", "500", "404"]), (Outcome::Sent(None), 2), "those that are gone are dropped");
    let nobody = Outcome::Refused("No device takes notifications any more".into());
    assert_eq!(told(&["410", "404"]), (nobody, 0));
    assert_eq!(told(&["429"]), (Outcome::Later("HTTP 429: as asked for".into(), Some(77)), 1));
    assert_eq!(told(&["503"]), (Outcome::Later("HTTP 503: as asked for".into(), None), 1));
    for refused in ["400", "403", "413", "307"] {
        assert_eq!(told(&[refused]), (Outcome::Refused(format!("HTTP {refused}: as asked for")), 1));
    }
    assert!(matches!(told(&["drop"]), (Outcome::Later(..), 1)), "a repetition replaces, so it is never uncertain");
    assert!(!service.received().iter().any(|one| one.path == "/elsewhere"));
}

#[test]
fn a_service_that_never_answers_is_left() {
    let (app, service) = start();
    let ann = make::member(&app, "Ann");
    Device::new(service.endpoint("slow")).store(&app, ann);
    let mut transport = transport(&app).with_patience(Duration::from_millis(300));
    assert!(matches!(transport.send(&queue(&app, ann, None), &mut || true), Outcome::Later(..)));
}

#[test]
fn nothing_leaves_without_a_word_before() {
    let (app, service) = start();
    let (ann, bob) = (make::member(&app, "Ann"), make::member(&app, "Bob"));
    Device::new(service.endpoint("201")).store(&app, ann);
    let message = queue(&app, ann, None);
    assert_eq!(transport(&app).send(&message, &mut || false), Outcome::Unwanted);
    let mut asked = false;
    let outcome = transport(&app).send(&queue(&app, bob, None), &mut || {
        asked = true;
        true
    });
    assert_eq!(outcome, Outcome::Refused("No device takes notifications".into()));
    assert!(!asked && service.received().is_empty());
}

#[test]
fn what_stands_beside_us_is_not_called() {
    let app = TestApp::start();
    let service = PushService::start();
    let port = service.address.port();
    let ann = make::member(&app, "Ann");
    for endpoint in [
        format!("http://127.0.0.1:{port}/201/a"),
        format!("https://127.0.0.1:{port}/201/b"),
        format!("https://localhost:{port}/201/c"),
        format!("https://[::1]:{port}/201/d"),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://10.0.0.1/".into(),
    ] {
        Device::new(endpoint).store(&app, ann);
    }
    let refused = Outcome::Refused("No device takes notifications".into());
    assert_eq!(send(&app, &queue(&app, ann, None)), refused);
    // a name that leads home is found out when it is called
    let bob = make::member(&app, "Bob");
    Device::new(format!("https://localhost.localdomain:{port}/201/e")).store(&app, bob);
    Device::new(format!("https://127.0.0.1.:{port}/201/f")).store(&app, bob);
    assert!(matches!(send(&app, &queue(&app, bob, None)), Outcome::Later(..)));
    assert!(service.received().is_empty());
}

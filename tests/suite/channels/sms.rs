//! The SMS transport against gateways that behave well, badly, or not at all.

use std::net::TcpListener;

use muster::channels::sms::{BodyKind, Method, Preset, SmsSecret, SmsSettings, SmsTransport};
use muster::channels::transport::{Outcome, Outgoing, Transport};

use super::gateway::{Does, Gateway};

fn message(body: &str) -> Outgoing {
    Outgoing {
        id: 7,
        key: "k-1".into(),
        member: None,
        recipient: "+4915112345678".into(),
        sender: String::new(),
        subject: String::new(),
        body: body.into(),
        link: None,
        picture: None,
        unsubscribe: None,
        ends_at: None,
        language: None,
    }
}

fn transport(preset: Preset, url: &str) -> SmsTransport {
    let settings = SmsSettings {
        preset,
        url: url.into(),
        user: "AC1".into(),
        sender: "Muster".into(),
        smsc: "smsc1".into(),
        method: Method::Post,
        body_kind: BodyKind::Json,
        headers: "Authorization: Bearer {secret}\nX-Ref: {id}".into(),
        body: r#"{"to":"{to}","from":"{from}","text":"{text}","hook":"{callback}"}"#.into(),
        accepted: "200-299".into(),
        id_path: "messages.0.id".into(),
        ..SmsSettings::default()
    };
    SmsTransport::new(settings, SmsSecret { password: "tok&en".into(), hook: "h".into() }, "https://club.example.com")
}

/// Sends, and says whether it was handed over.
fn send(transport: &mut SmsTransport, body: &str) -> (Outcome, bool) {
    let mut handed = false;
    let outcome = transport.send(&message(body), &mut || {
        handed = true;
        true
    });
    (outcome, handed)
}

#[test]
fn twilio_is_asked_as_it_wants_and_its_words_are_kept() {
    const REFUSED: &str = r#"{"code":21211,"message":"Invalid 'To' Phone Number","status":400}"#;
    let gateway = Gateway::start(vec![
        Does::Answer(201, "", r#"{"sid":"SM1","status":"queued"}"#),
        Does::Answer(400, "", REFUSED),
        Does::Answer(401, "", r#"{"code":20003,"message":"Authenticate"}"#),
        Does::Answer(429, "Retry-After: 9\r\n", r#"{"code":20429,"message":"Too Many Requests"}"#),
        Does::Answer(503, "", "<html>busy</html>"),
        Does::Answer(302, "Location: http://127.0.0.1:1/\r\n", ""),
        Does::Drop,
    ]);
    let mut sms = transport(Preset::Twilio, &gateway.url);
    assert_eq!(send(&mut sms, "Hé & {id}"), (Outcome::Sent(Some("SM1".into())), true));
    let asked = gateway.asked.recv().unwrap();
    assert_eq!(asked.line, "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1");
    assert_eq!(asked.header("authorization"), "Basic QUMxOnRvayZlbg==");
    assert_eq!(asked.header("idempotency-key"), "k-1");
    let fields = ["To", "From", "Body", "StatusCallback"].map(|name| asked.field(name));
    assert_eq!(fields, ["+4915112345678", "Muster", "Hé & {id}", "https://club.example.com/hooks/sms/h?id=k-1"]);
    let outcomes: Vec<Outcome> = (0..6).map(|_| send(&mut sms, "x").0).collect();
    assert_eq!(outcomes[0], Outcome::Refused("HTTP 400: Invalid 'To' Phone Number (21211)".into()));
    assert_eq!(outcomes[1], Outcome::Away("HTTP 401: Authenticate (20003)".into()));
    assert_eq!(outcomes[2], Outcome::Later("HTTP 429: Too Many Requests (20429)".into(), Some(9)));
    assert_eq!(outcomes[3], Outcome::Later("HTTP 503: <html>busy</html>".into(), None));
    assert_eq!(outcomes[4], Outcome::Away("HTTP 302".into()), "no redirect is followed");
    assert!(matches!(outcomes[5], Outcome::Uncertain(_)), "{:?}", outcomes[5]);
}

#[test]
fn nothing_is_written_before_it_is_handed_over() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut away = transport(Preset::Kannel, &format!("http://{nobody}/cgi-bin/sendsms"));
    let (outcome, handed) = send(&mut away, "x");
    assert!(matches!(&outcome, Outcome::Away(why) if !why.contains("tok")), "{outcome:?}");
    assert!(!handed);
    let gateway = Gateway::start(vec![Does::Answer(202, "", "0: Accepted for delivery")]);
    let mut sms = transport(Preset::Kannel, &gateway.url);
    assert_eq!(sms.send(&message("x"), &mut || false), Outcome::Unwanted);
    assert!(gateway.asked.try_recv().is_err(), "no byte went out");
    assert_eq!(send(&mut sms, "x"), (Outcome::Sent(Some("k-1".into())), true));
}

#[test]
fn a_server_without_tls_is_found_out_before_anything_is_handed_over() {
    let gateway = Gateway::start(vec![Does::Answer(200, "", "")]);
    let mut sms = transport(Preset::Twilio, &gateway.url.replace("http://", "https://"));
    let (outcome, handed) = send(&mut sms, "x");
    assert!(matches!(outcome, Outcome::Away(_)) && !handed, "{outcome:?}");
}

#[test]
fn kannel_is_told_the_alphabet() {
    let gateway = Gateway::start(vec![
        Does::Answer(202, "", "0: Accepted for delivery"),
        Does::Answer(403, "", "Authorization failed for sendsms"),
    ]);
    let mut sms = transport(Preset::Kannel, &format!("{}/cgi-bin/sendsms", gateway.url));
    assert_eq!(send(&mut sms, "Für € 5"), (Outcome::Sent(Some("k-1".into())), true));
    let asked = gateway.asked.recv().unwrap();
    let fields = ["username", "password", "to", "from", "text", "coding", "charset", "smsc", "dlr-mask", "dlr-url"];
    let fields = fields.map(|name| asked.field(name));
    let callback = "https://club.example.com/hooks/sms/h?id=k-1&status=%d&answer=%A";
    assert_eq!(fields, ["AC1", "tok&en", "+4915112345678", "Muster", "Für € 5", "0", "UTF-8", "smsc1", "19", callback]);
    assert_eq!(send(&mut sms, "☕").0, Outcome::Away("HTTP 403: Authorization failed for sendsms".into()));
    assert_eq!(gateway.asked.recv().unwrap().field("coding"), "2");
}

#[test]
fn a_generic_gateway_gets_what_its_template_says() {
    let gateway = Gateway::start(vec![
        Does::Answer(200, "", r#"{"messages":[{"id":"abc"}]}"#),
        Does::Answer(200, "", "ok"),
        Does::Answer(404, "", "no such number"),
    ]);
    let mut sms = transport(Preset::Generic, &format!("{}/send?k={{secret}}", gateway.url));
    assert_eq!(send(&mut sms, "a\"b\n{secret}").0, Outcome::Sent(Some("abc".into())));
    let asked = gateway.asked.recv().unwrap();
    assert_eq!(asked.line, "POST /send?k=tok%26en HTTP/1.1");
    assert_eq!((asked.header("authorization"), asked.header("x-ref")), ("Bearer tok&en", "k-1"));
    let json: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(json["text"], "a\"b\n{secret}");
    assert_eq!(json["hook"], "https://club.example.com/hooks/sms/h");
    assert_eq!(send(&mut sms, "x").0, Outcome::Sent(Some("k-1".into())));
    assert_eq!(send(&mut sms, "x").0, Outcome::Refused("HTTP 404: no such number".into()));
}

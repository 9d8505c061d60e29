//! Twilio's Messages API, and those that speak like it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ureq::http::{self, Request};

use super::answer::Answer;
use super::settings::{SmsSecret, SmsSettings};
use super::template::percent;
use crate::channels::transport::{Outcome, Outgoing};

/// The request for a message.
pub fn request(
    settings: &SmsSettings,
    secret: &SmsSecret,
    callback: &str,
    message: &Outgoing,
    sender: &str,
) -> http::Result<Request<Vec<u8>>> {
    let report = format!("{callback}?id={}", percent(&message.key));
    let mut fields = vec![("To", message.recipient.as_str()), ("Body", &message.body)];
    // a campaign's own sender goes before the service's choice
    if settings.messaging_service.is_empty() || !message.sender.is_empty() {
        fields.push(("From", sender));
    }
    if !settings.messaging_service.is_empty() {
        fields.push(("MessagingServiceSid", &settings.messaging_service));
    }
    if !callback.is_empty() {
        fields.push(("StatusCallback", &report));
    }
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    let credentials = STANDARD.encode(format!("{}:{}", settings.user, secret.password));
    let base = settings.url.trim_end_matches('/');
    Request::post(format!("{base}/2010-04-01/Accounts/{}/Messages.json", percent(&settings.user)))
        .header("Authorization", format!("Basic {credentials}"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .header("Idempotency-Key", &message.key)
        .body(body.join("&").into_bytes())
}

/// What its answer means.
pub fn outcome(answer: &Answer) -> Outcome {
    let json = answer.json();
    if (200..300).contains(&answer.status) {
        return Outcome::Sent(json["sid"].as_str().map(str::to_owned));
    }
    let said = json["message"].as_str().unwrap_or(&answer.text);
    match json["code"].as_i64() {
        Some(code) => answer.refusal(&format!("{said} ({code})")),
        None => answer.refusal(said),
    }
}

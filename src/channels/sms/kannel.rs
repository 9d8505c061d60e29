//! Kannel's `sendsms`.

use super::answer::Answer;
use super::settings::{SmsSecret, SmsSettings};
use super::template::percent;
use crate::campaigns::sms_parts::{SmsEncoding, SmsParts};
use crate::channels::transport::{Outcome, Outgoing};
use ureq::http::{self, Request};

/// Reports on: delivered (1), failed (2), rejected by the SMSC (16).
const DLR_MASK: &str = "19";

/// The request for a message.
pub fn request(
    settings: &SmsSettings,
    secret: &SmsSecret,
    callback: &str,
    message: &Outgoing,
    sender: &str,
) -> http::Result<Request<Vec<u8>>> {
    let coding = match SmsParts::of(&message.body).encoding {
        SmsEncoding::Gsm7 => "0",
        SmsEncoding::Ucs2 => "2",
    };
    // Kannel fills in %d (what became of it) and %A (the SMSC's words)
    let report = format!("{callback}?id={}&status=%d&answer=%A", percent(&message.key));
    let mut fields = vec![
        ("username", settings.user.as_str()),
        ("password", &secret.password),
        ("from", sender),
        ("to", &message.recipient),
        ("text", &message.body),
        ("charset", "UTF-8"),
        ("coding", coding),
    ];
    if !settings.smsc.is_empty() {
        fields.push(("smsc", &settings.smsc));
    }
    if !callback.is_empty() {
        fields.extend([("dlr-mask", DLR_MASK), ("dlr-url", &report)]);
    }
    let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    let joint = if settings.url.contains('?') { '&' } else { '?' };
    Request::get(format!("{}{joint}{}", settings.url, query.join("&")))
        .header("Idempotency-Key", &message.key)
        .body(Vec::new())
}

/// What its answer means: "0: Accepted for delivery", "3: Queued for later delivery". It has no key of its own, so ours
/// stands in its reports.
pub fn outcome(answer: &Answer, message: &Outgoing) -> Outcome {
    match answer.status {
        200 | 202 => Outcome::Sent(Some(message.key.clone())),
        // "Authorization failed for sendsms": mended in the settings, not in the message
        403 => Outcome::Away(answer.words(&answer.text)),
        _ => answer.refusal(&answer.text),
    }
}

//! Any gateway, by templates.

use serde_json::Value;
use ureq::http::{self, Request};

use super::answer::Answer;
use super::settings::{BodyKind, Method, SmsSecret, SmsSettings};
use super::template::{Escape, Values, fill};
use crate::channels::transport::{Outcome, Outgoing};

/// The request for a message.
pub fn request(
    settings: &SmsSettings,
    secret: &SmsSecret,
    callback: &str,
    message: &Outgoing,
    sender: &str,
) -> http::Result<Request<Vec<u8>>> {
    let values = Values {
        to: message.recipient.clone(),
        from: sender.to_owned(),
        text: message.body.clone(),
        id: message.key.clone(),
        callback: callback.to_owned(),
        secret: secret.password.clone(),
    };
    let mut request = Request::builder()
        .method(settings.method.key())
        .uri(fill(&settings.url, &values, Escape::Percent))
        .header("Idempotency-Key", &message.key);
    for (name, value) in headers(&settings.headers) {
        request = request.header(name, fill(value, &values, Escape::Header));
    }
    if settings.method == Method::Get {
        return request.body(Vec::new());
    }
    let escape = match settings.body_kind {
        BodyKind::Json => Escape::Json,
        BodyKind::Form => Escape::Percent,
    };
    let names_its_kind = headers(&settings.headers).any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if !names_its_kind {
        request = request.header("Content-Type", settings.body_kind.content_type());
    }
    request.body(fill(&settings.body, &values, escape).into_bytes())
}

/// Lines of `Name: value`; what is no header is left out, the form refuses it.
pub fn headers(lines: &str) -> impl Iterator<Item = (&str, &str)> {
    lines.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name.trim(), value.trim()))
}

/// What its answer means.
pub fn outcome(settings: &SmsSettings, answer: &Answer, message: &Outgoing) -> Outcome {
    if !accepts(&settings.accepted, answer.status) {
        return match answer.refusal(&answer.text) {
            // a status that is fine elsewhere is a refusal here
            Outcome::Sent(_) => Outcome::Refused(answer.words(&answer.text)),
            refused => refused,
        };
    }
    let found = if settings.id_path.is_empty() { None } else { at(&answer.json(), &settings.id_path) };
    // without a key of its own, it may report by ours
    Outcome::Sent(Some(found.unwrap_or_else(|| message.key.clone())))
}

/// The text or number at "messages.0.id".
pub fn at(json: &Value, path: &str) -> Option<String> {
    let mut here = json;
    for step in path.split('.') {
        here = match here {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            other => other.get(step)?,
        };
    }
    match here {
        Value::String(text) if !text.is_empty() => Some(text.chars().take(200).collect()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a status is among "200-299, 302".
pub fn accepts(list: &str, status: u16) -> bool {
    ranges(list).is_some_and(|ranges| ranges.iter().any(|(from, to)| (*from..=*to).contains(&status)))
}

/// The ranges of such a list; none: it is not one.
pub fn ranges(list: &str) -> Option<Vec<(u16, u16)>> {
    let number = |text: &str| text.trim().parse::<u16>().ok().filter(|status| (100..600).contains(status));
    list.split(',')
        .map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (from, to) = (number(from)?, number(to)?);
            (from <= to).then_some((from, to))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_id_stands_where_the_path_says() {
        let answer = json!({ "messages": [{ "id": 17, "name": "x" }], "id": "", "n": null });
        assert_eq!(at(&answer, "messages.0.id").as_deref(), Some("17"));
        assert_eq!(at(&answer, "messages.0.name").as_deref(), Some("x"));
        for nothing in ["id", "n", "messages", "messages.1.id", "messages.x", "", "a.b"] {
            assert_eq!(at(&answer, nothing), None, "{nothing}");
        }
    }

    #[test]
    fn statuses_are_listed_in_ranges() {
        assert!(accepts("200-299", 204) && accepts("200, 202", 202) && accepts(" 200 - 201 ,409", 409));
        assert!(!accepts("200-299", 300) && !accepts("200, 202", 201));
        for wrong in ["", "2xx", "299-200", "200-", "99", "600", "200;202"] {
            assert_eq!(ranges(wrong), None, "{wrong}");
        }
    }
}

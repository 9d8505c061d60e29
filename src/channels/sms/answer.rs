//! What a gateway answered.

use std::io::Read;

use ureq::http::Response;
use ureq::{Body, Error, Timeout};

use crate::channels::transport::Outcome;

/// Bytes of an answer that are read.
const MOST: u64 = 64 * 1024;
/// Characters of its words that are kept.
const WORDS: usize = 300;

/// Status, text and how long it asks to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, as far as it is text.
    pub text: String,
    /// Seconds of Retry-After.
    pub retry_after: Option<u64>,
}

impl Answer {
    /// Reads it; what breaks off midway is taken as far as it came.
    pub fn read(response: Response<Body>) -> Self {
        let status = response.status().as_u16();
        let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = header.and_then(seconds);
        let mut bytes = Vec::new();
        drop(response.into_body().into_reader().take(MOST).read_to_end(&mut bytes));
        Self { status, text: String::from_utf8_lossy(&bytes).into_owned(), retry_after }
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// What a status that is no success means: whether it may pass.
    pub fn refusal(&self, said: &str) -> Outcome {
        match self.status {
            200..=299 => Outcome::Sent(None),
            // a wrong password or address is mended in the settings: the message can wait for that
            300..=399 | 401 | 407 => Outcome::Away(self.words(said)),
            408 | 425 | 429 | 500..=599 => Outcome::Later(self.words(said), self.retry_after),
            _ => Outcome::Refused(self.words(said)),
        }
    }

    /// "400: Authentication failed", on one line and not too long.
    pub fn words(&self, said: &str) -> String {
        let said: String = said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect();
        let said: String = said.chars().filter(|c| !c.is_control()).collect();
        if said.is_empty() { format!("HTTP {}", self.status) } else { format!("HTTP {}: {said}", self.status) }
    }
}

/// Seconds, or the time until a date.
fn seconds(header: &str) -> Option<u64> {
    let header = header.trim();
    header.parse().ok().or_else(|| {
        let at = chrono::DateTime::parse_from_rfc2822(header).ok()?;
        u64::try_from((at.to_utc() - chrono::Utc::now()).num_seconds()).ok()
    })
}

/// Why no answer came; never the address, which may hold a password.
pub fn trouble(error: &Error) -> String {
    match error {
        Error::HostNotFound => "The gateway’s host was not found".into(),
        Error::Timeout(Timeout::Connect) => "The gateway could not be reached in time".into(),
        Error::Timeout(_) => "The gateway did not answer in time".into(),
        Error::Io(error) => format!("The connection to the gateway failed: {error}"),
        Error::Rustls(error) => format!("TLS with the gateway failed: {error}"),
        Error::Tls(error) => format!("TLS with the gateway failed: {error}"),
        Error::Protocol(_) => "The gateway’s answer is not HTTP".into(),
        _ => "The request to the gateway could not be made".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16) -> Answer {
        Answer { status, text: String::new(), retry_after: Some(7) }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for status in [301, 401, 407] {
            assert_eq!(answer(status).refusal("no"), Outcome::Away(format!("HTTP {status}: no")));
        }
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(answer(status).refusal(""), Outcome::Later(format!("HTTP {status}"), Some(7)));
        }
        for status in [400, 403, 404, 405, 409, 410, 422] {
            assert_eq!(answer(status).refusal(" no\n way\u{1b} "), Outcome::Refused(format!("HTTP {status}: no way")));
        }
        assert_eq!(answer(400).words(&"x".repeat(999)).chars().count(), 10 + WORDS);
    }

    #[test]
    fn when_to_come_back() {
        assert_eq!([" 120 ", "soon", "Tue, 24 Nov 2020 09:00:00 GMT"].map(seconds), [Some(120), None, None]);
        assert!(seconds("Tue, 24 Nov 2099 09:00:00 GMT").is_some_and(|seconds| seconds > 1000));
    }
}

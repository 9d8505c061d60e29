//! One attempt: signed, posted, and what was answered.

use std::io::Read;

use chrono::{DateTime, Utc};
use ureq::{Agent, Error, Timeout};

use super::due::Errand;
use super::signature::Secret;
use super::target::Target;
use crate::channels::push::answer::retry_after;
use crate::sealed::Keys;

/// Bytes of an answer that are read, characters that are kept.
const WORDS: u64 = 300;
/// Longest that a receiver may ask to be left alone.
const LONGEST_WAIT: u64 = 24 * 3600;

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The receiver has it.
    Taken(u16),
    /// There is no receiver any more.
    Gone(u16),
    /// It is tried again; not before so many seconds, where the receiver asks for that.
    Later { status: Option<u16>, words: String, wait: Option<u64> },
}

/// Sends by these means.
#[derive(Clone)]
pub(super) struct Poster {
    target: Target,
    agent: Agent,
    keys: Keys,
}

impl Poster {
    pub fn new(target: Target, keys: &Keys) -> Self {
        Self { target, agent: target.agent(), keys: keys.clone() }
    }

    /// Posts it; `now` is part of what is signed.
    pub fn post(&self, errand: &Errand, now: DateTime<Utc>) -> Answer {
        let failed = |words: &str| Answer::Later { status: None, words: words.into(), wait: None };
        if !self.target.allows(&errand.url) {
            return failed("The address is not one of the open internet: it is refused (--webhooks-private-network)");
        }
        let Some(signature) = self.signature(errand, now.timestamp()) else {
            return failed("The secret cannot be read with the configured MUSTER_SECRET_KEY: rotate it");
        };
        let request = self
            .agent
            .post(&errand.url)
            .header("Content-Type", "application/json")
            .header("User-Agent", concat!("Muster/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", &errand.name)
            .header("webhook-timestamp", now.timestamp().to_string())
            .header("webhook-signature", signature);
        match request.send(&errand.body) {
            Ok(response) => {
                let status = response.status().as_u16();
                let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
                let wait = header.and_then(|header| retry_after(header, now)).map(|wait| wait.min(LONGEST_WAIT));
                let mut said = Vec::new();
                // what cannot be read is not needed; read, the connection can be used again
                drop(response.into_body().into_reader().take(WORDS).read_to_end(&mut said));
                answer(status, &String::from_utf8_lossy(&said), wait)
            }
            Err(error) => failed(&trouble(&error, self.target)),
        }
    }

    /// By both secrets while there are two.
    fn signature(&self, errand: &Errand, timestamp: i64) -> Option<String> {
        let sign = |sealed: &[u8]| {
            let secret = Secret::open(&self.keys, sealed).ok()?;
            Some(secret.sign(&errand.name, timestamp, &errand.body))
        };
        let new = sign(&errand.secret)?;
        let old = errand.old_secret.as_deref().and_then(sign);
        Some(old.map_or(new.clone(), |old| format!("{new} {old}")))
    }
}

fn answer(status: u16, said: &str, wait: Option<u64>) -> Answer {
    match status {
        200..=299 => Answer::Taken(status),
        410 => Answer::Gone(status),
        _ => {
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
            let words = if said.is_empty() { format!("HTTP {status}") } else { format!("HTTP {status}: {said}") };
            Answer::Later { status: Some(status), words, wait }
        }
    }
}

fn trouble(error: &Error, target: Target) -> String {
    match error {
        Error::HostNotFound => "The host was not found, or leads to a private network".into(),
        Error::Timeout(Timeout::Connect) => "The host could not be reached in time".into(),
        Error::Timeout(_) => format!("No answer within {} s", target.patience.as_secs()),
        Error::Io(error) => format!("The connection failed: {error}"),
        Error::Rustls(error) => format!("TLS failed: {error}"),
        Error::Tls(error) => format!("TLS failed: {error}"),
        Error::Protocol(_) => "The answer is not HTTP".into(),
        _ => "The request could not be made".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_mean() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(answer(status, "thanks", None), Answer::Taken(status));
        }
        assert_eq!(answer(410, "", None), Answer::Gone(410));
        for status in [301, 302, 400, 401, 404, 429, 500, 503] {
            let words = format!("HTTP {status}: no way");
            assert_eq!(
                answer(status, " no\n way\u{1b}", Some(9)),
                Answer::Later { status: Some(status), words, wait: Some(9) }
            );
        }
    }
}

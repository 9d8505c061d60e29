//! The fields that the forms of all channels share: on or off, and how fast.

use super::stored::Pace;
use crate::web::FieldErrors;

/// On or off, **Messages per second**, **Connections**.
pub fn parse(is_on: &str, rate: &str, connections: &str, errors: &mut FieldErrors) -> Option<Pace> {
    let within = |raw: &str, most: i32| raw.trim().parse::<i32>().ok().filter(|n| (1..=most).contains(n));
    let rate = match rate.trim() {
        "" => Ok(None),
        typed => within(typed, 100_000).map(Some).ok_or("Enter a whole number from 1 to 100000, or nothing"),
    };
    let connections = within(connections, 32).and_then(|n| i16::try_from(n).ok());
    let rate = errors.take("rate", rate);
    let connections = errors.take("connections", connections.ok_or("Enter a whole number from 1 to 32"));
    Some(Pace { is_on: is_on == "on", rate: rate?, connections: connections? })
}

/// A rate as it is typed.
pub fn rate_text(rate: Option<i32>) -> String {
    rate.map(|rate| rate.to_string()).unwrap_or_default()
}

/// The secret that is to be stored: the new one, none, or the one that is there.
pub fn secret(stored: &str, typed: &str, remove: &str) -> String {
    if !typed.is_empty() {
        typed.to_owned()
    } else if remove == "on" {
        String::new()
    } else {
        stored.to_owned()
    }
}

/// How the audit log tells of a secret: never what it is.
pub fn secret_words(secret: &str, before: &str) -> &'static str {
    match (secret.is_empty(), secret == before) {
        (true, _) => "none",
        (false, true) => "stored",
        (false, false) => "a new one stored",
    }
}

/// A box as it is sent.
pub fn tick(ticked: bool) -> String {
    if ticked { "on".into() } else { String::new() }
}

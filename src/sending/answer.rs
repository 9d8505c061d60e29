//! What is stored of a provider's answer, and when a message is tried again.

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;

use super::lease::Leased;
use crate::channels::transport::Outcome;

/// After so many it is over: with the pauses below, about a day.
const MOST_ATTEMPTS: i16 = 10;
const FIRST_PAUSE: f64 = 30.0;
/// Someone sits and waits for a sign-in code.
const FIRST_PAUSE_IF_URGENT: f64 = 5.0;
/// Each pause is so many times as long as the one before.
const GROWTH: f64 = 2.5;
/// Words of a provider that are kept.
const LONGEST_WORDS: usize = 500;

/// A message's next state, to be stored whatever happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The message.
    pub id: i64,
    /// Its state from now on.
    pub state: &'static str,
    /// How often it has been tried now.
    pub attempts: i16,
    /// When it is tried again.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// The provider's key.
    pub provider_id: Option<String>,
    /// The provider's words.
    pub words: Option<String>,
}

impl Answer {
    /// What an outcome means for this message; none: there is nothing to store.
    pub fn of(leased: &Leased, outcome: Outcome, now: DateTime<Utc>) -> Option<Self> {
        let answer = Self {
            id: leased.outgoing.id,
            state: "queued",
            attempts: leased.attempts.saturating_add(1),
            next_attempt_at: None,
            provider_id: None,
            words: None,
        };
        Some(match outcome {
            Outcome::Unwanted => return None,
            Outcome::Sent(provider_id) => Self { state: "sent", provider_id, ..answer },
            Outcome::Refused(words) => Self { state: "failed", words: Some(kept(words)), ..answer },
            Outcome::Uncertain(words) => Self { state: "uncertain", words: Some(kept(words)), ..answer },
            Outcome::Away(words) => Self { words: Some(kept(words)), ..Self::not_sent(leased) },
            Outcome::Later(words, wait) => {
                let next = now + pause(answer.attempts, leased.is_urgent, wait);
                let in_vain = leased.useless_at.is_some_and(|end| next >= end);
                let state = if in_vain || answer.attempts >= MOST_ATTEMPTS { "failed" } else { "queued" };
                Self { state, next_attempt_at: Some(next), words: Some(kept(words)), ..answer }
            }
        })
    }

    /// It was not handed over, and stays where it was.
    pub fn not_sent(leased: &Leased) -> Self {
        Self {
            id: leased.outgoing.id,
            state: "queued",
            attempts: leased.attempts,
            next_attempt_at: None,
            provider_id: None,
            words: None,
        }
    }
}

/// Before the next attempt: longer each time, and not the same for all, so that they do not come back as one crowd.
fn pause(attempts: i16, is_urgent: bool, asked: Option<u64>) -> TimeDelta {
    let first = if is_urgent { FIRST_PAUSE_IF_URGENT } else { FIRST_PAUSE };
    let pause = first * GROWTH.powi(i32::from(attempts.clamp(1, MOST_ATTEMPTS)) - 1);
    let jittered = pause * rand::rng().random_range(0.8..1.2);
    let asked = asked.unwrap_or(0).min(86_400) as f64;
    TimeDelta::milliseconds((jittered.max(asked) * 1_000.0) as i64)
}

/// One line, and not too long; the database takes no NUL.
fn kept(words: String) -> String {
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().chars().take(LONGEST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::channels::transport::Outgoing;
    use proptest::prelude::*;

    fn leased(attempts: i16) -> Leased {
        let text = String::new;
        let outgoing = Outgoing {
            id: 7,
            key: text(),
            member: None,
            recipient: text(),
            sender: text(),
            subject: text(),
            body: text(),
            link: None,
            picture: None,
            unsubscribe: None,
            ends_at: None,
            language: None,
        };
        Leased { outgoing, attempts, useless_at: None, is_urgent: false }
    }

    #[test]
    fn ten_attempts_take_about_a_day() {
        let hours = (1..MOST_ATTEMPTS).map(|n| pause(n, false, None).num_seconds()).sum::<i64>() as f64 / 3_600.0;
        assert!((16.0..26.0).contains(&hours), "{hours}");
        let last = Answer::of(&leased(9), Outcome::Later("busy".into(), None), Utc::now()).unwrap();
        assert_eq!((last.state, last.attempts, last.words.as_deref()), ("failed", 10, Some("busy")));
    }

    #[test]
    fn what_could_only_come_too_late_has_failed() {
        let now = Utc::now();
        let mut message = leased(0);
        message.useless_at = Some(now + TimeDelta::seconds(10));
        assert_eq!(Answer::of(&message, Outcome::Later("busy".into(), None), now).unwrap().state, "failed");
        message.useless_at = Some(now + TimeDelta::seconds(60));
        assert_eq!(Answer::of(&message, Outcome::Later("busy".into(), None), now).unwrap().state, "queued");
        assert_eq!(Answer::of(&message, Outcome::Later("busy".into(), Some(300)), now).unwrap().state, "failed");
    }

    #[test]
    fn a_provider_that_is_away_costs_no_attempt() {
        let away = Answer::of(&leased(3), Outcome::Away("refused".into()), Utc::now()).unwrap();
        assert_eq!((away.state, away.attempts, away.next_attempt_at), ("queued", 3, None));
        assert_eq!(Answer::of(&leased(3), Outcome::Unwanted, Utc::now()), None);
    }

    proptest! {
        #[test]
        fn a_pause_is_never_shorter_than_asked_for(attempts in 0i16.., asked in 0u64..100_000, urgent: bool) {
            let pause = pause(attempts, urgent, Some(asked));
            prop_assert!(pause.num_seconds() >= asked.min(86_400) as i64);
            prop_assert!(pause > TimeDelta::zero() && pause < TimeDelta::days(4));
        }

        #[test]
        fn words_can_be_stored(words: String) {
            let words = kept(words);
            prop_assert!(words.chars().count() <= LONGEST_WORDS && !words.contains(char::is_control));
        }
    }
}

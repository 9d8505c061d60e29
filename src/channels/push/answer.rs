//! What push services answer, and what follows from it for the message.

use crate::channels::transport::Outcome;

/// What became of the message at one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The push service has it.
    Taken,
    /// The subscription is no more.
    Gone,
    /// It may work later; the seconds that the service asks for.
    Later(String, Option<u64>),
    /// It never will.
    Refused(String),
}

impl Answer {
    /// Of a status, the words that came with it and the header Retry-After.
    pub fn of(status: u16, words: &str, retry_after: Option<u64>) -> Self {
        let why = if words.is_empty() { format!("HTTP {status}") } else { format!("HTTP {status}: {words}") };
        match status {
            200..=202 | 204 => Self::Taken,
            404 | 410 => Self::Gone,
            408 | 429 | 500..=599 => Self::Later(why, retry_after),
            _ => Self::Refused(why),
        }
    }
}

/// Of all devices: one that took it is enough; else whatever may pass is tried again. A repetition replaces what is
/// shown or waits (topic, tag), so an answer that never came is tried again too.
pub fn together(answers: &[Answer]) -> Outcome {
    if answers.contains(&Answer::Taken) {
        return Outcome::Sent(None);
    }
    let mut later = answers.iter().filter_map(|answer| match answer {
        Answer::Later(why, seconds) => Some((why, *seconds)),
        _ => None,
    });
    if let Some((why, first)) = later.next() {
        let seconds = later.map(|(_, seconds)| seconds).fold(first, Ord::max);
        return Outcome::Later(why.clone(), seconds);
    }
    let refused = answers.iter().find_map(|answer| match answer {
        Answer::Refused(why) => Some(why.clone()),
        _ => None,
    });
    Outcome::Refused(refused.unwrap_or_else(|| "No device takes notifications any more".to_owned()))
}

/// Retry-After in seconds, given as such or as a date.
pub fn retry_after(header: &str, now: chrono::DateTime<chrono::Utc>) -> Option<u64> {
    let header = header.trim();
    header.parse().ok().or_else(|| {
        let at = chrono::DateTime::parse_from_rfc2822(header).ok()?;
        u64::try_from((at.to_utc() - now).num_seconds()).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};

    #[test]
    fn one_device_is_enough() {
        let later = |seconds| Answer::Later("HTTP 429".into(), seconds);
        let refused = Answer::Refused("HTTP 403".into());
        let all = [Answer::Gone, later(None), refused.clone(), Answer::Taken];
        assert_eq!(together(&all), Outcome::Sent(None));
        assert_eq!(
            together(&[refused.clone(), later(Some(3)), later(Some(9))]),
            Outcome::Later("HTTP 429".into(), Some(9))
        );
        assert_eq!(together(&[Answer::Gone, refused]), Outcome::Refused("HTTP 403".into()));
        assert_eq!(together(&[Answer::Gone]), Outcome::Refused("No device takes notifications any more".into()));
    }

    #[test]
    fn what_services_answer() {
        for status in [200, 201, 202] {
            assert_eq!(Answer::of(status, "", None), Answer::Taken);
        }
        assert_eq!(Answer::of(404, "", None), Answer::Gone);
        assert_eq!(Answer::of(410, "gone", None), Answer::Gone);
        assert_eq!(Answer::of(429, "slow", Some(5)), Answer::Later("HTTP 429: slow".into(), Some(5)));
        assert_eq!(Answer::of(503, "", None), Answer::Later("HTTP 503".into(), None));
        for status in [301, 307, 400, 401, 403, 413] {
            assert!(matches!(Answer::of(status, "", None), Answer::Refused(_)), "{status}");
        }
    }

    #[test]
    fn when_to_come_back() {
        let now = Utc.with_ymd_and_hms(2026, 11, 24, 10, 0, 0).single().unwrap_or_default();
        assert_eq!(retry_after(" 120 ", now), Some(120));
        assert_eq!(retry_after("Tue, 24 Nov 2026 10:01:00 GMT", now), Some(60));
        assert_eq!(retry_after("Tue, 24 Nov 2026 09:00:00 GMT", now), None);
        assert_eq!(retry_after("soon", now), None);
    }
}

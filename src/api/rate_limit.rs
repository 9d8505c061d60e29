//! How often a caller may ask, told in the headers `RateLimit-Policy` and `RateLimit` of every answer
//! (draft-ietf-httpapi-ratelimit-headers). It keeps floods away, so each server counts for itself; where guessing pays,
//! the limits of `web::throttle` hold over all servers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use chrono::{DateTime, Utc};

use super::{ApiError, Caller};

/// Length of a window.
const SECONDS: i64 = 60;
/// Of a key's requests, those that a member's app may make, or an address that shows none.
const PART: u32 = 10;
/// Callers kept in mind before those are forgotten whose window is over.
const MANY: usize = 10_000;

/// The counts of one server.
pub struct RateLimits {
    /// Requests of one key in a window; 0: any number.
    requests: u32,
    windows: Mutex<HashMap<String, Window>>,
}

struct Window {
    ends_at: DateTime<Utc>,
    count: u32,
}

/// How a caller stands after this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    quota: u32,
    left: u32,
    /// Until the window ends.
    seconds: i64,
    is_over: bool,
}

impl RateLimits {
    /// So many requests of one key in a minute; 0: any number.
    pub fn new(requests: u32) -> Self {
        Self { requests, windows: Mutex::new(HashMap::new()) }
    }

    /// Counts a request of a known caller, or of an address; none: nothing is limited.
    pub fn count(&self, caller: Option<Caller>, address: &str, now: DateTime<Utc>) -> Option<Standing> {
        if self.requests == 0 {
            return None;
        }
        let (name, quota) = match caller {
            Some(key @ Caller::Key(_)) => (key.to_string(), self.requests),
            Some(member) => (member.to_string(), self.requests.div_ceil(PART)),
            None => (address.to_owned(), self.requests.div_ceil(PART)),
        };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MANY && !windows.contains_key(&name) {
            windows.retain(|_, window| window.ends_at > now);
        }
        let window = windows.entry(name).or_insert(Window { ends_at: now, count: 0 });
        if window.ends_at <= now {
            *window = Window { ends_at: now + chrono::Duration::seconds(SECONDS), count: 0 };
        }
        window.count = window.count.saturating_add(1);
        Some(Standing {
            quota,
            left: quota.saturating_sub(window.count),
            seconds: (window.ends_at - now).num_seconds().max(1),
            is_over: window.count > quota,
        })
    }
}

impl Standing {
    /// What a caller is told who asked too often.
    pub fn refusal(&self) -> Option<ApiError> {
        let detail = format!("At most {} requests are taken in {SECONDS} seconds.", self.quota);
        self.is_over.then(|| ApiError::too_many("too_many_requests", detail, self.seconds))
    }

    /// Tells it in an answer's headers.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let policy = format!("\"requests\";q={};w={SECONDS}", self.quota);
        let standing = format!("\"requests\";r={};t={}", self.left, self.seconds);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", standing)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::ids::MemberId;

    #[test]
    fn a_window_begins_with_its_first_request_and_each_caller_has_their_own() {
        let (limits, now) = (RateLimits::new(20), DateTime::UNIX_EPOCH);
        let ask = |caller, seconds| limits.count(caller, "::1", now + chrono::Duration::seconds(seconds)).unwrap();
        let member = Some(Caller::Member(MemberId(1)));
        assert_eq!(ask(member, 0), Standing { quota: 2, left: 1, seconds: 60, is_over: false });
        assert_eq!(ask(member, 59), Standing { quota: 2, left: 0, seconds: 1, is_over: false });
        let over = ask(member, 59);
        assert_eq!(over.refusal().unwrap().retry_after, Some(1));
        assert_eq!(ask(Some(Caller::Key(1)), 59).left, 19);
        assert_eq!(ask(None, 59).left, 1);
        assert_eq!(ask(member, 60), Standing { quota: 2, left: 1, seconds: 60, is_over: false });
        assert_eq!(RateLimits::new(0).count(None, "::1", now), None);
    }
}

//! How often a caller may ask, told with every answer (`RateLimit`, `RateLimit-Policy`) and kept by each server for itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::ResponseError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use chrono::{DateTime, Duration, Utc};

use super::{ApiError, Caller};
use crate::serve::Muster;

/// Length of a window, in seconds.
const WINDOW: i64 = 60;
/// So many callers are remembered before those whose window is over are forgotten.
const MANY: usize = 10_000;

/// Requests of each caller in its present window.
#[derive(Clone, Default)]
pub struct Rates {
    /// In a window; 0: any number.
    quota: u32,
    windows: Arc<Mutex<HashMap<String, Window>>>,
}

#[derive(Clone, Copy)]
struct Window {
    ends_at: DateTime<Utc>,
    taken: u32,
}

/// How a caller stands with this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    quota: u32,
    left: u32,
    /// Seconds until the window ends.
    resets_in: i64,
    /// Too many: not to be served.
    pub is_over: bool,
}

impl Rates {
    /// So many requests a minute; 0: any number.
    pub fn new(quota: u32) -> Self {
        Self { quota, windows: Arc::default() }
    }

    /// Counts a request; none: nothing is limited.
    pub fn take(&self, caller: &str, now: DateTime<Utc>) -> Option<Standing> {
        if self.quota == 0 {
            return None;
        }
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MANY {
            windows.retain(|_, window| window.ends_at > now);
        }
        let fresh = Window { ends_at: now + Duration::seconds(WINDOW), taken: 0 };
        let window = windows.entry(caller.to_owned()).or_insert(fresh);
        if window.ends_at <= now {
            *window = fresh;
        }
        window.taken = window.taken.saturating_add(1);
        Some(Standing {
            quota: self.quota,
            left: self.quota.saturating_sub(window.taken),
            resets_in: (window.ends_at - now).num_seconds().max(1),
            is_over: window.taken > self.quota,
        })
    }
}

impl Standing {
    /// Tells it.
    pub fn attach(&self, headers: &mut HeaderMap) {
        let values = [
            ("ratelimit-policy", format!("\"requests\";q={};w={WINDOW}", self.quota)),
            ("ratelimit", format!("\"requests\";r={};t={}", self.left, self.resets_in)),
        ];
        for (name, value) in values {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }

    fn refusal(&self) -> ApiError {
        let told = format!("At most {} requests a minute. Wait {} seconds.", self.quota, self.resets_in);
        ApiError::too_many("too_many_requests", told, self.resets_in)
    }
}

/// Serves a request of a known caller, unless it asks too often.
pub async fn serve<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
    caller: Caller,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let (rates, muster) = (req.app_data::<Data<Rates>>(), req.app_data::<Data<Muster>>());
    let standing = rates.zip(muster).and_then(|(rates, muster)| rates.take(&caller.to_string(), muster.clock.now()));
    let Some(standing) = standing else { return next.call(req).await.map(ServiceResponse::map_into_left_body) };
    let mut response = if standing.is_over {
        req.into_response(standing.refusal().error_response().map_into_right_body())
    } else {
        // what an endpoint refuses by an error has its answer too
        next.call(req).await?.map_into_left_body()
    };
    standing.attach(response.headers_mut());
    Ok(response)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_window_begins_with_the_first_request() {
        let (rates, now) = (Rates::new(2), DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let at = |seconds: i64| now + Duration::seconds(seconds);
        let told = |seconds| {
            let standing = rates.take("key 1", at(seconds)).unwrap();
            (standing.left, standing.resets_in, standing.is_over)
        };
        assert_eq!([told(0), told(20), told(50)], [(1, 60, false), (0, 40, false), (0, 10, true)]);
        assert!(!rates.take("key 2", at(50)).unwrap().is_over, "each caller has its own");
        assert_eq!(told(60), (1, 60, false));
        assert_eq!(Rates::new(0).take("key 1", now), None);
        let mut headers = HeaderMap::new();
        rates.take("key 1", at(61)).unwrap().attach(&mut headers);
        assert_eq!(headers.get("ratelimit").unwrap(), "\"requests\";r=0;t=59");
        assert_eq!(headers.get("ratelimit-policy").unwrap(), "\"requests\";q=2;w=60");
    }
}

//! Conditional requests: an answer carries the hash of what it says, so that who has it need not be sent it again, and
//! nobody overwrites what they have not seen.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::problem::{ApiError, ApiResult};
use crate::error::AppError;

/// The ETag of a text.
pub fn tag(text: &str) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..15]))
}

/// The ETag of a value as it is sent.
pub fn of(value: &impl Serialize) -> Result<String, ApiError> {
    Ok(tag(&serde_json::to_string(value).map_err(AppError::internal)?))
}

/// What was read, as JSON; 304 to who has it already.
pub fn read(req: &HttpRequest, value: &impl Serialize) -> ApiResult {
    let body = serde_json::to_string(value).map_err(AppError::internal)?;
    let tag = tag(&body);
    let known = listed(req, header::IF_NONE_MATCH).is_some_and(|tags| tags.any || tags.has_weakly(&tag));
    let mut answer = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Ok(if known { answer.finish() } else { answer.content_type("application/json").body(body) })
}

/// What a write asks for to be true before it.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    matches: Option<Tags>,
    none_matches: Option<Tags>,
}

#[derive(Debug, Clone, Default)]
struct Tags {
    any: bool,
    tags: Vec<String>,
}

impl Conditions {
    /// Of this request.
    pub fn of(req: &HttpRequest) -> Self {
        Self { matches: listed(req, header::IF_MATCH), none_matches: listed(req, header::IF_NONE_MATCH) }
    }

    /// Refuses a write to what is not as the caller saw it; `current`: the ETag of what is there, if anything is.
    pub fn check(&self, current: Option<&str>) -> Result<(), ApiError> {
        let matches = self
            .matches
            .as_ref()
            .is_none_or(|tags| current.is_some_and(|current| tags.any || tags.tags.iter().any(|tag| tag == current)));
        let clashes = self
            .none_matches
            .as_ref()
            .is_some_and(|tags| current.is_some_and(|current| tags.any || tags.has_weakly(current)));
        if matches && !clashes { Ok(()) } else { Err(precondition_failed()) }
    }
}

impl Tags {
    fn has_weakly(&self, wanted: &str) -> bool {
        self.tags.iter().any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == wanted)
    }
}

fn precondition_failed() -> ApiError {
    ApiError::new(
        StatusCode::PRECONDITION_FAILED,
        "precondition_failed",
        "It is not as you saw it",
        "Somebody changed it meanwhile, or it is (not) there. Read it again, then repeat what you want.",
    )
}

fn listed(req: &HttpRequest, name: header::HeaderName) -> Option<Tags> {
    let mut values = req.headers().get_all(name).peekable();
    values.peek()?;
    let mut tags = Tags::default();
    for value in values.filter_map(|value| value.to_str().ok()) {
        for tag in value.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
            tags.any |= tag == "*";
            tags.tags.push(tag.to_owned());
        }
    }
    Some(tags)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use actix_web::test::TestRequest;

    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HttpRequest {
        TestRequest::default().insert_header((name, value)).to_http_request()
    }

    #[test]
    fn who_has_it_is_not_sent_it_again() {
        let status = |value: &str| read(&with(header::IF_NONE_MATCH, value), &"x").unwrap().status().as_u16();
        let known = of(&"x").unwrap();
        assert_eq!(status(&known), 304);
        assert_eq!(status(&format!("\"other\", W/{known}")), 304);
        assert_eq!((status("*"), status("\"other\""), status("x")), (304, 200, 200));
    }

    #[test]
    fn nobody_overwrites_what_they_have_not_seen() {
        let check = |name, value: &str, current| Conditions::of(&with(name, value)).check(current).is_ok();
        let now = Some("\"now\"");
        assert!(check(header::IF_MATCH, "\"now\"", now) && check(header::IF_MATCH, "*", now));
        assert!(!check(header::IF_MATCH, "\"then\"", now) && !check(header::IF_MATCH, "W/\"now\"", now));
        assert!(!check(header::IF_MATCH, "*", None) && !check(header::IF_MATCH, "\"now\"", None));
        assert!(check(header::IF_NONE_MATCH, "*", None) && !check(header::IF_NONE_MATCH, "*", now));
        assert!(Conditions::default().check(None).is_ok());
    }
}

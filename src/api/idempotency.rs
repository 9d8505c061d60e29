//! `Idempotency-Key`: a write that is sent again gets the answer of the first, and is not done again. The key is kept in
//! the transaction of the write itself, so that neither can be there without the other.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::Caller;
use super::problem::ApiError;
use crate::schema::idempotency;

/// How long an answer is kept.
pub const KEPT: Duration = Duration::hours(24);

/// A request that may come twice.
#[derive(Debug, Clone)]
pub struct Once {
    caller: String,
    key: Option<String>,
    request_hash: Vec<u8>,
    now: DateTime<Utc>,
}

/// An answer as it is sent and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
    /// Seconds after which it may be tried again; such an answer is not kept.
    pub retry_after: Option<i64>,
}

impl Once {
    /// From the request's header, if it carries one; `body` as it came.
    pub fn of(req: &HttpRequest, caller: Caller, body: &[u8], now: DateTime<Utc>) -> Result<Self, ApiError> {
        let key = match req.headers().get("idempotency-key") {
            None => None,
            Some(value) => {
                let key = value.to_str().unwrap_or_default().trim().to_owned();
                if key.is_empty() || key.chars().count() > 255 {
                    return Err(ApiError::bad_request("An Idempotency-Key has 1 to 255 visible characters."));
                }
                Some(key)
            }
        };
        let mut hash = Sha256::new();
        for part in [req.method().as_str().as_bytes(), req.path().as_bytes(), body] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Ok(Self { caller: caller.to_string(), key, request_hash: hash.finalize().to_vec(), now })
    }

    /// Does the work once, in the caller's transaction. Twice at the same time: the second waits for the first. What the
    /// work refuses is kept like any answer; what fails is not, as the transaction is not.
    pub fn run(
        &self,
        conn: &mut PgConnection,
        work: impl FnOnce(&mut PgConnection) -> Result<Answer, ApiError>,
    ) -> Result<Answer, ApiError> {
        let Some(key) = &self.key else { return work(conn) };
        // a second request with this key waits here until the first is committed, or was not
        while !self.claim(conn, key)? {
            if let Some(kept) = self.kept(conn, key)? {
                return kept;
            }
        }
        let answer = work(conn)?;
        if answer.retry_after.is_some() || answer.status >= 500 {
            // "later" is no answer for a day
            self.forget(conn, key)?;
            return Ok(answer);
        }
        diesel::update(idempotency::table.find((&self.caller, key)))
            .set((
                idempotency::status.eq(i16::try_from(answer.status).unwrap_or(500)),
                idempotency::body.eq(&answer.body),
            ))
            .execute(conn)?;
        Ok(answer)
    }

    /// True: the key is this request's, and what is done is to be kept. Nobody sees the row before its answer is there.
    fn claim(&self, conn: &mut PgConnection, key: &str) -> QueryResult<bool> {
        let row = (
            idempotency::caller.eq(&self.caller),
            idempotency::key.eq(key),
            idempotency::request_hash.eq(&self.request_hash),
            idempotency::status.eq(0_i16),
            idempotency::body.eq(""),
            idempotency::created_at.eq(self.now),
        );
        diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing().execute(conn).map(|rows| rows == 1)
    }

    fn forget(&self, conn: &mut PgConnection, key: &str) -> QueryResult<()> {
        diesel::delete(idempotency::table.find((&self.caller, key))).execute(conn).map(|_| ())
    }

    /// None: there is none, or none any longer.
    fn kept(&self, conn: &mut PgConnection, key: &str) -> QueryResult<Option<Result<Answer, ApiError>>> {
        let row: Option<(Vec<u8>, i16, String, DateTime<Utc>)> = idempotency::table
            .find((&self.caller, key))
            .select((idempotency::request_hash, idempotency::status, idempotency::body, idempotency::created_at))
            .for_update()
            .first(conn)
            .optional()?;
        let Some((hash, status, body, at)) = row else { return Ok(None) };
        if at + KEPT <= self.now {
            self.forget(conn, key)?;
            return Ok(None);
        }
        if hash != self.request_hash {
            return Ok(Some(Err(reused())));
        }
        Ok(Some(Ok(Answer { status: status.unsigned_abs(), body, retry_after: None })))
    }
}

fn reused() -> ApiError {
    ApiError::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "This Idempotency-Key was used for another request",
        "Send a new key with a new request; send the same request with the same key only to repeat it.",
    )
}

impl Answer {
    /// A value as JSON.
    pub fn json(status: StatusCode, value: &impl serde::Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_string(value).map_err(crate::error::AppError::internal)?;
        Ok(Self { status: status.as_u16(), body, retry_after: None })
    }

    /// A refusal that is to be kept as the answer: what is recorded of it is committed.
    pub fn problem(error: &ApiError) -> Result<Self, ApiError> {
        let status = StatusCode::from_u16(error.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Ok(Self { retry_after: error.retry_after, ..Self::json(status, &*error.problem)? })
    }

    /// As it is sent.
    pub fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = if self.status >= 400 { "application/problem+json" } else { "application/json" };
        let mut response = HttpResponse::build(status);
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.content_type(kind).insert_header((header::CACHE_CONTROL, "no-store")).body(self.body)
    }
}

/// Forgets what is older than a day.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::delete(idempotency::table.filter(idempotency::created_at.lt(now - KEPT))).execute(conn).map(|_| ())
}

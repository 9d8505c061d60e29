//! `Idempotency-Key`: a write that is sent again gets the answer of the first, and is not done again. The key is kept in
//! the transaction of the write itself, so that neither can be there without the other.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use sha2::{Digest, Sha256};

use super::Caller;
use super::problem::ApiError;
use crate::db::Kept;
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
        // 64 bits of the caller's key: another that hashes the same waits a moment too long, no more
        let lock =
            i64::from_be_bytes(Sha256::digest(format!("{} {key}", self.caller))[..8].try_into().unwrap_or_default());
        Kept(sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(lock)).execute(conn)?;
        if let Some(kept) = self.kept(conn, key)? {
            return kept;
        }
        let answer = work(conn)?;
        diesel::insert_into(idempotency::table)
            .values((
                idempotency::caller.eq(&self.caller),
                idempotency::key.eq(key),
                idempotency::request_hash.eq(&self.request_hash),
                idempotency::status.eq(i16::try_from(answer.status).unwrap_or(500)),
                idempotency::body.eq(&answer.body),
                idempotency::created_at.eq(self.now),
            ))
            .execute(conn)?;
        Ok(answer)
    }

    fn kept(&self, conn: &mut PgConnection, key: &str) -> QueryResult<Option<Result<Answer, ApiError>>> {
        let row: Option<(Vec<u8>, i16, String, DateTime<Utc>)> = idempotency::table
            .find((&self.caller, key))
            .select((idempotency::request_hash, idempotency::status, idempotency::body, idempotency::created_at))
            .first(conn)
            .optional()?;
        let Some((hash, status, body, at)) = row else { return Ok(None) };
        if at + KEPT <= self.now {
            sql_query("DELETE FROM idempotency WHERE caller = $1 AND key = $2")
                .bind::<Text, _>(&self.caller)
                .bind::<Text, _>(key)
                .execute(conn)?;
            return Ok(None);
        }
        if hash != self.request_hash {
            return Ok(Some(Err(reused())));
        }
        Ok(Some(Ok(Answer { status: status.unsigned_abs(), body })))
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
        Ok(Self { status: status.as_u16(), body })
    }

    /// A refusal that is to be kept as the answer: what is recorded of it is committed.
    pub fn problem(error: &ApiError) -> Result<Self, ApiError> {
        let status = StatusCode::from_u16(error.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::json(status, &*error.problem)
    }

    /// As it is sent.
    pub fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = if self.status >= 400 { "application/problem+json" } else { "application/json" };
        HttpResponse::build(status).content_type(kind).insert_header(("Cache-Control", "no-store")).body(self.body)
    }
}

/// Forgets what is older than a day.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::delete(idempotency::table.filter(idempotency::created_at.lt(now - KEPT))).execute(conn).map(|_| ())
}

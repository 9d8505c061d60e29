//! A sign-in whose password was right and whose second factor is still to come. A cookie holds its key, the row only
//! the key's hash.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::LinkToken;
use crate::error::AppError;
use crate::schema::pending_sign_in;
use crate::web::slip;

const SLIP: &str = "muster_second_factor";
const PATH: &str = "/sign-in";
const LIFE: Duration = Duration::minutes(10);

/// What the cookie carries.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pending {
    key: String,
    /// Where to go afterwards.
    pub next: String,
}

/// What the first half was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// The password.
    Password,
    /// The organisation's sign-in.
    OpenId,
}

impl First {
    fn key(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::OpenId => "openid",
        }
    }

    /// For the audit log.
    pub fn words(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::OpenId => "OpenID Connect",
        }
    }
}

impl Pending {
    /// Begins it.
    pub fn begin(conn: &mut PgConnection, account: Uuid, first: First, now: DateTime<Utc>) -> QueryResult<LinkToken> {
        let key = LinkToken::random();
        diesel::delete(pending_sign_in::table.filter(pending_sign_in::expires_at.le(now))).execute(conn)?;
        diesel::insert_into(pending_sign_in::table)
            .values((
                pending_sign_in::key_hash.eq(key.hash()),
                pending_sign_in::account_id.eq(account),
                pending_sign_in::first.eq(first.key()),
                pending_sign_in::expires_at.eq(now + LIFE),
            ))
            .execute(conn)?;
        Ok(key)
    }

    /// Puts it on an answer.
    pub fn attach(response: &mut HttpResponse, key: &LinkToken, next: &str, https: bool) -> Result<(), AppError> {
        let next = next.chars().take(1000).collect();
        slip::attach(response, SLIP, PATH, https, &Self { key: key.text().to_owned(), next })
    }

    /// As it came back.
    pub fn of(req: &HttpRequest) -> Option<Self> {
        slip::read(req, SLIP)
    }

    /// Takes it off.
    pub fn remove(response: &mut HttpResponse) -> Result<(), AppError> {
        slip::remove(response, SLIP, PATH)
    }

    /// Whose it is, while it lasts.
    pub fn account(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Option<Uuid>> {
        let Some(key) = LinkToken::read(&self.key) else { return Ok(None) };
        pending_sign_in::table
            .find(key.hash())
            .filter(pending_sign_in::expires_at.gt(now))
            .select(pending_sign_in::account_id)
            .first(conn)
            .optional()
    }

    /// Ends it: it leads to one session only. What the first half was; none: it has ended already.
    pub fn end(&self, conn: &mut PgConnection) -> QueryResult<Option<First>> {
        let Some(key) = LinkToken::read(&self.key) else { return Ok(None) };
        let row = diesel::delete(pending_sign_in::table.find(key.hash())).returning(pending_sign_in::first);
        let ended: Option<String> = row.get_result(conn).optional()?;
        Ok(ended.map(|first| if first == First::OpenId.key() { First::OpenId } else { First::Password }))
    }
}

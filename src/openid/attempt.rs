//! A sign-in on its way to the provider and back, bound to the visitor's browser, for a few minutes and once.

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::accounts::LinkToken;
use crate::error::AppError;
use crate::schema::openid_attempt;
use crate::web::cookies;

const COOKIE: &str = "muster_openid";
const LIFE: Duration = Duration::minutes(10);

/// The visitor's secret, from which all is made that goes to the provider: nothing of it can be told from the rest.
#[derive(Clone)]
pub struct Keys(LinkToken);

/// What the row says.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Attempt {
    /// Who links, not signs in.
    pub account_id: Option<Uuid>,
    /// Where to go afterwards.
    pub next: String,
}

impl Keys {
    /// Comes back with the visitor: it was this browser that went.
    pub fn state(&self) -> String {
        self.made("openid state")
    }

    /// Comes back in the token: it was made for this sign-in.
    pub fn nonce(&self) -> String {
        self.made("openid nonce")
    }

    /// Shows that whoever brings the code is who asked for it (PKCE).
    pub fn proof(&self) -> String {
        self.made("openid code verifier")
    }

    fn made(&self, what: &str) -> String {
        match Hmac::<Sha256>::new_from_slice(self.0.text().as_bytes()) {
            Ok(mut mac) => {
                mac.update(what.as_bytes());
                URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
            }
            Err(_) => String::new(),
        }
    }

    /// Whether this state is ours, in constant time.
    pub fn is_state(&self, told: &str) -> bool {
        let own = self.state();
        own.len() == told.len() && own.bytes().zip(told.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }

    /// As the browser kept them.
    pub fn of(req: &HttpRequest, https: bool) -> Option<Self> {
        LinkToken::read(req.cookie(&cookies::name(COOKIE, https))?.value()).map(Self)
    }

    /// Puts them on an answer.
    pub fn attach(&self, response: &mut HttpResponse, https: bool) -> Result<(), AppError> {
        let cookie = cookie(self.0.text(), https).max_age(time::Duration::minutes(LIFE.num_minutes())).finish();
        response.add_cookie(&cookie).map_err(AppError::internal)
    }

    /// Takes them off.
    pub fn remove(response: &mut HttpResponse, https: bool) -> Result<(), AppError> {
        let mut gone = cookie("", https).finish();
        gone.make_removal();
        response.add_cookie(&gone).map_err(AppError::internal)
    }
}

/// Sent along when the provider sends people back, which is a visit from another site.
fn cookie(value: &str, https: bool) -> actix_web::cookie::CookieBuilder<'static> {
    Cookie::build(cookies::name(COOKIE, https), value.to_owned())
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
}

/// Begins one.
pub fn begin(conn: &mut PgConnection, account: Option<Uuid>, next: &str, now: DateTime<Utc>) -> QueryResult<Keys> {
    let keys = Keys(LinkToken::random());
    diesel::delete(openid_attempt::table.filter(openid_attempt::expires_at.le(now))).execute(conn)?;
    let values = (
        openid_attempt::key_hash.eq(keys.0.hash()),
        openid_attempt::account_id.eq(account),
        openid_attempt::next.eq(next.chars().filter(|c| *c != '\0').take(1000).collect::<String>()),
        openid_attempt::expires_at.eq(now + LIFE),
    );
    diesel::insert_into(openid_attempt::table).values(values).execute(conn)?;
    Ok(keys)
}

/// Uses it up; none: it is too old, or was used.
pub fn take(conn: &mut PgConnection, keys: &Keys, now: DateTime<Utc>) -> QueryResult<Option<Attempt>> {
    let open = openid_attempt::table.find(keys.0.hash()).filter(openid_attempt::expires_at.gt(now));
    diesel::delete(open).returning((openid_attempt::account_id, openid_attempt::next)).get_result(conn).optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_tells_nothing_of_the_rest() {
        let keys = Keys(LinkToken::random());
        let all = [keys.state(), keys.nonce(), keys.proof(), keys.0.text().to_owned()];
        assert!(all.iter().enumerate().all(|(place, one)| !all[place + 1..].contains(one)));
        // as long as PKCE wants it
        assert_eq!(keys.proof().len(), 43);
        assert!(
            keys.is_state(&all[0]) && !keys.is_state(&all[1]) && !keys.is_state("") && !keys.is_state(&all[0][1..])
        );
        assert!(!Keys(LinkToken::random()).is_state(&all[0]));
    }
}

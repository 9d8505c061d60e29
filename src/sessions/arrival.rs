//! What happens when someone has proved who they are: the session begins, it is on record, and a browser that was
//! never used before is told by e-mail.

use actix_session::Session;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

use super::{Device, SignedIn};
use crate::Muster;
use crate::accounts::LinkToken;
use crate::accounts::notice::Notice;
use crate::audit::{self, Change, Subject};
use crate::error::AppError;
use crate::schema::{account, known_browser};
use crate::web::cookies;

/// Names this browser among those of an account, for as long as browsers keep a cookie.
const COOKIE: &str = "muster_browser";

/// What a request tells of where someone comes from.
pub struct Origin {
    device: Device,
    browser: LinkToken,
}

impl Origin {
    /// Of this request.
    pub fn of(req: &HttpRequest) -> Self {
        let https = req.app_data::<Data<Muster>>().is_some_and(|muster| muster.config.is_https());
        let known = req.cookie(&cookies::name(COOKIE, https)).and_then(|cookie| LinkToken::read(cookie.value()));
        Self { device: Device::of(req), browser: known.unwrap_or_else(LinkToken::random) }
    }
}

/// Someone who has proved who they are.
pub struct Arrival {
    who: SignedIn,
    /// "password", "password and app", …
    pub(super) how: String,
    origin: Origin,
    organisation: std::sync::Arc<crate::settings::Organisation>,
    now: DateTime<Utc>,
}

impl Arrival {
    /// By this request.
    pub fn new(req: &HttpRequest, muster: &Muster, who: SignedIn, how: &str) -> Self {
        Self::from(Origin::of(req), muster, who, how)
    }

    /// By the request that came from there.
    pub fn from(origin: Origin, muster: &Muster, who: SignedIn, how: &str) -> Self {
        let how = how.to_owned();
        Self { who, how, origin, organisation: muster.organisation.get(), now: muster.clock.now() }
    }

    /// Puts it on record. Last in its transaction.
    pub fn record(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let stamp = account::last_signed_in_at.eq(self.now);
        diesel::update(account::table.find(self.who.id)).set(stamp).execute(conn)?;
        if self.is_new_browser(conn)? {
            let (name, when) = (&self.organisation.name, self.organisation.moment(self.now));
            let notice = Notice::new_browser(name, &self.origin.device.words(), &self.origin.device.address, &when);
            notice.to(&self.who.email, self.now).insert(conn)?;
        }
        let after = json!({ "with": self.how, "browser": self.origin.device.words() });
        let change = Change { action: "signed in", before: None, after: Some(after) };
        let subject = Subject::new("account", self.who.id, self.who.email.clone());
        audit::append(conn, &self.who.actor().from(&self.origin.device.address), self.now, &subject, &change)
    }

    /// Notes the browser; the first one of an account is no news to its owner.
    fn is_new_browser(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let others = known_browser::table.filter(known_browser::account_id.eq(self.who.id));
        let is_first = others.count().get_result::<i64>(conn)? == 0;
        let mine = others.filter(known_browser::browser_hash.eq(self.origin.browser.hash()));
        if diesel::update(mine).set(known_browser::signed_in_at.eq(self.now)).execute(conn)? > 0 {
            return Ok(false);
        }
        let row = (
            known_browser::account_id.eq(self.who.id),
            known_browser::browser_hash.eq(self.origin.browser.hash()),
            known_browser::signed_in_at.eq(self.now),
        );
        diesel::insert_into(known_browser::table).values(row).on_conflict_do_nothing().execute(conn)?;
        Ok(!is_first)
    }

    /// Begins the session and leads on.
    pub fn lead(&self, muster: &Muster, session: &Session, next: &str) -> Result<HttpResponse, AppError> {
        self.who.begin(session, &self.origin.device)?;
        let https = muster.config.is_https();
        let cookie = Cookie::build(cookies::name(COOKIE, https), self.origin.browser.text().to_owned())
            .path("/")
            .http_only(true)
            .secure(https)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(400))
            .finish();
        let mut response = HttpResponse::SeeOther();
        Ok(response.cookie(cookie).insert_header((header::LOCATION, super::new::safe_path(next))).finish())
    }
}

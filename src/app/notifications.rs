//! Profile → **Notifications on this device**: browsers that take notifications for the member.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::error_page::wants_json;
use crate::channels::MessageChannel;
use crate::channels::push::subscription::NewSubscription;
use crate::channels::push::{PushSettings, Subscription, device, settings};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::consent::{ConsentSource, record};
use crate::schema::member;
use crate::serve::Muster;
use crate::sessions::SignedInMember;
use crate::web::throttle::Limit;
use crate::web::{Flash, Form, MemberShell, PageResult, see_other_with};

/// Of one member: a browser renews its own once in a while.
const LIMIT: Limit = Limit { tries: 30, window: Duration::hours(1) };
const PAGE: &str = "/app/profile#notifications";

/// What the browser gave the page, or the service worker.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SubscriptionForm {
    /// Where its push service takes messages.
    pub endpoint: String,
    /// Its public key, base64url.
    pub p256dh: String,
    /// Its secret, base64url.
    pub auth: String,
    /// The endpoint before, where the browser renewed it by itself.
    pub renews: String,
}

/// By the device's own browser, or from the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RemovalForm {
    endpoint: String,
    id: String,
}

/// `GET /app/notifications`: what a script needs to subscribe.
pub async fn show(shell: MemberShell, muster: Data<Muster>) -> PageResult {
    let keys = muster.keys.clone();
    let public_key = muster.db.write(move |conn| settings::public_key(conn, &keys)).await?;
    let body = json!({ "publicKey": public_key, "csrf": shell.csrf() });
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body.to_string()))
}

/// `POST /app/notifications`
pub async fn create(
    (shell, req): (MemberShell, HttpRequest),
    who: SignedInMember,
    db: Db,
    form: Form<SubscriptionForm>,
) -> PageResult {
    let agent = req.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let (device, now) = (device::name(agent), shell.now);
    db.write(move |conn| turn_on(conn, who.id, &form.typed, device, now)).await?;
    told(&req, "Notifications are on. New coupons are announced on this device.")
}

/// Turning it on is agreeing to it; that a browser renews its keys is not.
pub(crate) fn turn_on(
    conn: &mut PgConnection,
    id: MemberId,
    typed: &SubscriptionForm,
    device: String,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if LIMIT.count(conn, &format!("push subscription {id}"), now)? > LIMIT.tries {
        return Err(AppError::TooManyRequests(LIMIT.window.num_seconds()));
    }
    let private = PushSettings::load(conn)?.private_network;
    let new = NewSubscription::parse(&typed.endpoint, &typed.p256dh, &typed.auth, device, private);
    let new = new.map_err(|why| AppError::BadRequest(format!("{why}. Notifications stay off on this device.")))?;
    let consents: bool = member::table.find(id.0).select(member::push_consent).for_no_key_update().first(conn)?;
    if typed.renews.is_empty() {
        if !consents {
            record(conn, id, MessageChannel::Push, true, ConsentSource::App, now)?;
        }
    } else {
        Subscription::remove_endpoint(conn, id, &typed.renews)?;
    }
    Ok(new.store(conn, id, now)?)
}

/// `POST /app/notifications/removal`
pub async fn destroy(req: HttpRequest, who: SignedInMember, db: Db, form: Form<RemovalForm>) -> PageResult {
    let typed = form.typed;
    db.write(move |conn| -> Result<_, AppError> {
        Ok(match typed.id.parse() {
            Ok(id) => Subscription::remove(conn, who.id, id)?,
            Err(_) => Subscription::remove_endpoint(conn, who.id, &typed.endpoint)?,
        })
    })
    .await?;
    told(&req, "This device gets no more notifications.")
}

fn told(req: &HttpRequest, words: &str) -> PageResult {
    if wants_json(req) {
        return Ok(HttpResponse::Ok().content_type("application/json").body(json!({ "message": words }).to_string()));
    }
    see_other_with(PAGE, &Flash::success(words))
}

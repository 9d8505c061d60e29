//! `/c/{token}`: the coupon that an SMS or e-mail links to. Who has the link sees the coupon, and nothing of whom it
//! was sent to.

use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use diesel::prelude::*;
use uuid::Uuid;

use super::coupon::{Coupon, State};
use super::coupons::see;
use super::preview_bot;
use crate::channels::MessageChannel;
use crate::db::Db;
use crate::error::AppError;
use crate::web::{MemberShell, PageResult, show as page};

#[derive(Template)]
#[template(path = "app/coupon_link.html")]
struct CouponLinkPage {
    shell: MemberShell,
    /// None: there is nothing under this link.
    coupon: Option<Coupon>,
    reason: String,
    token: String,
}

/// `GET /c/{token}`; marks the coupon as seen, if a person opens it.
pub async fn show(req: HttpRequest, shell: MemberShell, db: Db, token: Path<String>) -> PageResult {
    let (organisation, now) = (shell.organisation.clone(), shell.now);
    let coupon = match Uuid::try_parse(&token) {
        Ok(token) => {
            db.read(move |conn| -> Result<_, AppError> {
                Ok(Coupon::of_token(conn, token, &organisation, now).optional()?)
            })
            .await?
        }
        Err(_) => None,
    };
    let status = match &coupon {
        None => 404,
        Some(coupon) if coupon.state == State::Withdrawn => 410,
        Some(coupon) => {
            if req.method() == Method::GET && !preview_bot::is_one(&req) {
                see(&db, coupon, now).await?;
            }
            200
        }
    };
    let reason = coupon.as_ref().map(|coupon| coupon.state.reason(&shell.organisation)).unwrap_or_default();
    private(page(&CouponLinkPage { shell, coupon, reason, token: token.into_inner() })?, status)
}

/// Kept out of search engines, and the token out of what other sites are told.
pub(super) fn private(mut response: HttpResponse, status: u16) -> PageResult {
    *response.status_mut() = actix_web::http::StatusCode::from_u16(status).map_err(AppError::internal)?;
    for (name, value) in [("referrer-policy", "no-referrer"), ("x-robots-tag", "noindex, nofollow")] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Ok(response)
}

impl CouponLinkPage {
    /// "SMS" or "e-mails", where such messages can be ended.
    fn messages(&self) -> &'static str {
        match self.coupon.as_ref().and_then(|coupon| coupon.messages) {
            Some(MessageChannel::Sms) => "SMS",
            Some(MessageChannel::Email) => "e-mails",
            _ => "",
        }
    }
}

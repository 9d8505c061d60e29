//! `/c/{token}`: the coupon that an SMS or e-mail links to. Who has the link sees the coupon, and nothing of whom it
//! was sent to.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use uuid::Uuid;

use super::coupon::{Coupon, State};
use super::coupons::see;
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
}

/// `GET /c/{token}`
pub async fn show(shell: MemberShell, db: Db, token: Path<String>) -> PageResult {
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
            see(&db, coupon, now).await?;
            200
        }
    };
    let reason = coupon.as_ref().map(|coupon| coupon.state.reason(&shell.organisation)).unwrap_or_default();
    private(page(&CouponLinkPage { shell, coupon, reason })?, status)
}

/// Kept out of search engines, and the token out of what other sites are told.
pub(super) fn private(mut response: HttpResponse, status: u16) -> PageResult {
    *response.status_mut() = actix_web::http::StatusCode::from_u16(status).map_err(AppError::internal)?;
    for (name, value) in [("referrer-policy", "no-referrer"), ("x-robots-tag", "noindex, nofollow")] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Ok(response)
}

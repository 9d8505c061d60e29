//! **Coupons**: what the member holds.

use actix_web::web::Path;
use askama::Template;

use super::coupon::Coupon;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::sessions::SignedInMember;
use crate::web::{MemberShell, PageResult, show as page};

#[derive(Template)]
#[template(path = "app/coupons.html")]
struct CouponsPage {
    shell: MemberShell,
    current: Vec<Coupon>,
    past: Vec<Coupon>,
}

#[derive(Template)]
#[template(path = "app/coupon.html")]
struct CouponPage {
    shell: MemberShell,
    coupon: Coupon,
    reason: String,
}

/// `GET /app/coupons`
pub async fn index(shell: MemberShell, who: SignedInMember, db: Db) -> PageResult {
    let (organisation, now) = (shell.organisation.clone(), shell.now);
    let held = db.read(move |conn| -> Result<_, AppError> { Ok(Coupon::held(conn, who.id, &organisation, now)?) });
    let (past, current) = held.await?.into_iter().partition(|coupon| coupon.state.is_past());
    page(&CouponsPage { shell, current, past })
}

/// `GET /app/coupons/{campaign}`
pub async fn show(shell: MemberShell, who: SignedInMember, db: Db, campaign: Path<CampaignId>) -> PageResult {
    let (organisation, now, campaign) = (shell.organisation.clone(), shell.now, campaign.into_inner());
    let coupon: Coupon = db
        .read(move |conn| -> Result<_, AppError> { Ok(Coupon::of_member(conn, who.id, campaign, &organisation, now)?) })
        .await?;
    see(&db, &coupon, now).await?;
    let reason = coupon.state.reason(&shell.organisation);
    page(&CouponPage { shell, coupon, reason })
}

/// Marks a coupon as seen, when it is opened for the first time.
pub(super) async fn see(db: &Db, coupon: &Coupon, now: chrono::DateTime<chrono::Utc>) -> Result<(), AppError> {
    if coupon.seen {
        return Ok(());
    }
    let (member, campaign) = (coupon.member, coupon.campaign);
    db.write(move |conn| -> Result<_, AppError> { Ok(Coupon::mark_seen(conn, member, campaign, now)?) }).await
}

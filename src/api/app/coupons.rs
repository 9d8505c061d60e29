//! `/coupons`: what the member holds.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::coupon_json::HeldCouponJson;
use super::member::AppMember;
use crate::api::{ApiResult, Call, bad_limit};
use crate::app::coupon::Coupon;
use crate::ids::CampaignId;

/// Coupons of a page, where nothing else is asked for.
const PAGE: usize = 50;
/// At most.
const MOST: usize = 200;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CouponQuery {
    /// `next` of the page before.
    #[param(example = "17")]
    after: Option<i64>,
    /// Coupons of a page; 50.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<usize>,
}

/// A page of coupons.
#[derive(Debug, Serialize, ToSchema)]
pub struct CouponsJson {
    /// Those that end first come first.
    coupons: Vec<HeldCouponJson>,
    /// For `after` of the next page; null: this is the last.
    next: Option<i64>,
}

/// Lists the coupons.
///
/// What the member holds: running or paused, not withdrawn, not expired.
#[utoipa::path(get, path = "/api/app/v1/coupons", tag = "App: codes and coupons", operation_id = "listCoupons",
    params(CouponQuery), responses((status = 200, description = "A page", body = CouponsJson)), security(("token" = [])))]
pub async fn index(call: Call<AppMember>, query: Query<CouponQuery>) -> ApiResult {
    let CouponQuery { after, limit } = query.into_inner();
    let limit = limit.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) {
        return Err(bad_limit(MOST));
    }
    call.read(move |conn, asked| {
        let held = Coupon::held(conn, asked.who.id, &asked.organisation, asked.now)?;
        let from = after.map_or(0, |after| {
            held.iter().position(|coupon| coupon.campaign.0 == after).map_or(held.len(), |place| place + 1)
        });
        let page = held.iter().skip(from).take(limit);
        let coupons: Vec<_> = page.map(|coupon| HeldCouponJson::of(coupon, &asked.organisation)).collect();
        let next = coupons.last().filter(|_| from + coupons.len() < held.len()).map(HeldCouponJson::key);
        Ok(CouponsJson { next, coupons })
    })
    .await
}

/// Shows a coupon.
///
/// What the member was issued of this campaign, whatever became of it.
#[utoipa::path(get, path = "/api/app/v1/coupons/{campaign}", tag = "App: codes and coupons", operation_id = "showCoupon",
    params(("campaign" = i64, Path, description = "Key of the campaign", example = 17)),
    responses(
        (status = 200, description = "The coupon", body = HeldCouponJson),
        (status = 404, description = "`not_found`"),
    ), security(("token" = [])))]
pub async fn show(call: Call<AppMember>, campaign: Path<i64>) -> ApiResult {
    let id = CampaignId(*campaign);
    call.read(move |conn, asked| {
        let coupon = Coupon::of_member(conn, asked.who.id, id, &asked.organisation, asked.now)?;
        Ok(HeldCouponJson::of(&coupon, &asked.organisation))
    })
    .await
}

/// Notes that a coupon was seen.
///
/// When the member opened it for the first time.
#[utoipa::path(put, path = "/api/app/v1/coupons/{campaign}/seen", tag = "App: codes and coupons", operation_id = "markSeen",
    params(("campaign" = i64, Path, description = "Key of the campaign", example = 17)),
    responses((status = 204, description = "Noted"), (status = 404, description = "`not_found`")),
    security(("token" = [])))]
pub async fn see(call: Call<AppMember>, campaign: Path<i64>) -> ApiResult {
    let id = CampaignId(*campaign);
    call.write(move |conn, asked| {
        let coupon = Coupon::of_member(conn, asked.who.id, id, &asked.organisation, asked.now)?;
        if !coupon.seen {
            Coupon::mark_seen(conn, asked.who.id, id, asked.now)?;
        }
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

//! `POST /lookups`: what a scanned text stands for.

use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::Call;
use super::coupon_json::{CouponJson, MemberJson};
use super::names;
use crate::api::idempotency::Answer;
use crate::api::{ApiError, ApiResult, Json, Problem};
use crate::tills::{self, Found};

/// What was scanned.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLookup {
    /// A coupon's code, or a member's card. Case, spaces and dashes do not count.
    #[schema(max_length = 200, example = "cafe-7k2m-9p")]
    code: String,
    /// How the till calls itself, for the records.
    #[schema(max_length = 80, example = "Till 3")]
    #[serde(default)]
    till: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LookupJson {
    /// Whose card or code it is; null: nobody knows.
    member: Option<MemberJson>,
    /// What may be used here and now: of a code one, of a card all, those that end first before.
    coupons: Vec<CouponJson>,
}

/// Looks up a code or a member's card.
///
/// Of a code: the coupon, or why it cannot be used. Of a card: every coupon that its member may use here and now, which
/// may be none. Takes nothing; needs no Idempotency-Key.
#[utoipa::path(post, path = "/api/pos/v1/lookups", tag = "Tills", operation_id = "lookUp", request_body = NewLookup,
    responses(
        (status = 200, description = "What may be used", body = LookupJson),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `shop_not_allowed`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`code_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`campaign_not_active`, `not_a_receiver`, `code_used_up`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn create(call: Call, Json { sent, .. }: Json<NewLookup>) -> ApiResult {
    let mut wrong = Vec::new();
    let (code, till) = (names::code("code", sent.code, &mut wrong), names::till(sent.till, &mut wrong));
    if !wrong.is_empty() {
        return Err(ApiError::invalid(wrong));
    }
    call.each_time(till, move |conn, till| {
        let currency = till.organisation.currency.clone();
        tills::look_up(conn, till, &code)?
            .map(|found| Answer::json(StatusCode::OK, &LookupJson::of(&found, &currency)))
            .map_or_else(|refused| Ok(Err(refused)), |answer| answer.map(Ok))
    })
    .await
}

impl LookupJson {
    fn of(found: &Found, currency: &str) -> Self {
        Self {
            member: found.member.clone().map(|(number, name)| MemberJson { number, name }),
            coupons: found.coupons.iter().map(|coupon| CouponJson::of(coupon, currency)).collect(),
        }
    }
}

//! `/validations`: a code is used in one call; and taken back.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, Outcome};
use super::coupon_json::CouponJson;
use super::names;
use super::reservations::{AtTill, at_till};
use crate::api::idempotency::Answer;
use crate::api::{ApiError, ApiResult, Json, OptionalJson, Problem};
use crate::settings::Organisation;
use crate::tills::{self, Refused, Till, Validated, Wanted};

/// A code to use.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValidation {
    /// Case, spaces and dashes do not count.
    #[schema(max_length = 200, example = "CAFE-7K2M-9P")]
    code: String,
    /// The member's card, where it was shown: for codes that many may use.
    #[schema(max_length = 200, example = "7KQM2WXR9TBA3HNP")]
    #[serde(default)]
    member_card: Option<String>,
    /// How the till calls itself, for the records.
    #[schema(max_length = 80, example = "Till 3")]
    #[serde(default)]
    till: Option<String>,
}

/// A use of a code.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ValidationJson {
    /// Key, to reverse it by.
    #[schema(example = 90210)]
    id: i64,
    /// When.
    at: DateTime<Utc>,
    /// It can be reversed until then.
    reversible_until: DateTime<Utc>,
    /// When it was taken back.
    reversed_at: Option<DateTime<Utc>>,
    /// What was used.
    coupon: CouponJson,
}

impl ValidationJson {
    fn of(validated: &Validated, organisation: &Organisation) -> Self {
        Self {
            id: validated.id,
            at: validated.at,
            reversible_until: validated.at + Duration::minutes(organisation.reversal_minutes.into()),
            reversed_at: validated.reversed_at,
            coupon: CouponJson::of(&validated.coupon, &organisation.currency),
        }
    }
}

fn answer(status: StatusCode, validated: Result<Validated, Refused>, till: &Till) -> Outcome {
    match validated {
        Ok(validated) => Answer::json(status, &ValidationJson::of(&validated, &till.organisation)).map(Ok),
        // there is one code only, so it needs no place
        Err(refused) => Ok(Err(Refused { place: None, ..refused })),
    }
}

/// Validates a code in one call.
///
/// One use is taken at once. Send an Idempotency-Key: a request that is sent again after a broken connection then never
/// takes a second use.
#[utoipa::path(post, path = "/api/pos/v1/validations", tag = "Tills", operation_id = "validate",
    request_body = NewValidation,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request gets the same answer for 24 hours, and nothing is done twice", example = "sale-4711-coupon-1")),
    responses(
        (status = 201, description = "Validated", body = ValidationJson),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `shop_not_allowed`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`code_unknown`, `member_card_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`campaign_not_active`, `not_a_receiver`, `code_used_up`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid`, `idempotency_key_reused`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn create(call: Call, Json { sent, bytes }: Json<NewValidation>) -> ApiResult {
    let mut wrong = Vec::new();
    let code = names::code("code", sent.code, &mut wrong);
    let card = sent.member_card.map(|card| names::code("member_card", card, &mut wrong));
    let till = names::till(sent.till, &mut wrong);
    if !wrong.is_empty() {
        return Err(ApiError::invalid(wrong));
    }
    let wanted = Wanted { codes: vec![code], card };
    call.once(&bytes, till, move |conn, till| answer(StatusCode::CREATED, tills::validate(conn, till, &wanted)?, till))
        .await
}

/// Reverses a validation.
///
/// Its use is there again. Works for as long as Settings → General says (15 minutes at first), for validations of this
/// key or of another key of the same shop.
#[utoipa::path(post, path = "/api/pos/v1/validations/{id}/reversal", tag = "Tills", operation_id = "reverse",
    request_body = Option<AtTill>,
    params(
        ("id" = i64, Path, description = "Of the validation", example = 90210),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request gets the same answer for 24 hours, and nothing is done twice", example = "sale-4711-reverse")),
    responses(
        (status = 200, description = "Reversed", body = ValidationJson),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`already_reversed`, `reversal_too_late`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid`, `idempotency_key_reused`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn reverse(call: Call, id: Path<i64>, OptionalJson { sent, bytes }: OptionalJson<AtTill>) -> ApiResult {
    let (id, till) = (*id, at_till(sent)?);
    call.once(&bytes, till, move |conn, till| answer(StatusCode::OK, tills::reverse(conn, till, id)?, till)).await
}

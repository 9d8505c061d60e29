//! `/reservations`: uses are held for the time of a sale, then validated or cancelled.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::call::{Call, Outcome};
use super::names::{self, MOST_CODES};
use super::reservation_json::ReservationJson;
use crate::api::FieldProblem;
use crate::api::idempotency::Answer;
use crate::api::{ApiError, ApiResult, Json, OptionalJson, Problem};
use crate::codes::text::CodeText;
use crate::tills::{self, Basket, Refused, Till, TillRefusal, Wanted};

/// Codes to hold.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReservation {
    /// One or several, no two alike: all of them are held, or none.
    #[schema(min_items = 1, max_items = 20, example = json!(["CAFE-7K2M-9P"]))]
    codes: Vec<String>,
    /// The member's card, where it was shown: for codes that many may use.
    #[schema(max_length = 200, example = "7KQM2WXR9TBA3HNP")]
    #[serde(default)]
    member_card: Option<String>,
    /// How the till calls itself, for the records.
    #[schema(max_length = 80, example = "Till 3")]
    #[serde(default)]
    till: Option<String>,
}

/// Which till.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AtTill {
    /// How the till calls itself, for the records.
    #[schema(max_length = 80, example = "Till 3")]
    #[serde(default)]
    till: Option<String>,
}

impl NewReservation {
    fn parse(self) -> Result<(Wanted, String), ApiError> {
        let mut wrong = Vec::new();
        if self.codes.is_empty() || self.codes.len() > MOST_CODES {
            wrong.push(FieldProblem::new("codes", format!("Send 1 to {MOST_CODES} codes.")));
        }
        let mut seen = BTreeSet::new();
        for (place, code) in self.codes.iter().enumerate().take(MOST_CODES) {
            let field = format!("codes/{place}");
            names::code(&field, code.clone(), &mut wrong);
            let text = CodeText::parse(code).map_or_else(|_| code.clone(), CodeText::into_string);
            if !seen.insert(text) {
                wrong.push(FieldProblem::new(field, "Send each code once."));
            }
        }
        let card = self.member_card.map(|card| names::code("member_card", card, &mut wrong));
        let till = names::till(self.till, &mut wrong);
        if wrong.is_empty() { Ok((Wanted { codes: self.codes, card }, till)) } else { Err(ApiError::invalid(wrong)) }
    }
}

pub(super) fn at_till(sent: AtTill) -> Result<String, ApiError> {
    let mut wrong = Vec::new();
    let till = names::till(sent.till, &mut wrong);
    if wrong.is_empty() { Ok(till) } else { Err(ApiError::invalid(wrong)) }
}

fn answer(status: StatusCode, basket: Result<Basket, Refused>, till: &Till) -> Outcome {
    match basket {
        Ok(basket) => Answer::json(status, &ReservationJson::of(&basket, &till.organisation, till.now)).map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// Reserves codes.
///
/// One use of each is taken and held for 15 minutes; then it goes back by itself. Validate the reservation when the sale
/// is paid, or cancel it. Where one code is refused, none is held, and `errors` says which it was.
#[utoipa::path(post, path = "/api/pos/v1/reservations", tag = "Tills", operation_id = "reserve",
    request_body = NewReservation,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request gets the same answer for 24 hours, and nothing is done twice", example = "sale-4711-reserve")),
    responses(
        (status = 201, description = "Reserved", body = ReservationJson),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `shop_not_allowed`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`code_unknown`, `member_card_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`campaign_not_active`, `not_a_receiver`, `code_used_up`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid`, `idempotency_key_reused`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn create(call: Call, Json { sent, bytes }: Json<NewReservation>) -> ApiResult {
    let (wanted, till) = sent.parse()?;
    call.once(&bytes, till, move |conn, till| answer(StatusCode::CREATED, tills::reserve(conn, till, &wanted)?, till))
        .await
}

/// Shows a reservation.
///
/// Of this key, or of another key of the same shop.
#[utoipa::path(get, path = "/api/pos/v1/reservations/{id}", tag = "Tills", operation_id = "showReservation",
    params(("id" = Uuid, Path, description = "Of the reservation", example = "0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f")),
    responses(
        (status = 200, description = "How it stands", body = ReservationJson),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn show(call: Call, id: Path<Uuid>) -> ApiResult {
    let id = *id;
    call.read(move |conn, till| {
        let basket = tills::find(conn, till, id)?.ok_or_else(|| TillRefusal::NotFound.into());
        answer(StatusCode::OK, basket, till)
    })
    .await
}

/// Validates a reservation.
///
/// What was held is used. It works until the reservation ends, after the campaign's end and hours too; but not once the
/// campaign was paused or cancelled, the member blocked or the coupon withdrawn.
#[utoipa::path(post, path = "/api/pos/v1/reservations/{id}/validation", tag = "Tills", operation_id = "validateReservation",
    request_body = Option<AtTill>,
    params(
        ("id" = Uuid, Path, description = "Of the reservation", example = "0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request gets the same answer for 24 hours, and nothing is done twice", example = "sale-4711-validate")),
    responses(
        (status = 201, description = "Validated", body = ReservationJson),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`reservation_ended`, `reservation_cancelled`, `reservation_validated`, `campaign_not_active`, `not_a_receiver`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid`, `idempotency_key_reused`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn validate(call: Call, id: Path<Uuid>, OptionalJson { sent, bytes }: OptionalJson<AtTill>) -> ApiResult {
    let (id, till) = (*id, at_till(sent)?);
    call.once(&bytes, till, move |conn, till| {
        answer(StatusCode::CREATED, tills::validate_basket(conn, till, id)?, till)
    })
    .await
}

/// Cancels a reservation.
///
/// What was held goes back at once. One that is cancelled or over already stays as it is.
#[utoipa::path(post, path = "/api/pos/v1/reservations/{id}/cancellation", tag = "Tills", operation_id = "cancelReservation",
    request_body = Option<AtTill>,
    params(
        ("id" = Uuid, Path, description = "Of the reservation", example = "0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request gets the same answer for 24 hours, and nothing is done twice", example = "sale-4711-cancel")),
    responses(
        (status = 200, description = "Nothing is held", body = ReservationJson),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`reservation_validated`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid`, `idempotency_key_reused`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn cancel(call: Call, id: Path<Uuid>, OptionalJson { sent, bytes }: OptionalJson<AtTill>) -> ApiResult {
    let (id, till) = (*id, at_till(sent)?);
    call.once(&bytes, till, move |conn, till| answer(StatusCode::OK, tills::cancel(conn, till, id)?, till)).await
}

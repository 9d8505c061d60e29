//! Codes: listed, shown, more of them made.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::idempotency::Answer;
use crate::api::{ApiError, ApiKey, ApiResult, Call, Json, OnceHeader, bad_limit, invalid};
use crate::codes::counts::Orders;
use crate::codes::list::{CodeFilter, CodeRow};
use crate::codes::new::{MOST, order};
use crate::codes::owner::CodeOwner;
use crate::codes::state::CodeState;
use crate::codes::text::CodeText;
use crate::ids::CampaignId;
use crate::schema::code;

/// Rows of a page at most.
const PAGE: usize = 1_000;

/// Which codes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CodeQuery {
    /// unused, handed-out, used; left out: all.
    #[param(example = "unused")]
    state: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page; 1,000.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<usize>,
}

/// A code.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeCodeJson {
    /// As stored: capitals and digits.
    #[schema(example = "CAFE7K2M9P")]
    code: String,
    /// Key of its campaign.
    #[schema(value_type = i64, example = 17)]
    campaign: CampaignId,
    /// unused, handed-out, used.
    #[schema(example = "unused")]
    state: &'static str,
    /// Uses in all; null: any number.
    #[schema(example = 1)]
    uses_allowed: Option<i32>,
    /// Uses taken.
    #[schema(example = 0)]
    uses_taken: i32,
    /// Member number of whose it is; null: nobody’s.
    #[schema(example = 2654435761_i64)]
    member: Option<i64>,
}

/// A page of codes.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeCodesJson {
    /// In the order of their texts.
    codes: Vec<OfficeCodeJson>,
    /// For `after` of the next page; null: this is the last.
    next: Option<String>,
}

/// How many more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCodes {
    /// One use each.
    #[schema(minimum = 1, maximum = 5_000_000, example = 500)]
    count: i32,
}

/// Codes of a campaign, made and ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeOrdersJson {
    /// Ordered in all.
    #[schema(example = 1500)]
    ordered: i64,
    /// Of those, made.
    #[schema(example = 1500)]
    made: i64,
}

impl OfficeCodeJson {
    fn of(row: &CodeRow, campaign: CampaignId) -> Self {
        Self {
            code: row.text.clone(),
            campaign,
            state: row.state().key(),
            uses_allowed: row.uses_allowed,
            uses_taken: row.uses_taken,
            member: row.number,
        }
    }
}

/// Lists a campaign’s codes.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/codes", tag = "Office: campaigns and codes",
    operation_id = "listCodes",
    params(("campaign" = i64, Path, description = "Key of the campaign", example = 17), CodeQuery),
    responses((status = 200, description = "A page", body = OfficeCodesJson), (status = 404, description = "`not_found`")),
    security(("key" = [])))]
pub async fn index(call: Call<ApiKey>, campaign: Path<i64>, query: Query<CodeQuery>) -> ApiResult {
    let (id, query) = (CampaignId(*campaign), query.into_inner());
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(bad_limit(PAGE));
    }
    let unknown = || ApiError::bad_request("A state is unused, handed-out or used.");
    let state = query.state.map(|state| CodeState::parse(&state).ok_or_else(unknown)).transpose()?;
    let after = query.after.map(|after| CodeText::parse(&after).map(CodeText::into_string)).transpose();
    let after = after.map_err(|_| ApiError::bad_request("This is not the next of a page."))?.unwrap_or_default();
    let filter = CodeFilter { campaign: id, begins: None, state };
    call.read(move |conn, _| {
        CodeOwner::find(conn, id)?;
        let mut rows = filter.rows(conn, &after, false, limit + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.text.clone());
        Ok(OfficeCodesJson { codes: rows.iter().map(|row| OfficeCodeJson::of(row, id)).collect(), next })
    })
    .await
}

/// Shows a code.
#[utoipa::path(get, path = "/api/v1/codes/{code}", tag = "Office: campaigns and codes", operation_id = "showCode",
    params(("code" = String, Path, description = "Case, spaces and dashes do not count", example = "CAFE-7K2M-9P")),
    responses((status = 200, description = "The code", body = OfficeCodeJson), (status = 404, description = "`not_found`")),
    security(("key" = [])))]
pub async fn show(call: Call<ApiKey>, text: Path<String>) -> ApiResult {
    let text = CodeText::parse(&text).map_err(|_| ApiError::not_found())?;
    call.read(move |conn, _| {
        let campaign = code::table.find(text.as_str()).select(code::campaign_id).first(conn).map(CampaignId)?;
        Ok(OfficeCodeJson::of(&CodeRow::find(conn, campaign, &text)?, campaign))
    })
    .await
}

/// Makes more codes.
///
/// For a published campaign of many codes. Up to 10,000 are there at once, more are made by the worker. Send an
/// Idempotency-Key, so that the same order is not taken twice.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/codes", tag = "Office: campaigns and codes",
    operation_id = "makeCodes", request_body = NewCodes,
    params(("campaign" = i64, Path, description = "Key of the campaign", example = 17), OnceHeader),
    responses(
        (status = 202, description = "Ordered", body = CodeOrdersJson),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`codes_not_made`"),
    ), security(("key" = [])))]
pub async fn create(call: Call<ApiKey>, campaign: Path<i64>, Json { sent, bytes }: Json<NewCodes>) -> ApiResult {
    let (id, count) = (CampaignId(*campaign), sent.count);
    if !(1..=MOST).contains(&count) {
        return Err(invalid("count", "Enter a number from 1 to 5,000,000"));
    }
    call.once(&bytes, move |conn, asked| {
        let owner = CodeOwner::find(conn, id)?;
        if !owner.takes_more() {
            return Answer::problem(&takes_no_more());
        }
        let actor = asked.who.actor(&asked.address);
        order(conn, &owner, count, None, &actor, asked.now)?;
        let orders = Orders::of(conn, id)?;
        Answer::json(StatusCode::ACCEPTED, &CodeOrdersJson { ordered: orders.requested, made: orders.made })
    })
    .await
}

fn takes_no_more() -> ApiError {
    let detail = "Only a published campaign with many codes, that is not cancelled, takes more.";
    ApiError::new(StatusCode::CONFLICT, "codes_not_made", "No codes were made", detail)
}

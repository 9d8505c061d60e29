//! `POST /campaigns/{campaign}/deliveries`: one campaign for one member.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::member_ref::MemberRef;
use crate::api::idempotency::Answer;
use crate::api::{ApiError, ApiKey, ApiResult, Call, Json, OnceHeader};
use crate::audit::{self, Change, Subject};
use crate::campaigns::Campaign;
use crate::deliveries::one::{Issued, issue_to};
use crate::ids::CampaignId;
use crate::members::Member;

/// For whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelivery {
    /// Member number, ext:EXTERNAL-ID, phone number with + and country code, or e-mail address.
    #[schema(max_length = 300, example = "ext:CRM-17")]
    member: String,
}

/// What the member has of the campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryJson {
    /// Key of the campaign.
    #[schema(value_type = i64, example = 17)]
    campaign: CampaignId,
    /// Member number.
    #[schema(example = 2654435761_i64)]
    member: i64,
    /// issued, queued, sent, accepted, seen, validated, skipped, failed, bounced, uncertain, withdrawn, expired.
    #[schema(example = "issued")]
    state: &'static str,
    /// Of skipped: blocked, no_address, no_consent, unsubscribed, no_code, quiet, too_late, late.
    #[schema(example = json!(null))]
    skipped: Option<&'static str>,
    /// Their code.
    #[schema(example = "CAFE7K2M9P")]
    code: Option<String>,
    /// When it was decided.
    issued_at: DateTime<Utc>,
    /// When it expires; null: with the campaign.
    expires_at: Option<DateTime<Utc>>,
}

impl DeliveryJson {
    fn of(issued: Issued, campaign: CampaignId, member: i64) -> Self {
        Self {
            campaign,
            member,
            state: issued.state.key(),
            skipped: issued.skipped.map(crate::deliveries::Skip::key),
            code: issued.code,
            issued_at: issued.issued_at,
            expires_at: issued.expires_at,
        }
    }
}

/// Issues a campaign to one member.
///
/// Whether or not they are among its receivers. A member has a campaign once: who has it is answered with what they have.
/// Who cannot get it (blocked, no consent or address for its channel, no code left) is skipped, and the answer says why.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/deliveries", tag = "Office: campaigns and codes",
    operation_id = "issueCampaign", request_body = NewDelivery,
    params(("campaign" = i64, Path, description = "Key of the campaign", example = 17), OnceHeader),
    responses(
        (status = 200, description = "They had it already, or were skipped", body = DeliveryJson),
        (status = 201, description = "Issued", body = DeliveryJson),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`campaign_not_active`"),
    ), security(("key" = [])))]
pub async fn create(call: Call<ApiKey>, campaign: Path<i64>, Json { sent, bytes }: Json<NewDelivery>) -> ApiResult {
    let (id, member) = (CampaignId(*campaign), MemberRef::of_field("member", &sent.member)?);
    call.once(&bytes, move |conn, asked| {
        let member = member.find(conn)?.ok_or_else(ApiError::not_found)?;
        let issued = match issue_to(conn, id, member, asked.now)? {
            Ok(issued) => issued,
            Err(why) => return Answer::problem(&not_active(why)),
        };
        let Member { number, name, .. } = Member::find(conn, member)?;
        let status = if issued.is_new { StatusCode::CREATED } else { StatusCode::OK };
        if issued.is_new {
            let campaign = Campaign::find(conn, id)?;
            let after = json!({ "campaign": id, "name": campaign.name() });
            let change = Change { action: "campaign issued", before: None, after: Some(after) };
            let subject = Subject::new("member", member, name);
            audit::append(conn, &asked.who.actor(&asked.address), asked.now, &subject, &change)?;
        }
        Answer::json(status, &DeliveryJson::of(issued, id, number))
    })
    .await
}

fn not_active(why: String) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, "campaign_not_active", "Nothing can be issued now", why)
}

//! `POST /codes`: **I have a code**.

use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member::AppMember;
use crate::api::idempotency::Answer;
use crate::api::{ApiError, ApiResult, Call, Json, OnceHeader, invalid};
use crate::ids::{CampaignId, GroupId};
use crate::memberships::{Entry, Refusal, enter};
use crate::settings::Organisation;

/// A code, as typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCodeUse {
    /// Case, spaces and dashes do not count.
    #[schema(max_length = 200, example = "barista-24")]
    code: String,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeUseJson {
    /// Whether a use was taken.
    outcome: OutcomeJson,
    /// Of this campaign; null: nothing was used.
    campaign: Option<UsedCampaignJson>,
    /// The group that the member is in now by it.
    group: Option<JoinedGroupJson>,
}

/// Whether a use was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeJson {
    /// One use is taken.
    Used,
    /// The member is in the group already; nothing was used up.
    AlreadyMember,
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedCampaignJson {
    /// Key.
    #[schema(value_type = i64, example = 17)]
    id: CampaignId,
    /// As members see it.
    #[schema(example = "Barista course")]
    title: String,
}

/// A group.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedGroupJson {
    /// Key; null where the member was in already.
    #[schema(value_type = Option<i64>, example = 7)]
    id: Option<GroupId>,
    /// Name.
    #[schema(example = "Baristas")]
    name: String,
}

/// Enters a code.
///
/// One use is taken, and the group that joins by it is joined. Send an Idempotency-Key: a request that is sent again after
/// a broken connection then never takes a second use.
#[utoipa::path(post, path = "/api/app/v1/codes", tag = "App: codes and coupons", operation_id = "enterCode",
    request_body = NewCodeUse, params(OnceHeader),
    responses(
        (status = 200, description = "Taken, or the member was in already", body = CodeUseJson),
        (status = 404, description = "`code_unknown`"),
        (status = 409, description = "`in_app_validation_not_allowed`, `campaign_not_active`, `group_not_active`, `not_a_receiver`, `code_used_up`"),
        (status = 429, description = "`too_many_attempts`"),
    ), security(("token" = [])))]
pub async fn create(call: Call<AppMember>, Json { sent, bytes }: Json<NewCodeUse>) -> ApiResult {
    if sent.code.trim().is_empty() {
        return Err(invalid("code", "Enter the code."));
    }
    call.once(&bytes, move |conn, asked| match enter(conn, asked.who.id, &sent.code, &asked.address, asked.now)? {
        Entry::Refused(refusal) => Answer::problem(&problem(&refusal, &asked.organisation)),
        done => Answer::json(StatusCode::OK, &CodeUseJson::of(done)),
    })
    .await
}

impl CodeUseJson {
    fn of(entry: Entry) -> Self {
        match entry {
            Entry::Used { campaign, title, group } => Self {
                outcome: OutcomeJson::Used,
                campaign: Some(UsedCampaignJson { id: campaign, title }),
                group: group.map(|(id, name)| JoinedGroupJson { id: Some(id), name }),
            },
            Entry::AlreadyMember { group: name } => Self {
                outcome: OutcomeJson::AlreadyMember,
                campaign: None,
                group: Some(JoinedGroupJson { id: None, name }),
            },
            Entry::Refused(_) => Self { outcome: OutcomeJson::AlreadyMember, campaign: None, group: None },
        }
    }
}

fn problem(refusal: &Refusal, organisation: &Organisation) -> ApiError {
    let sentence = refusal.sentence(organisation);
    if let Refusal::TooManyAttempts { wait } = refusal {
        return ApiError::too_many(refusal.code(), sentence, *wait);
    }
    let status = if *refusal == Refusal::CodeUnknown { StatusCode::NOT_FOUND } else { StatusCode::CONFLICT };
    ApiError::new(status, refusal.code(), "The code was not taken", sentence)
}

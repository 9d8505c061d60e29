//! `/campaigns`: read only; staff make them.

use actix_web::web::Query;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::groups::PageQuery;
use crate::api::{ApiKey, ApiResult, Call};
use crate::campaigns::Campaign;
use crate::ids::CampaignId;
use crate::schema::campaign;

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeCampaignJson {
    /// Key.
    #[schema(value_type = i64, example = 17)]
    id: CampaignId,
    /// As staff call it.
    #[schema(example = "Winter 2026")]
    name: String,
    /// As members see it.
    #[schema(example = "Free coffee")]
    title: String,
    /// app, sms, email, code.
    #[schema(example = "app")]
    channel: &'static str,
    /// draft, scheduled, live, paused, ended, cancelled.
    #[schema(example = "live")]
    status: &'static str,
    /// From.
    starts_at: Option<DateTime<Utc>>,
    /// The first moment after it.
    ends_at: Option<DateTime<Utc>>,
}

/// A page of campaigns.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeCampaignsJson {
    /// In the order of their keys.
    campaigns: Vec<OfficeCampaignJson>,
    /// For `after` of the next page; null: this is the last.
    next: Option<i64>,
}

/// Lists campaigns.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "Office: campaigns and codes", operation_id = "listCampaigns",
    params(PageQuery), responses((status = 200, description = "A page", body = OfficeCampaignsJson)), security(("key" = [])))]
pub async fn index(call: Call<ApiKey>, query: Query<PageQuery>) -> ApiResult {
    let (after, limit) = query.read()?;
    call.read(move |conn, asked| {
        let mut found: Vec<Campaign> = campaign::table
            .filter(campaign::id.gt(after))
            .order(campaign::id)
            .limit(i64::try_from(limit + 1).unwrap_or(i64::MAX))
            .select(Campaign::as_select())
            .load(conn)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|campaign| campaign.id.0);
        Ok(OfficeCampaignsJson { campaigns: found.iter().map(|found| json(found, asked.now)).collect(), next })
    })
    .await
}

fn json(campaign: &Campaign, now: DateTime<Utc>) -> OfficeCampaignJson {
    OfficeCampaignJson {
        id: campaign.id,
        name: campaign.name().to_owned(),
        title: campaign.content.title.clone(),
        channel: campaign.channel().key(),
        status: campaign.status(now).key(),
        starts_at: campaign.times.starts_at,
        ends_at: campaign.times.ends_at,
    }
}

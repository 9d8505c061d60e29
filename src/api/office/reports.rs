//! `/reports`: members of a group, deliveries of a campaign, validations.

use actix_web::web::{Path, Query};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::delivery_report::DeliveryReport;
use super::group_report::GroupReport;
use super::report::{self, Format};
use super::validation_report::ValidationReport;
use crate::api::{ApiKey, ApiResult, Call};
use crate::audit::{self, Change, Subject};
use crate::campaigns::Campaign;
use crate::groups::MemberGroup;
use crate::ids::{CampaignId, GroupId};

/// How to write it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct FormatQuery {
    /// ndjson, if left out.
    #[param(inline)]
    format: Format,
}

/// Who was in, and how to write it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct GroupReportQuery {
    /// ndjson, if left out.
    #[param(inline)]
    format: Format,
    /// A past moment; left out: now.
    #[param(example = "2026-11-01T00:00:00Z")]
    at: Option<DateTime<Utc>>,
}

/// Which validations, and how to write them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ValidationReportQuery {
    /// ndjson, if left out.
    #[param(inline)]
    format: Format,
    /// Of this campaign only.
    campaign: Option<i64>,
    /// From this moment.
    #[param(example = "2026-11-01T00:00:00Z")]
    from: Option<DateTime<Utc>>,
    /// Before this moment.
    #[param(example = "2026-12-01T00:00:00Z")]
    until: Option<DateTime<Utc>>,
}

/// Streams a group’s members.
///
/// Who is in now, or was at a past moment, in the order of their keys.
#[utoipa::path(get, path = "/api/v1/reports/groups/{group}/members", tag = "Office: reports",
    operation_id = "reportGroupMembers",
    params(("group" = i64, Path, description = "Key of the group", example = 7), GroupReportQuery),
    responses(
        (status = 200, description = "One a line: member, name, phone, email, joined_at, how", content((String = "application/x-ndjson"), (String = "text/csv"))),
        (status = 404, description = "`not_found`"),
    ), security(("key" = [])))]
pub async fn group_members(call: Call<ApiKey>, group: Path<i64>, query: Query<GroupReportQuery>) -> ApiResult {
    let (id, GroupReportQuery { format, at }) = (GroupId(*group), query.into_inner());
    tell(&call, json!({ "at": at }), move |conn| Ok(MemberGroup::find(conn, id)?.subject())).await?;
    report::answer(call.muster.db.clone(), GroupReport { group: id, at }, format)
}

/// Streams a campaign’s deliveries.
///
/// Every member about whom it was decided, and where it stands.
#[utoipa::path(get, path = "/api/v1/reports/campaigns/{campaign}/deliveries", tag = "Office: reports",
    operation_id = "reportDeliveries",
    params(("campaign" = i64, Path, description = "Key of the campaign", example = 17), FormatQuery),
    responses(
        (status = 200, description = "One a line: member, name, phone, email, state, reason, since, code", content((String = "application/x-ndjson"), (String = "text/csv"))),
        (status = 404, description = "`not_found`"),
    ), security(("key" = [])))]
pub async fn deliveries(call: Call<ApiKey>, campaign: Path<i64>, query: Query<FormatQuery>) -> ApiResult {
    let id = CampaignId(*campaign);
    let subject = move |conn: &mut PgConnection| {
        let found = Campaign::find(conn, id)?;
        Ok(Subject::new("campaign", id, found.name()))
    };
    tell(&call, json!({}), subject).await?;
    let report = DeliveryReport { campaign: id, now: call.asked().now };
    report::answer(call.muster.db.clone(), report, query.format)
}

/// Streams validations.
///
/// Uses of codes, in the app and at tills, reversed ones too.
#[utoipa::path(get, path = "/api/v1/reports/validations", tag = "Office: reports", operation_id = "reportValidations",
    params(ValidationReportQuery),
    responses((status = 200, description = "One a line: validation, at, campaign, code, member, via, till, shop, reversed_at", content((String = "application/x-ndjson"), (String = "text/csv")))),
    security(("key" = [])))]
pub async fn validations(call: Call<ApiKey>, query: Query<ValidationReportQuery>) -> ApiResult {
    let ValidationReportQuery { format, campaign, from, until } = query.into_inner();
    let what = json!({ "campaign": campaign, "from": from, "until": until });
    tell(&call, what, |_| Ok(Subject::new("report", "validations", "Validations"))).await?;
    report::answer(call.muster.db.clone(), ValidationReport { campaign: campaign.map(CampaignId), from, until }, format)
}

/// Who takes data out is on record.
async fn tell(
    call: &Call<ApiKey>,
    what: serde_json::Value,
    subject: impl FnOnce(&mut PgConnection) -> QueryResult<Subject> + Send + 'static,
) -> Result<(), crate::api::ApiError> {
    call.write(move |conn, asked| {
        let subject = subject(conn)?;
        let change = Change { action: "report exported", before: None, after: Some(what) };
        Ok(audit::append(conn, &asked.who.actor(&asked.address), asked.now, &subject, &change)?)
    })
    .await
}

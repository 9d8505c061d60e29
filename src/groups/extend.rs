//! The campaign that a group joins by is extended to cover the group, after being asked.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use serde_json::json;

use super::coverage_mend::longer_end;
use super::coverage_of::JoinCampaign;
use super::end::NoFields;
use super::{MemberGroup, Trouble};
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::GroupId;
use crate::schema::campaign;
use crate::web::period::last_day_before;
use crate::web::{Flash, Form, PageResult, Shell, see_other, see_other_with, show};

#[derive(Template)]
#[template(path = "groups/extend.html")]
struct ExtendPage {
    shell: Shell,
    group: MemberGroup,
    trouble: Trouble,
    campaign: JoinCampaign,
    until: String,
}

/// A group, its campaign, and the end that would cover the group.
struct Case {
    group: MemberGroup,
    campaign: JoinCampaign,
    end: DateTime<Utc>,
}

impl Case {
    /// None where there is nothing to extend.
    fn find(conn: &mut PgConnection, id: GroupId, now: DateTime<Utc>, zone: Tz) -> QueryResult<Option<Self>> {
        let group = MemberGroup::find(conn, id)?;
        let Some(campaign) = group.campaign_id else { return Ok(None) };
        let campaign = JoinCampaign::find(conn, campaign)?;
        Ok(longer_end(&group, &campaign, now, zone).map(|end| Self { group, campaign, end }))
    }
}

/// `GET /settings/user-groups/{id}/coverage`
pub async fn new(shell: Shell, db: Db, id: Path<GroupId>) -> PageResult {
    let (id, now, zone) = (*id, shell.now, shell.zone());
    let case = db.read(move |conn| -> Result<_, AppError> { Ok(Case::find(conn, id, now, zone)?) }).await?;
    let Some((case, trouble)) = case.and_then(|case| {
        let trouble = Trouble::between(&case.group, &case.campaign, now, zone)?;
        Some((case, trouble))
    }) else {
        return see_other(super::group::path(id));
    };
    let until = shell.organisation.date(last_day_before(case.end, zone));
    show(&ExtendPage { shell, group: case.group, trouble, campaign: case.campaign, until })
}

/// `POST /settings/user-groups/{id}/coverage`
pub async fn create(shell: Shell, db: Db, id: Path<GroupId>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now, zone) = (*id, shell.actor(), shell.now, shell.zone());
    let left = db
        .write(move |conn| -> Result<_, AppError> {
            let Some(case) = Case::find(conn, id, now, zone)? else { return Ok(None) };
            let before = case.campaign;
            diesel::update(campaign::table.find(before.id)).set(campaign::ends_at.eq(case.end)).execute(conn)?;
            let left = Trouble::of(conn, &case.group, now, zone)?;
            let change = Change {
                action: "campaign extended",
                before: Some(json!({ "ends_at": before.ends_at })),
                after: Some(json!({ "ends_at": case.end, "for_group": case.group.name })),
            };
            let subject = Subject::new("campaign", before.id, before.name.clone());
            audit::append(conn, &actor, now, &subject, &change)?;
            Ok(Some((before.name, case.end, left)))
        })
        .await?;
    let Some((name, end, trouble)) = left else {
        return see_other_with(super::group::path(id), &Flash::warning("Nothing had to be extended."));
    };
    let until = shell.organisation.date(last_day_before(end, zone));
    let done = format!("“{name}” now runs until {until}.");
    let flash = trouble.map_or_else(|| Flash::success(&done), |trouble| trouble.flash(&done));
    see_other_with(super::group::path(id), &flash)
}

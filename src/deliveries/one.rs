//! A live campaign for one member, whoever its receivers are.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::plan::Plan;
use super::terms::Terms;
use super::{DeliveryState, Skip, chunk, rows};
use crate::campaigns::audience_sql::Bounds;
use crate::campaigns::{Audience, Campaign, Channel, Status};
use crate::ids::{CampaignId, MemberId};
use crate::memberships::membership::lock_member;
use crate::schema::{campaign, delivery};

/// What the member has of the campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Whether it was issued now; false: they had it, or were skipped, before.
    pub is_new: bool,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why they were skipped, if they were.
    pub skipped: Option<Skip>,
    /// Their code.
    pub code: Option<String>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it expires, where it has a time of its own.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why nothing can be issued, in words.
pub type NotNow = String;

type Row = (String, Option<String>, Option<String>, DateTime<Utc>, Option<DateTime<Utc>>);

/// Issues the campaign to the member as if they were among its receivers: what blocks, and who can be reached, counts as
/// ever; the row in the ledger says so. Not found: no such campaign, or no such member.
pub fn issue_to(
    conn: &mut PgConnection,
    id: CampaignId,
    member: MemberId,
    now: DateTime<Utc>,
) -> QueryResult<Result<Issued, NotNow>> {
    lock_member(conn, member)?;
    let found = Campaign::find(conn, id)?;
    if let Some(why) = why_not(&found, now) {
        return Ok(Err(why));
    }
    let before = held(conn, id, member)?;
    if let Some(before) = before.filter(|row| row.0 != DeliveryState::Skipped.key()) {
        return Ok(Ok(read(before, false)));
    }
    let (plan, is_held): (Plan, bool) =
        campaign::table.find(id).select((Plan::as_select(), exists(chunk::held()))).first(conn)?;
    if is_held || plan.issuing_since.is_none() {
        return Ok(Err("The campaign has not begun to be issued, or is held.".into()));
    }
    let mut terms = Terms::load(conn, &plan, now)?;
    terms.audience = Audience { everyone: true, included: Vec::new(), excluded: Vec::new(), channel: found.channel() };
    rows::issue(conn, &plan, &terms, Bounds::one(member), now)?;
    let row = held(conn, id, member)?.ok_or(diesel::result::Error::NotFound)?;
    Ok(Ok(read(row, true)))
}

fn why_not(campaign: &Campaign, now: DateTime<Utc>) -> Option<NotNow> {
    if campaign.channel() == Channel::Code {
        return Some("A Code coupon is handed out outside the system: give the member a code of it.".into());
    }
    match campaign.status(now) {
        Status::Live => None,
        status => Some(format!("The campaign is {}.", status.label().to_lowercase())),
    }
}

fn held(conn: &mut PgConnection, id: CampaignId, member: MemberId) -> QueryResult<Option<Row>> {
    delivery::table
        .find((member.0, id.0))
        .select((delivery::state, delivery::reason, delivery::code, delivery::issued_at, delivery::expires_at))
        .first(conn)
        .optional()
}

fn read((state, reason, code, issued_at, expires_at): Row, is_new: bool) -> Issued {
    let state = DeliveryState::parse(&state).unwrap_or(DeliveryState::Issued);
    let skipped = reason.as_deref().and_then(Skip::parse).filter(|_| state == DeliveryState::Skipped);
    Issued { is_new: is_new && skipped.is_none(), state, skipped, code, issued_at, expires_at }
}

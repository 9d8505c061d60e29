//! One chunk of an issue: claimed, issued and ticked off in one transaction, so that a worker can be killed anywhere.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, sql_query};

use super::plan::Plan;
use super::terms::Terms;
use super::{begin, rows};
use crate::campaigns::audience_sql::Bounds;
use crate::ids::CampaignId;
use crate::schema::{campaign, campaign_sending, code_batch};

/// Members looked at in one transaction: long enough to be quick, short enough that nobody waits for it.
pub const MEMBERS: i64 = 20_000;

/// What a round of the worker did for a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// For which.
    pub campaign: CampaignId,
    /// Rows of this chunk, those of skipped members too.
    pub issued: i64,
    /// Whether all members have been looked at.
    pub finished: bool,
}

/// A round that failed, and at which campaign, so that others can go on.
#[derive(Debug)]
pub struct Failed {
    /// Whose turn it was.
    pub campaign: Option<CampaignId>,
    /// What the database said.
    pub error: diesel::result::Error,
}

/// The next members by their key, `MEMBERS` at most.
#[derive(QueryableByName)]
pub struct NextMembers {
    /// The last of them; 0: there are none.
    #[diesel(sql_type = BigInt)]
    pub up_to: i64,
    /// How many; fewer than `MEMBERS`: these are the last.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
}

impl NextMembers {
    /// After this one.
    pub fn after(conn: &mut PgConnection, member: i64) -> QueryResult<Self> {
        sql_query(
            "SELECT coalesce(max(id), 0) AS up_to, count(*) AS members
             FROM (SELECT id FROM member WHERE id > $1 ORDER BY id LIMIT $2) AS chunk",
        )
        .bind::<BigInt, _>(member)
        .bind::<BigInt, _>(MEMBERS)
        .get_result(conn)
    }
}

/// The next chunk of a campaign that is due and that no other worker is at; the one least advanced comes first.
/// None: nothing is due. `held_back` are left alone.
pub fn issue_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<Progress>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some(plan) = claim(conn, now, held_back)? else { return Ok(None) };
        claimed = Some(plan.id);
        if plan.issuing_since.is_none() {
            begin::begin(conn, &plan, now)?;
            return Ok(Some(Progress { campaign: plan.id, issued: 0, finished: false }));
        }
        issue_chunk(conn, &plan, now).map(Some)
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

/// Not for update: joins that count what they issue refer to the campaign's row, and need not wait.
fn claim(conn: &mut PgConnection, now: DateTime<Utc>, held_back: &[CampaignId]) -> QueryResult<Option<Plan>> {
    campaign::table
        .filter(campaign::published_at.is_not_null().and(campaign::issued_at.is_null()))
        .filter(campaign::cancelled_at.is_null().and(campaign::paused_at.is_null()))
        .filter(campaign::starts_at.le(now).and(campaign::ends_at.gt(now)))
        .filter(campaign::channel.ne("code").and(campaign::id.ne_all(held_back)))
        .filter(not(exists(codes_being_made())).and(not(exists(held()))))
        .order((campaign::issued_up_to, campaign::id))
        .select(Plan::as_select())
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .optional()
}

fn issue_chunk(conn: &mut PgConnection, plan: &Plan, now: DateTime<Utc>) -> QueryResult<Progress> {
    // shorter than the server waits before it looks for deadlocks: whoever waits for us in a circle gets on
    sql_query("SET LOCAL lock_timeout = '500ms'").execute(conn)?;
    let end = NextMembers::after(conn, plan.issued_up_to)?;
    let mut issued = 0;
    if end.members > 0 {
        let terms = Terms::load(conn, plan, now)?;
        issued = rows::issue(conn, plan, &terms, Bounds { after: plan.issued_up_to, up_to: end.up_to }, now)?;
    }
    let finished = end.members < MEMBERS;
    diesel::update(campaign::table.find(plan.id))
        .set((
            campaign::issued_up_to.eq(end.up_to.max(plan.issued_up_to)),
            campaign::issued_at.eq(finished.then_some(now)),
        ))
        .execute(conn)?;
    Ok(Progress { campaign: plan.id, issued, finished })
}

/// For a query of campaigns: whether codes of one are still being made.
#[diesel::dsl::auto_type]
pub(super) fn codes_being_made() -> _ {
    code_batch::table
        .filter(code_batch::campaign_id.eq(campaign::id).and(code_batch::finished_at.is_null()))
        .select(code_batch::id)
}

/// For a query of campaigns: whether one waits for an answer.
#[diesel::dsl::auto_type]
pub(super) fn held() -> _ {
    campaign_sending::table
        .filter(campaign_sending::campaign_id.eq(campaign::id).and(campaign_sending::held_at.is_not_null()))
        .filter(campaign_sending::dropped_at.is_null())
        .select(campaign_sending::campaign_id)
}

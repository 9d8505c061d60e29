//! Codes by the million: ordered in a request, made by the worker, in chunks that survive being killed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::alphabet::CodeFormat;
use super::generate::{Batch, Draw};
use super::store;
use crate::deliveries::chunk::Failed;
use crate::ids::{CampaignId, CodeBatchId};
use crate::schema::{campaign, code_batch};

/// What a request makes itself; more is left to the worker.
const AT_ONCE: i32 = 10_000;

/// An order of codes for one use each.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// Whose.
    pub campaign: CampaignId,
    /// How they look. Whether they could be guessed is checked already.
    pub format: CodeFormat,
    /// How many.
    pub count: i32,
}

/// What an order is called, and who gave it; none: publishing did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Label<'a> {
    /// For a shop or a sheet.
    pub name: &'a str,
    /// A dashboard user.
    pub by: Option<Uuid>,
}

impl NewBatch {
    /// Takes the order that publishing gives; few codes are made at once.
    pub fn begin(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
        self.begin_as(conn, Label::default(), now)
    }

    /// The same with a name.
    pub fn begin_as(&self, conn: &mut PgConnection, label: Label<'_>, now: DateTime<Utc>) -> QueryResult<()> {
        let at_once = self.count <= AT_ONCE;
        let id: CodeBatchId = diesel::insert_into(code_batch::table)
            .values((
                code_batch::campaign_id.eq(self.campaign),
                code_batch::name.eq(label.name),
                code_batch::requested.eq(self.count),
                code_batch::made.eq(if at_once { self.count } else { 0 }),
                code_batch::created_at.eq(now),
                code_batch::created_by.eq(label.by),
                code_batch::finished_at.eq(at_once.then_some(now)),
            ))
            .returning(code_batch::id)
            .get_result(conn)?;
        if at_once {
            make(conn, (self.campaign, id), &self.format, self.count.unsigned_abs().into(), 0)?;
        }
        Ok(())
    }
}

/// What a round of the worker made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// For whom.
    pub campaign: CampaignId,
    /// Codes made of this batch so far.
    pub made: i32,
    /// Whether that is all.
    pub finished: bool,
}

/// The next chunk of an order that no other worker is at, with its progress, in one transaction; the order least
/// advanced comes first. None: all is made. `held_back` are left alone.
pub fn make_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<Made>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some(order) = claim(conn, held_back)? else { return Ok(None) };
        claimed = Some(order.campaign_id);
        let format = campaign::table
            .find(order.campaign_id)
            .select((campaign::code_prefix, campaign::code_length, campaign::code_pattern, campaign::code_check))
            .first::<(String, i32, String, bool)>(conn)?;
        let format = CodeFormat::stored(&format.0, format.1, &format.2, format.3);
        let (total, drawn) = (order.requested.unsigned_abs().into(), order.made.unsigned_abs().into());
        let chunk = make(conn, (order.campaign_id, order.id), &format, total, drawn)?;
        let made = order.made + i32::try_from(chunk).unwrap_or(i32::MAX);
        let finished = made >= order.requested;
        diesel::update(code_batch::table.find(order.id))
            .set((code_batch::made.eq(made), code_batch::finished_at.eq(finished.then_some(now))))
            .execute(conn)?;
        Ok(Some(Made { campaign: order.campaign_id, made, finished }))
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = code_batch)]
struct Order {
    id: CodeBatchId,
    campaign_id: CampaignId,
    requested: i32,
    made: i32,
}

fn claim(conn: &mut PgConnection, held_back: &[CampaignId]) -> QueryResult<Option<Order>> {
    let campaigns = campaign::table.filter(campaign::cancelled_at.is_null()).select(campaign::id);
    code_batch::table
        .filter(code_batch::finished_at.is_null().and(code_batch::source.eq("made")))
        .filter(code_batch::campaign_id.eq_any(campaigns))
        .filter(code_batch::campaign_id.ne_all(held_back))
        .order((code_batch::made, code_batch::id))
        .select(Order::as_select())
        .for_update()
        .skip_locked()
        .first(conn)
        .optional()
}

/// Draws and stores the chunk that comes after `drawn` of `total`.
fn make(
    conn: &mut PgConnection,
    (campaign, order): (CampaignId, CodeBatchId),
    format: &CodeFormat,
    total: u64,
    drawn: u64,
) -> QueryResult<usize> {
    let mut batch = Batch::default();
    store::until_unique(conn, |conn| {
        let draw = Draw::secure(format.clone(), total);
        // checked when the codes were ordered
        let mut draw = draw.map_err(|reason| diesel::result::Error::QueryBuilderError(reason.into()))?;
        draw.go_on_after(drawn);
        draw.fill(&mut batch);
        store::copy_batch(conn, campaign, order, &batch)
    })
}

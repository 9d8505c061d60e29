//! A run: one row, which is all its state, so that the worker can be killed anywhere.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::Report;
use crate::ids::CampaignId;
use crate::schema::dry_run;

/// As stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dry_run)]
pub struct DryRun {
    /// Key.
    pub id: i64,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// When it was asked for.
    pub started_at: DateTime<Utc>,
    /// Members up to this one have been looked at.
    pub up_to: i64,
    report: serde_json::Value,
    /// When it was done; none: it is under way.
    pub finished_at: Option<DateTime<Utc>>,
}

impl DryRun {
    /// The campaign's; there is one at most.
    pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Option<Self>> {
        dry_run::table
            .filter(dry_run::campaign_id.eq(id))
            .order(dry_run::id.desc())
            .select(Self::as_select())
            .first(conn)
            .optional()
    }

    /// Begins anew; the one before is forgotten, also in the middle of it.
    pub fn start(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>) -> QueryResult<()> {
        diesel::delete(dry_run::table.filter(dry_run::campaign_id.eq(id))).execute(conn)?;
        diesel::insert_into(dry_run::table)
            .values((dry_run::campaign_id.eq(id), dry_run::started_at.eq(now)))
            .execute(conn)
            .map(|_| ())
    }

    /// The oldest that is not done and that no other worker is at.
    pub(super) fn claim(conn: &mut PgConnection, held_back: &[CampaignId]) -> QueryResult<Option<Self>> {
        dry_run::table
            .filter(dry_run::finished_at.is_null().and(dry_run::campaign_id.ne_all(held_back)))
            .order(dry_run::id)
            .select(Self::as_select())
            .for_update()
            .skip_locked()
            .first(conn)
            .optional()
    }

    /// What it has found so far.
    pub fn report(&self) -> Report {
        serde_json::from_value(self.report.clone()).unwrap_or_default()
    }

    /// Notes how far it is.
    pub(super) fn store(
        &self,
        conn: &mut PgConnection,
        up_to: i64,
        report: &Report,
        finished_at: Option<DateTime<Utc>>,
    ) -> QueryResult<()> {
        let json = serde_json::to_value(report).unwrap_or_default();
        diesel::update(dry_run::table.find(self.id))
            .set((
                dry_run::up_to.eq(up_to.max(self.up_to)),
                dry_run::receivers.eq(report.receivers),
                dry_run::report.eq(json),
                dry_run::finished_at.eq(finished_at),
            ))
            .execute(conn)
            .map(|_| ())
    }
}

//! How the sending of a published campaign stands: due, held until someone answers, or dropped as too late.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::differences::Act;
use super::{Campaign, Status};
use crate::ids::CampaignId;
use crate::schema::{campaign_sending, setting};

/// Why a campaign is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldWhy {
    /// No worker was there when it was due, or in the middle of its work.
    Late,
    /// Its receivers are not nearly as many as were shown when it was published.
    Audience,
}

impl HeldWhy {
    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Audience => "audience",
        }
    }

    /// The reason with this key.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Late, Self::Audience].into_iter().find(|why| why.key() == key)
    }
}

/// A campaign that issues and sends nothing until someone answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Why.
    pub why: HeldWhy,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was to begin, or to go on.
    pub due_at: DateTime<Utc>,
    /// Receivers that were shown when it was published; none: they were not counted.
    pub confirmed: Option<i64>,
    /// Receivers when it was held.
    pub now: i64,
}

/// The row of a published campaign.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = campaign_sending, check_for_backend(diesel::pg::Pg))]
pub struct Sending {
    /// Its start, its publishing, its resuming or its release, whichever came last.
    pub due_at: DateTime<Utc>,
    confirmed_receivers: Option<i64>,
    held_at: Option<DateTime<Utc>>,
    held_why: Option<String>,
    held_receivers: Option<i64>,
    /// When someone said: send.
    pub released_at: Option<DateTime<Utc>>,
    /// When the rest of it was dropped, as it was late.
    pub dropped_at: Option<DateTime<Utc>>,
}

impl Sending {
    /// Of this campaign; none: it is not published.
    pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Option<Self>> {
        campaign_sending::table.find(id).select(Self::as_select()).first(conn).optional()
    }

    /// Why it waits for an answer, if it does.
    pub fn held(&self) -> Option<Held> {
        if self.dropped_at.is_some() {
            return None;
        }
        Some(Held {
            why: HeldWhy::parse(self.held_why.as_deref()?)?,
            since: self.held_at?,
            due_at: self.due_at,
            confirmed: self.confirmed_receivers,
            now: self.held_receivers.unwrap_or_default(),
        })
    }

    /// Receivers that were shown when it was published.
    pub fn confirmed(&self) -> Option<i64> {
        self.confirmed_receivers
    }
}

/// The limits of Settings → General.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A campaign that begins later than this is late.
    pub late_after: Duration,
    /// Percent by which receivers may differ from those confirmed.
    pub audience_change: i64,
}

impl Limits {
    /// As set now.
    pub fn load(conn: &mut PgConnection) -> QueryResult<Self> {
        let (minutes, percent): (i32, i32) =
            setting::table.select((setting::late_after_minutes, setting::audience_change_percent)).first(conn)?;
        Ok(Self { late_after: Duration::minutes(minutes.into()), audience_change: percent.into() })
    }

    /// Whether an audience is another than the one confirmed.
    pub fn is_changed(&self, confirmed: i64, now: i64) -> bool {
        i128::from(now.abs_diff(confirmed)) * 100 > i128::from(confirmed) * i128::from(self.audience_change)
    }
}

/// Notes at publishing when it is due, and for how many it was confirmed.
pub fn confirm(
    conn: &mut PgConnection,
    id: CampaignId,
    due_at: DateTime<Utc>,
    receivers: Option<i64>,
) -> QueryResult<()> {
    diesel::insert_into(campaign_sending::table)
        .values((
            campaign_sending::campaign_id.eq(id),
            campaign_sending::due_at.eq(due_at),
            campaign_sending::confirmed_receivers.eq(receivers),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .map(|_| ())
}

/// It is due anew: it was resumed, or its time frame was changed.
pub fn due(conn: &mut PgConnection, id: CampaignId, due_at: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(campaign_sending::table.find(id))
        .set((campaign_sending::due_at.eq(due_at), campaign_sending::closed_at.eq(None::<DateTime<Utc>>)))
        .execute(conn)
        .map(|_| ())
}

/// Its end was moved: what was over may not be.
pub fn open_again(conn: &mut PgConnection, id: CampaignId) -> QueryResult<()> {
    diesel::update(campaign_sending::table.find(id))
        .set(campaign_sending::closed_at.eq(None::<DateTime<Utc>>))
        .execute(conn)
        .map(|_| ())
}

/// Stops it until someone answers.
pub fn hold(
    conn: &mut PgConnection,
    id: CampaignId,
    why: HeldWhy,
    receivers: i64,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::update(campaign_sending::table.find(id))
        .set((
            campaign_sending::held_at.eq(now),
            campaign_sending::held_why.eq(why.key()),
            campaign_sending::held_receivers.eq(receivers),
            campaign_sending::released_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
        .map(|_| ())
}

/// **Send now**: the answer to a held campaign. False: nothing was held, or it is over. Takes the campaign's lock;
/// last in its transaction.
pub fn release(conn: &mut PgConnection, act: &Act, id: CampaignId) -> QueryResult<bool> {
    let found = Campaign::lock(conn, id)?;
    let is_running = matches!(found.status(act.now), Status::Scheduled | Status::Live | Status::Paused);
    let held = campaign_sending::table
        .find(id)
        .filter(campaign_sending::held_at.is_not_null().and(campaign_sending::dropped_at.is_null()));
    let released = is_running
        && diesel::update(held)
            .set((
                campaign_sending::held_at.eq(None::<DateTime<Utc>>),
                campaign_sending::held_why.eq(None::<String>),
                campaign_sending::released_at.eq(act.now),
                campaign_sending::due_at.eq(act.now),
            ))
            .execute(conn)?
            > 0;
    if released {
        act.done(conn, &found, "campaign released")?;
    }
    Ok(released)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_changed_by_more_than_the_limit() {
        let limits = Limits { late_after: Duration::hours(2), audience_change: 20 };
        for (confirmed, now, changed) in
            [(100, 120, false), (100, 121, true), (100, 80, false), (100, 79, true), (0, 0, false), (0, 1, true)]
        {
            assert_eq!(limits.is_changed(confirmed, now), changed, "{confirmed} → {now}");
        }
    }
}

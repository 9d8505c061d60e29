//! What the worker still does for a campaign: making its codes, issuing it, sending its messages.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, sql_query};

use super::held_words::span_words;
use super::pace;
use super::sending::Sending;
use super::standstill::{self, ChannelState, Standstill};
use super::tally::{Reached, Tally};
use super::{Campaign, Channel, Status};
use crate::db::Kept;
use crate::deliveries::DeliveryState;

/// Issuing: so far, of those confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuing {
    /// Members it is issued to.
    pub so_far: i64,
    /// Receivers that were shown when it was published.
    pub confirmed: Option<i64>,
}

impl Issuing {
    /// Where the bar ends.
    pub fn bar(&self) -> i64 {
        self.confirmed.unwrap_or(0).max(self.so_far).max(1)
    }
}

/// Sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages {
    /// Messages that are done with.
    pub done: i64,
    /// Messages in all, so far.
    pub all: i64,
    /// A minute, lately.
    pub per_minute: Option<i64>,
    /// "12 minutes".
    pub time_left: Option<String>,
    /// Why nothing moves.
    pub standstill: Option<Standstill>,
    /// How quickly it may go.
    pub limit: String,
}

/// How far the work is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Codes made and asked for, while some are still to be made.
    pub codes: Option<(i64, i64)>,
    /// While there may be more members to issue it to.
    pub issuing: Option<Issuing>,
    /// While messages wait.
    pub messages: Option<Messages>,
}

impl Progress {
    /// Now.
    pub fn of(
        conn: &mut PgConnection,
        of: &Campaign,
        tally: &Tally,
        row: Option<&Sending>,
        now: DateTime<Utc>,
    ) -> QueryResult<Self> {
        let is_held = row.is_some_and(|row| row.held().is_some());
        let is_issuing = of.status(now) == Status::Live && of.channel() != Channel::Code && of.issued_at.is_none();
        let issuing = Issuing { so_far: tally.reached(Reached::Issued), confirmed: row.and_then(Sending::confirmed) };
        Ok(Self {
            codes: codes(conn, of)?,
            issuing: (is_issuing && !is_held).then_some(issuing),
            messages: messages(conn, of, tally, row, now)?,
        })
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        *self == Self::default()
    }
}

fn codes(conn: &mut PgConnection, of: &Campaign) -> QueryResult<Option<(i64, i64)>> {
    #[derive(QueryableByName)]
    struct CodesRow {
        #[diesel(sql_type = BigInt)]
        made: i64,
        #[diesel(sql_type = BigInt)]
        requested: i64,
    }
    let query = sql_query(
        "SELECT coalesce(sum(made), 0)::bigint AS made, coalesce(sum(requested), 0)::bigint AS requested
         FROM code_batch WHERE campaign_id = $1 AND finished_at IS NULL",
    );
    let row: CodesRow = Kept(query.bind::<BigInt, _>(of.id)).get_result(conn)?;
    Ok((row.requested > 0).then_some((row.made, row.requested)))
}

fn messages(
    conn: &mut PgConnection,
    of: &Campaign,
    tally: &Tally,
    row: Option<&Sending>,
    now: DateTime<Utc>,
) -> QueryResult<Option<Messages>> {
    // of a campaign that is over nothing reads as queued
    let queued = tally.in_state(DeliveryState::Queued);
    if queued == 0 || of.status(now) == Status::Cancelled {
        return Ok(None);
    }
    let all = tally.reached(Reached::Issued);
    let per_minute = pace::per_minute(conn, of.id, all - queued, now)?;
    let channel = ChannelState::of(conn, of, now)?;
    let standstill = standstill::reason(of, row, channel.as_ref(), per_minute, now);
    let moves = standstill.is_none();
    Ok(Some(Messages {
        done: all - queued,
        all,
        per_minute: per_minute.filter(|_| moves),
        time_left: pace::time_left(queued, per_minute).filter(|_| moves).map(span_words),
        standstill,
        limit: channel.map(|channel| channel.limit_words()).unwrap_or_default(),
    }))
}

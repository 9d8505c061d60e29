//! A channel's rate, kept over all workers: each claims moments from `channel.free_at`, and sends at those.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Double, Text};

use crate::channels::MessageChannel;
use crate::db::Kept;

/// Moments claimed at once: so much time of them.
const AT_ONCE: f64 = 0.1;
/// A moment that was missed by more is given up: sent late, messages of several workers would come as one crowd.
const LATE: Duration = Duration::from_millis(50);

/// Moments at which this worker may send.
#[derive(Debug, Default)]
pub struct Slots {
    next: Option<Instant>,
    left: i64,
    interval: Duration,
}

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(sql_type = Double)]
    wait: f64,
    #[diesel(sql_type = Double)]
    interval: f64,
}

impl Slots {
    /// The next moment; `wanted` messages are waiting. None: the channel has no rate any more.
    pub fn take(
        &mut self,
        conn: &mut PgConnection,
        channel: MessageChannel,
        rate: i32,
        wanted: usize,
    ) -> QueryResult<Option<Instant>> {
        self.skip_missed();
        if self.left == 0 {
            let share = (f64::from(rate) * AT_ONCE) as i64;
            self.claim(conn, channel, share.min(wanted as i64).max(1))?;
        }
        let Some(next) = self.next else { return Ok(None) };
        self.left -= 1;
        self.next = Some(next + self.interval);
        Ok(Some(next))
    }

    fn skip_missed(&mut self) {
        while self.left > 0 && self.next.is_some_and(|next| next.elapsed() > LATE) {
            self.left -= 1;
            self.next = self.next.map(|next| next + self.interval);
        }
    }

    /// By the database's clock, which is the same for all.
    fn claim(&mut self, conn: &mut PgConnection, channel: MessageChannel, count: i64) -> QueryResult<()> {
        let query = sql_query(
            "UPDATE channel SET free_at = greatest(free_at, clock_timestamp()) + $2 * interval '1 second' / rate
             WHERE key = $1 AND rate IS NOT NULL
             RETURNING (extract(epoch FROM free_at - clock_timestamp()) - $2::float8 / rate)::float8 AS wait, 1::float8 / rate AS interval",
        )
        .bind::<Text, _>(channel.key())
        .bind::<BigInt, _>(count);
        let claimed: Option<ClaimedRow> = Kept(query).get_result(conn).optional()?;
        self.next = claimed.as_ref().map(|row| Instant::now() + Duration::from_secs_f64(row.wait.max(0.0)));
        self.interval = claimed.map_or(Duration::ZERO, |row| Duration::from_secs_f64(row.interval.max(0.0)));
        self.left = count;
        Ok(())
    }
}

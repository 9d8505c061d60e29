//! What is done outside requests: issuing, making codes, keeping house. Any number of workers may run.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use diesel::result::Error;

use super::{chunk, housekeeping, late};
use crate::clock::Clock;
use crate::codes::batch;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::sealed::Keys;
use crate::tills;

/// How long a worker without work sleeps: what is published is begun within a second.
const REST: Duration = Duration::from_millis(500);
/// The longest that a campaign is left alone after it failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
const BETWEEN_SWEEPS: Duration = Duration::from_secs(600);

/// Works until told to stop.
pub fn run(db: &Db, clock: &Clock, keys: &Keys, stop: &AtomicBool) {
    let mut worker = Worker::default();
    while !stop.load(Ordering::SeqCst) {
        let round = db.blocking(|conn| -> Result<_, AppError> { Ok(worker.round(conn, keys, clock.now())) });
        match round {
            Ok(Round { worked: true, .. }) => {}
            Ok(_) | Err(_) => rest(stop),
        }
    }
}

/// One round; true if there was something to do and there may be more. What failed was logged, the rest was done.
pub fn run_once(conn: &mut PgConnection, keys: &Keys, now: DateTime<Utc>) -> Result<bool, AppError> {
    let round = Worker::default().round(conn, keys, now);
    round.failed.map_or(Ok(round.worked), |error| Err(AppError::internal(error)))
}

fn rest(stop: &AtomicBool) {
    let until = Instant::now() + REST;
    while Instant::now() < until && !stop.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What a worker remembers between rounds.
#[derive(Default)]
struct Worker {
    /// Campaigns that failed: how often in a row, and until when they are left alone.
    held_back: HashMap<CampaignId, (u32, Instant)>,
    swept: Option<Instant>,
}

struct Round {
    worked: bool,
    failed: Option<Error>,
}

impl Worker {
    /// A chunk of each kind of work. An error in one campaign holds up no other.
    fn round(&mut self, conn: &mut PgConnection, _keys: &Keys, now: DateTime<Utc>) -> Round {
        let mut round = Round { worked: false, failed: None };
        let held_back = self.held_back();
        let issued = chunk::issue_next(conn, now, &held_back).map(|progress| {
            progress.map(|progress| {
                if progress.finished {
                    tell_issued(conn, progress.campaign);
                }
                progress.campaign
            })
        });
        self.note(&mut round, "issuing", issued);
        let made = batch::make_next(conn, now, &held_back).map(|made| {
            made.map(|made| {
                if made.finished {
                    tracing::info!(campaign = made.campaign.0, codes = made.made, "codes made");
                }
                made.campaign
            })
        });
        self.note(&mut round, "making codes", made);
        self.note(&mut round, "handing out late codes", late::hand_out_next(conn, now, &held_back));
        if !round.worked {
            self.keep_house(conn, now, &mut round);
        }
        round
    }

    fn note(&mut self, round: &mut Round, what: &str, outcome: Result<Option<CampaignId>, chunk::Failed>) {
        match outcome {
            Ok(None) => {}
            Ok(Some(campaign)) => {
                self.held_back.remove(&campaign);
                round.worked = true;
            }
            Err(chunk::Failed { campaign, error }) => {
                let campaign = campaign.unwrap_or(CampaignId(0));
                let (times, until) = self.held_back.entry(campaign).or_insert((0, Instant::now()));
                *times += 1;
                let pause = LONGEST_PAUSE.min(Duration::from_secs(1) * 2u32.saturating_pow((*times - 1).min(16)));
                *until = Instant::now() + pause;
                tracing::warn!(campaign = campaign.0, %error, again_in = pause.as_secs(), "{what} failed");
                round.failed = Some(error);
            }
        }
    }

    fn held_back(&self) -> Vec<CampaignId> {
        let now = Instant::now();
        self.held_back.iter().filter(|(_, (_, until))| *until > now).map(|(campaign, _)| *campaign).collect()
    }

    fn keep_house(&mut self, conn: &mut PgConnection, now: DateTime<Utc>, round: &mut Round) {
        let mut outcome = housekeeping::fold_counts(conn).and_then(|()| tills::overdue::end_all(conn, now));
        if outcome.is_ok() && self.swept.is_none_or(|swept| swept.elapsed() > BETWEEN_SWEEPS) {
            self.swept = Some(Instant::now());
            outcome = housekeeping::sweep(conn, now);
        }
        if let Err(error) = outcome {
            tracing::warn!(%error, "keeping house failed");
            round.failed = Some(error);
        }
    }
}

fn tell_issued(conn: &mut PgConnection, campaign: CampaignId) {
    let receivers = chunk::issued_in_all(conn, campaign).unwrap_or_default();
    tracing::info!(campaign = campaign.0, receivers, "campaign issued");
}

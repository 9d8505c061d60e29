//! What is done outside requests: issuing, making codes, keeping house. Any number of workers may run.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use diesel::result::Error;

use super::{Ledger, chunk, closing, downtime, expiry, housekeeping, late, reminders};
use crate::campaigns::{dry_run, pace};
use crate::clock::Clock;
use crate::codes::batch;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::sealed::Keys;
use crate::sending;
use crate::sessions::failed_log;
use crate::tills;

/// How long a worker without work sleeps: what is published is begun within a second.
const REST: Duration = Duration::from_millis(500);
/// The longest that a campaign is left alone after it failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// How often a worker says that it is there.
const BETWEEN_BEATS: Duration = Duration::from_secs(5);
/// Counts are folded at least so often, however much there is to do.
const BETWEEN_FOLDS: Duration = Duration::from_secs(3);
const BETWEEN_SWEEPS: Duration = Duration::from_secs(600);

/// Works until told to stop; beside it, on threads of their own, what is queued is sent.
pub fn run(db: &Db, clock: &Clock, keys: &Keys, patience: Patience, stop: &AtomicBool) {
    // nothing is sent before it is known whether it is late
    while !stop.load(Ordering::SeqCst) {
        match db.blocking(|conn| -> Result<_, AppError> { Ok(downtime::beat(conn, clock.now())?) }) {
            Ok(()) => break,
            Err(_) => rest(stop),
        }
    }
    std::thread::scope(|scope| {
        scope.spawn(|| sending::run(db, clock, keys, stop));
        let mut worker = Worker { patience, ..Worker::default() };
        while !stop.load(Ordering::SeqCst) {
            let round = db.blocking(|conn| -> Result<_, AppError> { Ok(worker.round(conn, clock.now())) });
            match round {
                Ok(Round { worked: true, .. }) => {}
                Ok(_) | Err(_) => rest(stop),
            }
        }
    });
}

/// One round; true if there was something to do and there may be more. What failed was logged, the rest was done.
pub fn run_once(conn: &mut PgConnection, keys: &Keys, now: DateTime<Utc>) -> Result<bool, AppError> {
    let round = Worker::default().round(conn, now);
    if let Some(error) = round.failed {
        return Err(AppError::internal(error));
    }
    Ok(sending::run_once(conn, keys, now)? || round.worked)
}

fn rest(stop: &AtomicBool) {
    let until = Instant::now() + REST;
    while Instant::now() < until && !stop.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// How long a worker that was handing over a message may be silent, over the channel's own timeout, until the message
/// counts as uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience(pub chrono::Duration);

impl Default for Patience {
    fn default() -> Self {
        Self(chrono::Duration::seconds(60))
    }
}

/// What a worker remembers between rounds.
#[derive(Default)]
struct Worker {
    patience: Patience,
    /// Campaigns that failed: how often in a row, and until when they are left alone.
    held_back: HashMap<CampaignId, (u32, Instant)>,
    beaten: Option<Instant>,
    folded: Option<Instant>,
    swept: Option<Instant>,
}

struct Round {
    worked: bool,
    failed: Option<Error>,
}

impl Worker {
    /// A chunk of each kind of work. An error in one campaign holds up no other.
    fn round(&mut self, conn: &mut PgConnection, now: DateTime<Utc>) -> Round {
        let mut round = Round { worked: false, failed: None };
        if !self.beat(conn, now, &mut round) {
            return round;
        }
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
        self.note(&mut round, "reminding", reminders::remind_next(conn, now, &held_back));
        self.note(&mut round, "expiring", expiry::expire_next(conn, now, &held_back));
        self.note(&mut round, "closing", closing::close_next(conn, now, &held_back));
        self.note(&mut round, "a dry run", dry_run::chunk::work_next(conn, now, &held_back));
        match sending::settle_next(conn, now) {
            Ok(worked) => round.worked |= worked,
            Err(error) => {
                tracing::warn!(%error, "settling messages failed");
                round.failed = Some(error);
            }
        }
        if !round.worked || passed(self.folded, BETWEEN_FOLDS) {
            self.keep_house(conn, now, &mut round);
        }
        round
    }

    /// Nothing is begun before it is known whether it is late.
    fn beat(&mut self, conn: &mut PgConnection, now: DateTime<Utc>, round: &mut Round) -> bool {
        if !passed(self.beaten, BETWEEN_BEATS) {
            return true;
        }
        match downtime::beat(conn, now) {
            Ok(()) => self.beaten = Some(Instant::now()),
            Err(error) => {
                tracing::warn!(%error, "a worker could not say that it is there");
                round.failed = Some(error);
            }
        }
        round.failed.is_none()
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
        self.folded = Some(Instant::now());
        let mut outcome = sending::sweep_uncertain(conn, self.patience.0, now)
            .and_then(|()| housekeeping::fold_counts(conn))
            .and_then(|()| tills::overdue::end_all(conn, now))
            .and_then(|()| pace::note(conn, now))
            .and_then(|()| failed_log::fold(conn, now));
        if outcome.is_ok() && passed(self.swept, BETWEEN_SWEEPS) {
            self.swept = Some(Instant::now());
            outcome = housekeeping::sweep(conn, now);
        }
        if let Err(error) = outcome {
            tracing::warn!(%error, "keeping house failed");
            round.failed = Some(error);
        }
    }
}

fn passed(last: Option<Instant>, time: Duration) -> bool {
    last.is_none_or(|last| last.elapsed() > time)
}

/// Says what came of a run: receivers, and the states that they are the sum of. Both are counted at one moment.
fn tell_issued(conn: &mut PgConnection, campaign: CampaignId) {
    let both = conn
        .build_transaction()
        .read_only()
        .repeatable_read()
        .run(|conn| Ok::<_, Error>((Ledger::of(conn, campaign)?, Ledger::counted(conn, campaign)?)));
    match both {
        Ok((kept, counted)) if kept == counted => {
            tracing::info!(
                campaign = campaign.0,
                receivers = kept.receivers(),
                states = kept.in_words(),
                "campaign issued"
            );
        }
        Ok((kept, counted)) => {
            tracing::warn!(
                campaign = campaign.0,
                kept = kept.in_words(),
                counted = counted.in_words(),
                "campaign issued, but its ledger does not add up"
            );
        }
        Err(error) => tracing::warn!(campaign = campaign.0, %error, "campaign issued; its ledger could not be read"),
    }
}

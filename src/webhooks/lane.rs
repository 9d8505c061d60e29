//! The worker's part: events are put in order here, and each webhook that has something due gets a thread of its own, so
//! that one that is slow holds up no other.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::due::{self, Errand};
use super::post::{Answer, Poster};
use super::target::Target;
use super::{coverage, fate, order, sweep};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;
use crate::sealed::Keys;

/// Between looks.
const REST: Duration = Duration::from_millis(250);
const BETWEEN_COVERAGE: Duration = Duration::from_secs(5);
const BETWEEN_SWEEPS: Duration = Duration::from_secs(60);
/// Requests to one webhook at the same time.
const CONNECTIONS: usize = 4;

/// Works until told to stop; what is being sent then is waited for.
pub fn run(db: &Db, clock: &Clock, keys: &Keys, target: Target, stop: &AtomicBool) {
    let poster = Poster::new(target, keys);
    let (mut covered, mut swept) = (None, None);
    std::thread::scope(|scope| {
        let mut running = HashMap::new();
        while !stop.load(Ordering::SeqCst) {
            let worked = round(db, clock, &mut covered, &mut swept);
            start(scope, &mut running, Sender { db, clock, poster: &poster, stop });
            if !worked {
                std::thread::sleep(REST);
            }
        }
    });
}

/// True if there may be more to put in order.
fn round(db: &Db, clock: &Clock, covered: &mut Option<Instant>, swept: &mut Option<Instant>) -> bool {
    let done = db.blocking(|conn| -> Result<_, AppError> {
        if passed(covered, BETWEEN_COVERAGE) {
            coverage::tell(conn, clock.now())?;
        }
        if passed(swept, BETWEEN_SWEEPS) {
            sweep::sweep(conn, clock.now())?;
        }
        Ok(order::order_next(conn, clock.now())? > 0)
    });
    done.unwrap_or(false)
}

fn passed(last: &mut Option<Instant>, time: Duration) -> bool {
    let yes = last.is_none_or(|last| last.elapsed() > time);
    if yes {
        *last = Some(Instant::now());
    }
    yes
}

/// Sends to one webhook.
#[derive(Clone, Copy)]
struct Sender<'a> {
    db: &'a Db,
    clock: &'a Clock,
    poster: &'a Poster,
    stop: &'a AtomicBool,
}

fn start<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    running: &mut HashMap<i64, ScopedJoinHandle<'scope, ()>>,
    sender: Sender<'scope>,
) {
    running.retain(|_, thread| !thread.is_finished());
    let now = sender.clock.now();
    let due = sender.db.blocking(|conn| -> Result<_, AppError> { Ok(due::webhooks(conn, now)?) });
    for webhook in due.unwrap_or_default() {
        running.entry(webhook).or_insert_with(|| scope.spawn(move || sender.drain(webhook)));
    }
}

impl Sender<'_> {
    /// Until nothing is due, or the webhook rests.
    fn drain(self, webhook: i64) {
        while !self.stop.load(Ordering::SeqCst) {
            let now = self.clock.now();
            let taken = self.db.blocking(|conn| -> Result<_, AppError> { Ok(due::take(conn, webhook, now)?) });
            match taken {
                Ok(errands) if !errands.is_empty() => self.send(errands),
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// The batch, several at the same time; after a failure, and when it is told to stop, the rest is given back.
    fn send(self, errands: Vec<Errand>) {
        let (connections, trouble) = (CONNECTIONS.min(errands.len()), AtomicBool::new(false));
        let queue = Mutex::new(VecDeque::from(errands));
        let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop_front();
        let work = || {
            while let Some(errand) = next() {
                if trouble.load(Ordering::SeqCst) || self.stop.load(Ordering::SeqCst) {
                    self.store(|conn| due::give_back(conn, &errand));
                    continue;
                }
                let answer = self.poster.post(&errand, self.clock.now());
                trouble.fetch_or(!matches!(answer, Answer::Taken(_)), Ordering::SeqCst);
                self.store(|conn| fate::store(conn, &errand, &answer, self.clock.now()));
            }
        };
        std::thread::scope(|scope| {
            (1..connections).for_each(|_| drop(scope.spawn(work)));
            work();
        });
    }

    /// What cannot be stored now is found again when its lease is over, and sent once more.
    fn store(self, work: impl FnOnce(&mut diesel::PgConnection) -> diesel::QueryResult<()>) {
        if let Err(error) = self.db.blocking(|conn| -> Result<_, AppError> { Ok(work(conn)?) }) {
            tracing::warn!(%error, "what became of a webhook's event could not be stored");
        }
    }
}

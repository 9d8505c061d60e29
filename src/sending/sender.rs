//! One connection's loop: take a message, send it, say what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::lane::{Lane, Next};
use super::lease::Leased;
use crate::channels::transport::{Outcome, Transport};

/// How often a sleeper looks whether it is over.
const BLINK: Duration = Duration::from_millis(50);

/// Sends until it is over.
pub fn send_all(lane: &Mutex<Lane>, transport: &mut dyn Transport, over: &dyn Fn() -> bool) {
    while !over() {
        let next = lock(lane).take();
        match next {
            Next::Wait(wait) => {
                if wait > Duration::ZERO {
                    transport.rest();
                }
                sleep_until(Instant::now() + wait, over);
            }
            Next::Send(leased, slot) => {
                if let Some(slot) = slot {
                    sleep_until(slot, over);
                }
                if over() {
                    lock(lane).put_back(*leased);
                    return;
                }
                send_one(lane, transport, &leased);
            }
        }
    }
}

/// Sends what is there, and says whether there was anything.
pub fn send_due(lane: &Mutex<Lane>, transport: &mut dyn Transport, most: u32) {
    for _ in 0..most {
        let next = lock(lane).take();
        match next {
            Next::Wait(_) => break,
            Next::Send(leased, _) => send_one(lane, transport, &leased),
        }
    }
}

fn send_one(lane: &Mutex<Lane>, transport: &mut dyn Transport, leased: &Leased) {
    if lock(lane).prepare(transport, leased).is_err() {
        return lock(lane).not_sent(leased);
    }
    // held from the hand-over to the answer
    let mut held: Option<MutexGuard<Lane>> = None;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        transport.send(&leased.outgoing, &mut || {
            if held.is_none() {
                let mut lane = lock(lane);
                held = lane.hand_over(leased).then_some(lane);
            }
            held.is_some()
        })
    }));
    let outcome = outcome.unwrap_or_else(|_| {
        tracing::error!(message = leased.outgoing.id, "a transport panicked");
        let words = "An internal error; the log has more".to_owned();
        if held.is_some() { Outcome::Uncertain(words) } else { Outcome::Later(words, None) }
    });
    let mut lane = held.unwrap_or_else(|| lock(lane));
    lane.answer(leased, outcome);
    if let Err(error) = lane.conclude(transport, leased) {
        tracing::warn!(message = leased.outgoing.id, %error, "what a transport learned was not stored");
    }
}

fn lock<'l, 'a>(lane: &'l Mutex<Lane<'a>>) -> MutexGuard<'l, Lane<'a>> {
    lane.lock().unwrap_or_else(PoisonError::into_inner)
}

fn sleep_until(until: Instant, over: &dyn Fn() -> bool) {
    while !over() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(BLINK));
    }
}

//! One channel's work in one worker: what is leased, who is next, what was answered and is yet to be stored.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use rand::RngExt;
use uuid::Uuid;

use super::answer::Answer;
use super::channel_row::ChannelRow;
use super::hand_over::{hand_over, record};
use super::health::Health;
use super::lease::{Leased, lease, release};
use super::link::Link;
use super::pick::{Queue, next_campaign};
use super::rate::Slots;
use crate::channels::MessageChannel;
use crate::channels::transport::{Outcome, Transport};
use crate::clock::Clock;
use crate::db::Db;
use crate::ids::CampaignId;

/// Messages leased at once, at most; fewer where they take longer than `BATCH_TIME`.
const BATCH: i64 = 100;
const FIRST_BATCH: i64 = 10;
/// What a killed worker had leased waits until its lease has run out, and others want their share.
const BATCH_TIME: Duration = Duration::from_secs(2);
/// Sign-in codes are looked for at least so often, whatever else is waiting.
const BETWEEN_SIGN_INS: Duration = Duration::from_millis(500);
/// Between looks into an empty queue.
const IDLE: Duration = Duration::from_millis(300);
/// A provider that is away is tried again after a second, then ever more seldom.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// A campaign at which the database fails is left alone for a while.
const AVOIDED_FOR: Duration = Duration::from_secs(10);
/// With a longer way between an answer and the next hand-over, answers are stored at once.
const SOON: Duration = Duration::from_millis(20);

/// The state that a channel's connections share. Whoever holds it may hand over: so a worker that is killed leaves one
/// message at most of which nobody knows whether it went.
pub struct Lane<'a> {
    link: Link<'a>,
    channel: MessageChannel,
    rate: Option<i32>,
    clock: Clock,
    worker: Uuid,
    queue: VecDeque<Leased>,
    answers: Vec<Answer>,
    answered: Option<Instant>,
    way: Duration,
    last: CampaignId,
    limit: i64,
    leased: Option<Instant>,
    avoided: Vec<(CampaignId, Instant)>,
    signed_in: Option<Instant>,
    slots: Slots,
    rest: Option<Instant>,
    rests: u32,
    health: Health,
    /// Messages that came into another state through this lane.
    pub moved: u64,
}

/// What a connection does next.
pub enum Next {
    /// Sends this, not before then.
    Send(Box<Leased>, Option<Instant>),
    /// Nothing, for so long.
    Wait(Duration),
}

impl Lane<'static> {
    /// A lane with a connection of its own, that keeps the channel's rate.
    pub fn of(db: Db, channel: &ChannelRow, clock: Clock) -> Self {
        Self::new(Link::own(db), channel, true, clock)
    }
}

impl<'a> Lane<'a> {
    /// A lane with nothing in it. `rated`: whether the channel's rate is kept.
    pub(super) fn new(link: Link<'a>, channel: &ChannelRow, rated: bool, clock: Clock) -> Self {
        Self {
            link,
            channel: channel.channel,
            rate: channel.rate.filter(|_| rated),
            clock,
            worker: Uuid::new_v4(),
            queue: VecDeque::new(),
            answers: Vec::new(),
            answered: None,
            way: Duration::ZERO,
            last: CampaignId(0),
            limit: FIRST_BATCH,
            leased: None,
            avoided: Vec::new(),
            signed_in: None,
            slots: Slots::default(),
            rest: None,
            rests: 0,
            health: Health::default(),
            moved: 0,
        }
    }

    /// The next message, or how long there is none.
    pub fn take(&mut self) -> Next {
        if (self.answers.len() > 1 || self.way > SOON) && self.flush().is_err() {
            return Next::Wait(IDLE);
        }
        if let Some(rest) = self.rest.filter(|rest| Instant::now() < *rest) {
            return self.idle(rest - Instant::now());
        }
        match self.fill() {
            Err(error) => {
                tracing::warn!(channel = self.channel.key(), %error, "leasing messages failed");
                return Next::Wait(IDLE);
            }
            Ok(settled) if self.queue.is_empty() => return self.idle(if settled { Duration::ZERO } else { IDLE }),
            Ok(_) => {}
        }
        let slot = match self.slot() {
            Ok(slot) => slot,
            Err(_) => return Next::Wait(IDLE),
        };
        let soon = slot.is_none_or(|slot| slot.saturating_duration_since(Instant::now()) < SOON);
        if !soon && self.flush().is_err() {
            return Next::Wait(IDLE);
        }
        match self.queue.pop_front() {
            Some(leased) => Next::Send(Box::new(leased), slot),
            None => Next::Wait(IDLE),
        }
    }

    /// Stores what there is to store while there is nothing to send.
    fn idle(&mut self, wait: Duration) -> Next {
        let told = self.tell(false);
        match self.flush().and(told) {
            Ok(()) => Next::Wait(wait),
            Err(_) => Next::Wait(IDLE),
        }
    }

    /// Writes how the channel does.
    fn tell(&mut self, at_once: bool) -> QueryResult<()> {
        let (link, health, channel) = (&mut self.link, &mut self.health, self.channel);
        link.run(|conn| health.write(conn, channel, at_once))
    }

    fn slot(&mut self) -> QueryResult<Option<Instant>> {
        let Some(rate) = self.rate else { return Ok(None) };
        let (slots, channel, wanted) = (&mut self.slots, self.channel, self.queue.len());
        self.link.run(|conn| slots.take(conn, channel, rate, wanted))
    }

    /// Leases where there is nothing left, and looks for sign-in codes again and again; true if messages were settled.
    fn fill(&mut self) -> QueryResult<bool> {
        let mut settled = 0;
        let now = self.clock.now();
        let empty = self.queue.is_empty();
        if empty || self.signed_in.is_none_or(|looked| looked.elapsed() > BETWEEN_SIGN_INS) {
            self.signed_in = Some(Instant::now());
            let (channel, worker) = (self.channel, self.worker);
            let batch = self.link.run(|conn| lease(conn, channel, Queue::SignIns, BATCH, worker, now))?;
            settled += batch.settled;
            batch.messages.into_iter().rev().for_each(|leased| self.queue.push_front(leased));
        }
        if self.queue.is_empty() {
            settled += self.fill_from_campaign()?;
        }
        self.moved += settled as u64;
        Ok(settled > 0)
    }

    fn fill_from_campaign(&mut self) -> QueryResult<usize> {
        match self.leased.take().map(|leased| leased.elapsed()) {
            Some(took) if took > BATCH_TIME => self.limit = (self.limit / 2).max(1),
            Some(took) if took < BATCH_TIME / 2 => self.limit = (self.limit * 2).min(BATCH),
            _ => {}
        }
        self.avoided.retain(|(_, until)| Instant::now() < *until);
        let avoided: Vec<CampaignId> = self.avoided.iter().map(|(campaign, _)| *campaign).collect();
        let (channel, worker, last, now) = (self.channel, self.worker, self.last, self.clock.now());
        let found = self.link.run(|conn| next_campaign(conn, channel, last, &avoided, now))?;
        let Some(campaign) = found else { return Ok(0) };
        self.last = campaign;
        let limit = self.rate.map_or(self.limit, |rate| self.limit.min(i64::from(rate) * 2));
        let batch = self.link.run(|conn| lease(conn, channel, Queue::Campaign(campaign), limit, worker, now));
        let batch = batch.inspect_err(|_| self.avoided.push((campaign, Instant::now() + AVOIDED_FOR)))?;
        self.leased = (!batch.messages.is_empty()).then(Instant::now);
        self.queue.extend(batch.messages);
        Ok(batch.settled)
    }

    /// Lets the transport look up what it needs.
    pub fn prepare(&mut self, transport: &mut dyn Transport, leased: &Leased) -> QueryResult<()> {
        self.link.run(|conn| transport.prepare(conn, &leased.outgoing))
    }

    /// Lets the transport store what it learned.
    pub fn conclude(&mut self, transport: &mut dyn Transport, leased: &Leased) -> QueryResult<()> {
        self.link.run(|conn| transport.conclude(conn, &leased.outgoing))
    }

    /// The last look; true: the message is on its way, and the database knows.
    pub fn hand_over(&mut self, leased: &Leased) -> bool {
        if let Some(answered) = self.answered.take() {
            self.way = answered.elapsed();
        }
        if self.answers.len() > 1 && self.flush().is_err() {
            self.not_sent(leased);
            return false;
        }
        let (before, worker, now) = (self.answers.first(), self.worker, self.clock.now());
        match self.link.run(|conn| hand_over(conn, leased, before, worker, now)) {
            Ok(yes) => {
                self.answers.clear();
                self.moved += u64::from(!yes);
                yes
            }
            Err(error) => {
                tracing::warn!(channel = self.channel.key(), %error, "handing over failed");
                self.not_sent(leased);
                false
            }
        }
    }

    /// Takes an answer; it is kept until it is stored.
    pub fn answer(&mut self, leased: &Leased, outcome: Outcome) {
        let now = self.clock.now();
        self.health.note(&outcome, now);
        match &outcome {
            Outcome::Away(words) => self.take_rest(words),
            Outcome::Sent(_) => self.rests = 0,
            _ => {}
        }
        self.moved += u64::from(!matches!(outcome, Outcome::Away(_) | Outcome::Unwanted));
        self.answers.extend(Answer::of(leased, outcome, now));
        self.answered = Some(Instant::now());
        // what cannot be written now is written later
        let _ = self.tell(false);
        if self.way > SOON {
            let _ = self.flush();
        }
    }

    fn take_rest(&mut self, words: &str) {
        if self.rest.is_some_and(|rest| Instant::now() < rest) {
            return;
        }
        let rest = LONGEST_REST.min(Duration::from_secs(1) * 2u32.saturating_pow(self.rests.min(10)));
        self.rests += 1;
        self.rest = Some(Instant::now() + rest.mul_f64(rand::rng().random_range(0.8..1.2)));
        tracing::warn!(channel = self.channel.key(), why = words, again_in = ?rest, "the provider takes nothing");
        self.release();
    }

    /// The channel cannot be used at all, for this reason.
    pub fn refuse(&mut self, words: &str) {
        self.health.refused(words, self.clock.now());
        let _ = self.tell(true);
    }

    /// A message that is not sent after all.
    pub fn put_back(&mut self, leased: Leased) {
        self.queue.push_front(leased);
    }

    /// A message that was not handed over, nor settled; whether the database has stored that it was is not known.
    pub fn not_sent(&mut self, leased: &Leased) {
        self.answers.push(Answer::not_sent(leased));
    }

    fn release(&mut self) {
        let ids: Vec<i64> = self.queue.drain(..).map(|leased| leased.outgoing.id).collect();
        let worker = self.worker;
        if !ids.is_empty() {
            // else the lease runs out
            let _ = self.link.run(|conn| release(conn, &ids, worker));
        }
    }

    /// Stores all answers.
    fn flush(&mut self) -> QueryResult<()> {
        while let Some(answer) = self.answers.first() {
            let (worker, now) = (self.worker, self.clock.now());
            self.link.run(|conn| record(conn, answer, worker, now))?;
            self.answers.remove(0);
        }
        Ok(())
    }

    /// Ends: what was answered is stored, for as long as may be; what was leased is given back.
    pub fn finish(&mut self, patience: Duration) {
        let begun = Instant::now();
        while self.flush().is_err() && begun.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(100));
        }
        if !self.answers.is_empty() {
            tracing::error!(
                channel = self.channel.key(),
                "an answer could not be stored: its message will be uncertain"
            );
        }
        self.release();
        let _ = self.tell(true);
    }
}

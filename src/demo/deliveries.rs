//! What guests were issued, saw, used, and lost again.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::calendar::Calendar;
use super::campaign::{Campaign, Codes};
use super::fate::Fate;
use super::members::{Guest, MIA};
use super::stays::Stay;
use crate::campaigns::Channel;
use crate::codes::generate::{Batch, Draw};
use crate::codes::prepare::format_of;
use crate::deliveries::Skip;
use crate::seed::Dice;

/// A coupon of a guest.
pub struct Delivery {
    /// Place of the guest.
    pub guest: usize,
    /// Place of the campaign.
    pub campaign: usize,
    pub issued_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    /// None where it was skipped.
    pub code: Option<String>,
    /// Of which groups.
    pub through: i64,
    /// Of SMS and e-mail coupons.
    pub token: Option<Uuid>,
    /// What came of its message.
    pub fate: Fate,
    pub seen_at: Option<DateTime<Utc>>,
    pub validated_at: Option<DateTime<Utc>>,
    pub withdrawn: Option<(DateTime<Utc>, &'static str)>,
    /// Why they got nothing.
    pub skip: Option<Skip>,
}

/// All deliveries of the demo, campaign by campaign.
pub fn of(campaigns: &[Campaign], guests: &[Guest], stays: &[Stay], calendar: &Calendar) -> Vec<Delivery> {
    let mut all = Vec::new();
    for (place, campaign) in campaigns.iter().enumerate() {
        let Some(issued_at) = campaign.issued_at(calendar) else { continue };
        let receivers = receivers(campaign, issued_at, guests, stays, calendar);
        let issued = receivers.iter().filter(|receiver| receiver.skip.is_none()).count();
        let mut codes = codes(campaign, issued).into_iter();
        for (number, receiver) in receivers.into_iter().enumerate() {
            let code = if receiver.skip.is_none() { codes.next() } else { None };
            all.push(delivery(place, campaign, guests, receiver, (number, code), calendar));
        }
    }
    one_is_uncertain(&mut all, campaigns, calendar);
    all
}

/// A worker died while it was sending the last SMS that arrived and was not opened.
fn one_is_uncertain(all: &mut [Delivery], campaigns: &[Campaign], calendar: &Calendar) {
    let is_open = |made: &&mut Delivery| {
        let campaign = &campaigns[made.campaign];
        let expired = made.expired_at(campaign, calendar.now);
        campaign.spec.channel == Channel::Sms
            && made.fate.accepted_at.is_some()
            && (made.seen_at, made.validated_at, expired) == (None, None, None)
            && made.withdrawn.is_none()
    };
    if let Some(made) = all.iter_mut().rev().find(is_open) {
        let (queued_at, uncertain_at) = (made.fate.queued_at, made.fate.sent_at);
        made.fate = Fate { queued_at, uncertain_at, ..Fate::default() };
    }
}

struct Receiver {
    guest: usize,
    issued_at: DateTime<Utc>,
    left_at: Option<DateTime<Utc>>,
    through: i64,
    skip: Option<Skip>,
}

/// Who was in an included group when the campaign began, or joined it later while it ran.
fn receivers(
    campaign: &Campaign,
    issued_at: DateTime<Utc>,
    guests: &[Guest],
    stays: &[Stay],
    calendar: &Calendar,
) -> Vec<Receiver> {
    let halted = campaign.cancelled_at.or(campaign.paused_at).or(campaign.ends_at).unwrap_or(calendar.now);
    let is = |group: usize, included: bool| campaign.spec.groups.contains(&(group, included));
    let excluded = |guest: usize| stays.iter().any(|stay| stay.guest == guest && is(stay.group, false));
    let mut receivers: HashMap<usize, Receiver> = HashMap::new();
    for stay in stays.iter().filter(|stay| is(stay.group, true)) {
        let left_at = stay.left.as_ref().map(|(at, _)| *at);
        let at = issued_at.max(stay.joined_at);
        let late = stay.joined_at > issued_at;
        if left_at.is_some_and(|left| left <= at) || at >= halted || (late && !campaign.spec.also_later) {
            continue;
        }
        let guest = &guests[stay.guest];
        if excluded(stay.guest) {
            continue;
        }
        let person = &guest.person;
        let (has_address, agrees) = match campaign.spec.channel {
            Channel::Sms => (person.phone.is_some(), person.sms_consent),
            Channel::Email => (person.email.is_some(), person.email_consent),
            Channel::App | Channel::Code => (true, true),
        };
        let reasons = [
            (at >= guest.active_until(calendar.now), Skip::Blocked),
            (!has_address, Skip::NoAddress),
            (!agrees, Skip::NoConsent),
        ];
        let skip = reasons.into_iter().find(|(holds, _)| *holds).map(|(_, skip)| skip);
        let receiver = Receiver { guest: stay.guest, issued_at: at, left_at, through: 0, skip };
        receivers.entry(stay.guest).or_insert(receiver).through |= campaign.bit(stay.group);
    }
    let mut sorted: Vec<Receiver> = receivers.into_values().collect();
    sorted.sort_by_key(|receiver| (receiver.issued_at, receiver.guest));
    sorted
}

fn codes(campaign: &Campaign, count: usize) -> Vec<String> {
    if let Codes::One(text, _) = &campaign.spec.codes {
        return vec![text.clone(); count];
    }
    drawn(campaign.spec.prefix, count, campaign.id.0.unsigned_abs())
}

/// So many codes, in no order.
pub fn drawn(prefix: &str, count: usize, seed: u64) -> Vec<String> {
    let (mut batch, mut codes) = (Batch::default(), Vec::new());
    if let Ok(mut draw) = Draw::seeded(format_of(prefix, 10), count as u64, seed) {
        while draw.fill(&mut batch) {
            codes.extend(batch.iter().map(str::to_owned));
        }
    }
    let mut dice = Dice::of(0xC0DE, seed);
    for place in (1..codes.len()).rev() {
        codes.swap(place, dice.index(place + 1));
    }
    codes
}

fn delivery(
    place: usize,
    campaign: &Campaign,
    guests: &[Guest],
    receiver: Receiver,
    (number, code): (usize, Option<String>),
    calendar: &Calendar,
) -> Delivery {
    let mut dice = Dice::of(0xDE11 + place as u64, receiver.guest as u64);
    let issued_at = receiver.issued_at;
    let days = campaign.spec.validity_days.map(|days| issued_at + Duration::days(days.into()));
    let expires_at = days.map(|at| campaign.ends_at.map_or(at, |end| end.min(at))).filter(|_| code.is_some());
    let over = [
        campaign.ends_at,
        expires_at,
        campaign.paused_at,
        campaign.cancelled_at,
        receiver.left_at,
        Some(guests[receiver.guest].active_until(calendar.now)),
    ];
    let over = over.into_iter().flatten().min().unwrap_or(calendar.now);
    let is_told = campaign.has_messages() && code.is_some();
    let fate = if is_told { Fate::of(campaign, number, issued_at, calendar) } else { Fate::default() };
    // most look soon, some days later
    let from = fate.sent_at.unwrap_or(issued_at);
    let soon = if dice.chance(650) { from + Duration::hours(30) } else { from + Duration::days(24) };
    let looks = dice.chance(690) && code.is_some() && fate.has_arrived(is_told) && from < over;
    let seen_at = looks.then(|| calendar.between(from, soon.min(over), &mut dice));
    let uses = dice.chance(440) && receiver.guest != MIA;
    let validated_at = seen_at
        .filter(|seen| uses && *seen + Duration::hours(1) < over)
        .map(|seen| calendar.between(seen + Duration::minutes(2), over.min(seen + Duration::days(21)), &mut dice));
    let left = receiver.left_at.map(|at| (at, "left the group"));
    let cancelled = campaign.cancelled_at.map(|at| (at, "campaign cancelled"));
    let withdrawn = [left, cancelled].into_iter().flatten().min();
    let is_open = validated_at.is_none() && code.is_some();
    Delivery {
        guest: receiver.guest,
        campaign: place,
        issued_at,
        expires_at,
        through: receiver.through,
        token: is_told.then(Uuid::new_v4),
        fate,
        seen_at,
        validated_at,
        withdrawn: withdrawn.filter(|(at, _)| is_open && expires_at.is_none_or(|end| *at < end)),
        skip: receiver.skip,
        code,
    }
}

impl Delivery {
    /// When it expired unused, by its own date.
    pub fn expired_at(&self, campaign: &Campaign, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let is_open = self.validated_at.is_none() && self.withdrawn.is_none() && self.fate.error.is_none();
        self.expires_at.filter(|at| is_open && *at <= now && Some(*at) != campaign.ends_at)
    }
}

//! Codes that guests typed in the app: those that opened the Barista Circle, and some that opened nothing.

use chrono::{DateTime, Duration, Utc};

use super::calendar::Calendar;
use super::campaign::Campaign;
use super::coupons::{BEANS, WELCOME};
use super::members::Guest;
use super::stays::{Stay, Way};
use crate::memberships::Source;
use crate::seed::Dice;

/// An attempt on a code.
pub struct Try {
    /// Place of the guest.
    pub guest: usize,
    pub at: DateTime<Utc>,
    pub text: String,
    /// Place of the campaign, if the code exists.
    pub campaign: Option<usize>,
    /// "ok" or why not.
    pub outcome: &'static str,
    pub address: String,
}

/// What people mistype.
const WRONG: [&str; 9] = [
    "WELCOM",
    "WELCOME",
    "BARISTA2025",
    "KAFFEEKONTOR",
    "W3LC0ME",
    "COFFEE10",
    "0000",
    "GRATIS",
    "MEIN CODE GEHT NICHT",
];

/// All attempts, in the order in which they were made.
pub fn of(stays: &[Stay], guests: &[Guest], campaigns: &[Campaign], calendar: &Calendar, welcome: &str) -> Vec<Try> {
    let mut tries = Vec::new();
    for (place, stay) in stays.iter().enumerate() {
        if !matches!(&stay.way, Way::Known(Source::Code(_))) {
            continue;
        }
        let mut dice = Dice::of(0x7215, place as u64);
        let address = address(&mut dice);
        let made = |at, text: &str, campaign, outcome| Try {
            guest: stay.guest,
            at,
            text: text.to_owned(),
            campaign,
            outcome,
            address: address.clone(),
        };
        if dice.chance(110) {
            let before = stay.joined_at - Duration::seconds(dice.between(20, 140));
            tries.push(made(before, dice.pick(&WRONG), None, "code_unknown"));
        }
        tries.push(made(stay.joined_at, welcome, Some(WELCOME), "ok"));
        let again = stay.joined_at + Duration::seconds(dice.between(15, 90));
        if dice.chance(40) && again < calendar.now {
            tries.push(made(again, welcome, Some(WELCOME), "already_member"));
        }
    }
    tries.extend(in_vain(guests, campaigns, calendar));
    tries.sort_by_key(|attempt| attempt.at);
    tries
}

/// Guests who had only half an idea.
fn in_vain<'a>(
    guests: &'a [Guest],
    campaigns: &'a [Campaign],
    calendar: &'a Calendar,
) -> impl Iterator<Item = Try> + 'a {
    (0..26).map(|number| {
        let mut dice = Dice::of(0x0FF, number);
        let guest = dice.index(guests.len());
        let from = guests[guest].since.max(calendar.day(-89));
        let at = calendar.between(from, guests[guest].active_until(calendar.now), &mut dice);
        let beans = &campaigns[BEANS];
        let ran = beans.starts_at.is_some_and(|start| start < at);
        let (text, campaign, outcome) = match number % 5 {
            0 if ran => ("BEANS15", Some(BEANS), "in_app_validation_not_allowed"),
            _ => (dice.pick(&WRONG), None, "code_unknown"),
        };
        Try { guest, at, text: text.to_owned(), campaign, outcome, address: address(&mut dice) }
    })
}

/// Of the networks that are kept for examples.
fn address(dice: &mut Dice) -> String {
    format!("{}.{}", dice.pick(&["192.0.2", "198.51.100", "203.0.113"]), dice.between(1, 254))
}

//! The rules about the campaign itself: published, begun, running; and whether the member was one by then.

use super::rule::{Check, Outcome, Rule, Teller};
use super::situation::{Moment, Situation};
use crate::campaigns::{Channel, Status};

/// Published, and not cancelled before it was this member's turn.
pub fn published(of: &Situation, teller: &Teller) -> Rule {
    let campaign = &of.campaign;
    let Some(published) = campaign.published_at else {
        return Rule::new(Check::Published, Outcome::Stops, "It is a draft: nobody gets it before it is published.")
            .with_way(teller.may_edit, "Open the draft", campaign.path());
    };
    let words = format!("Published on {}.", teller.moment(published));
    match campaign.cancelled_at {
        None => Rule::new(Check::Published, Outcome::Passed, words),
        Some(at) => {
            let outcome = if of.moment.is_now() { Outcome::Stops } else { Outcome::Note };
            Rule::new(Check::Published, outcome, format!("{words} Cancelled on {}.", teller.moment(at)))
        }
    }
}

/// Its time frame.
pub fn started(of: &Situation, teller: &Teller) -> Rule {
    let times = &of.campaign.times;
    match (times.starts_at, times.ends_at) {
        (Some(start), _) if start > of.now => {
            Rule::new(Check::Started, Outcome::Waits, format!("It begins on {}.", teller.moment(start)))
        }
        (_, Some(end)) if end <= of.now && of.moment.is_now() => Rule::new(
            Check::Started,
            Outcome::Stops,
            format!("It ended on {} and is issued to nobody any more.", teller.organisation.end(end)),
        ),
        (_, Some(end)) if end <= of.now => {
            Rule::new(Check::Started, Outcome::Note, format!("It has ended, on {}.", teller.organisation.end(end)))
        }
        (Some(start), _) => {
            Rule::new(Check::Started, Outcome::Passed, format!("It runs since {}.", teller.moment(start)))
        }
        (None, _) => Rule::new(Check::Started, Outcome::Waits, "It has no start yet."),
    }
}

/// Paused, held, being issued.
pub fn running(of: &Situation, teller: &Teller) -> Rule {
    let campaign = &of.campaign;
    if let Some(held) = of.sending.as_ref().and_then(|row| row.held()) {
        let words = format!("Held since {}. {}", teller.moment(held.since), held.words(teller.organisation));
        return Rule::new(Check::Running, Outcome::Waits, words).with_way(
            teller.may_edit,
            "Send now",
            format!("{}/release", campaign.path()),
        );
    }
    if let Some(at) = campaign.paused_at {
        let words = format!("Paused since {}: nothing is issued or sent until it is resumed.", teller.moment(at));
        return Rule::new(Check::Running, Outcome::Waits, words).with_way(
            teller.may_edit,
            "Open the campaign",
            campaign.path(),
        );
    }
    let status = campaign.status(of.now);
    let is_live = status == Status::Live && campaign.channel() != Channel::Code;
    match (campaign.issuing_since, campaign.issued_at) {
        (Some(since), None) if is_live && of.moment.is_now() => {
            let words =
                format!("It is being issued since {}: members get their turn one after another.", teller.moment(since));
            Rule::new(Check::Running, Outcome::Waits, words)
        }
        (None, _) if is_live => Rule::new(Check::Running, Outcome::Waits, "It is issued any moment."),
        (Some(since), _) => {
            Rule::new(Check::Running, Outcome::Passed, format!("Issued from {} on.", teller.moment(since)))
        }
        _ => Rule::new(Check::Running, Outcome::Passed, "It is neither paused nor held."),
    }
}

/// Whether they were a member when it was issued.
pub fn member(of: &Situation, teller: &Teller) -> Rule {
    let since = of.member.created_at;
    let words = format!("Member since {}", teller.moment(since));
    match of.moment {
        Moment::PassedOver(at) if since > at => Rule::new(
            Check::Member,
            Outcome::Stops,
            format!("{words}, after it was issued on {}. It does not go to members who come later.", teller.moment(at)),
        ),
        _ => Rule::new(Check::Member, Outcome::Passed, format!("{words}.")),
    }
}

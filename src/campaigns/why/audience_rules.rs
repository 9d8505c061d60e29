//! The rules about the member: included, excluded, blocked, reachable.

use super::group_past::{GroupPast, StayPast};
use super::past::Past;
use super::rule::{Check, Outcome, Rule, Teller};
use super::situation::Situation;
use crate::campaigns::Status;
use crate::channels::MessageChannel;
use crate::deliveries::Skip;
use crate::members::Guarded;

/// Everyone, or a group that they were in at the moment of issuing. Whoever the ledger holds was included.
pub fn included(of: &Situation, teller: &Teller) -> Rule {
    let moment = of.moment.at();
    let groups: Vec<&GroupPast> = of.groups.iter().filter(|group| group.included).collect();
    let told = match of.campaign.everyone {
        None => return Rule::new(Check::Included, Outcome::Stops, "Nobody has chosen yet who receives it."),
        Some(true) => return Rule::new(Check::Included, Outcome::Passed, "It is for everyone."),
        Some(false) if groups.is_empty() => {
            return Rule::new(
                Check::Included,
                Outcome::Passed,
                "It is for everyone but members of the excluded groups.",
            );
        }
        Some(false) => groups.iter().map(|group| history(group, teller)),
    };
    let through: Vec<String> = groups
        .iter()
        .filter(|group| !group.was_over(moment))
        .filter_map(|group| {
            Some(format!(
                "{} since {}, {}",
                group.name,
                teller.moment(group.stay_at(moment)?.joined_at),
                group.stay_at(moment)?.how
            ))
        })
        .collect();
    let history = told.collect::<Vec<_>>();
    if !through.is_empty() {
        let verb = if of.moment.is_now() { "Is" } else { "Was" };
        return Rule::new(Check::Included, Outcome::Passed, format!("{verb} in {}.", through.join("; in ")))
            .with_history(history);
    }
    if of.is_decided() {
        return Rule::new(Check::Included, Outcome::Passed, "Was included when it was issued.").with_history(history);
    }
    let words = match of.moment.is_now() {
        true => "Is in none of the groups that it is for.".to_owned(),
        false => format!("Was in none of the groups that it is for when it was issued, on {}.", teller.moment(moment)),
    };
    let may_join = of.campaign.also_later && of.campaign.status(of.now) == Status::Live;
    let later = match (of.moment.is_now(), may_join) {
        (true, _) => "",
        (false, true) => " Joining one of them now, they get it at once.",
        (false, false) => " It does not go to members who join later.",
    };
    Rule::new(Check::Included, Outcome::Stops, words + later).with_history(history).with_way(
        of.moment.is_now() || may_join,
        "Edit user groups",
        of.member_path("/user-groups"),
    )
}

/// Exclude always wins.
pub fn excluded(of: &Situation, teller: &Teller) -> Rule {
    let moment = of.moment.at();
    let groups: Vec<&GroupPast> = of.groups.iter().filter(|group| !group.included).collect();
    if groups.is_empty() || of.campaign.everyone == Some(true) {
        return Rule::new(Check::Excluded, Outcome::Passed, "No group is excluded.");
    }
    let history = groups.iter().map(|group| history(group, teller));
    let inside: Vec<&str> =
        groups.iter().filter(|group| group.stay_at(moment).is_some()).map(|group| group.name.as_str()).collect();
    if inside.is_empty() || of.is_decided() {
        let verb = if of.moment.is_now() { "Is" } else { "Was" };
        let words = format!("{verb} in none of the excluded groups.");
        return Rule::new(Check::Excluded, Outcome::Passed, words).with_history(history);
    }
    let verb = if of.moment.is_now() { "Is" } else { "Was" };
    let words = format!("{verb} in {}, whose members do not get it. Exclude always wins.", inside.join(" and "));
    Rule::new(Check::Excluded, Outcome::Stops, words).with_history(history).with_way(
        of.moment.is_now(),
        "Edit user groups",
        of.member_path("/user-groups"),
    )
}

/// "VIP: from 3 May 2026, 10:00, by Tom, to 9 May 2026, 11:00, by the member, in the app"
fn history(group: &GroupPast, teller: &Teller) -> String {
    let stay = |stay: &StayPast| {
        let from = format!("from {}, {}", teller.moment(stay.joined_at), stay.how);
        match stay.left_at {
            Some(left) => format!("{from}, to {}, {}", teller.moment(left), stay.how_left),
            None => format!("{from}, still in"),
        }
    };
    let stays: Vec<String> = group.stays.iter().map(stay).collect();
    let over = group
        .stops_at
        .map(|stop| format!(" (the group ends on {})", teller.organisation.end(stop)))
        .unwrap_or_default();
    match stays.is_empty() {
        true => format!("{}: never in it{over}", group.name),
        false => format!("{}: {}{over}", group.name, stays.join("; ")),
    }
}

/// Blocked then, and now.
pub fn blocked(of: &Situation, teller: &Teller) -> Rule {
    let then = match (of.skip(), of.is_decided()) {
        (Some(Skip::Blocked), _) => true,
        (_, true) => false,
        (_, false) => of.blocked.at(of.moment.at()),
    };
    let now = of.member.blocked_at.map(|at| {
        let reason = of.member.blocked_reason.as_deref().unwrap_or_default();
        format!("Blocked since {}: {reason}", teller.moment(at))
    });
    let words = match (then, of.moment.is_now(), &now) {
        (true, true, Some(now)) => format!("{now}."),
        (true, _, Some(now)) => format!("Was blocked when it was issued, and is. {now}."),
        (true, _, None) => "Was blocked when it was issued; is not any more.".to_owned(),
        (false, _, Some(now)) => format!("Was not blocked when it was issued, but is now. {now}."),
        (false, true, None) => "Is not blocked.".to_owned(),
        (false, false, None) => "Was not blocked.".to_owned(),
    };
    let line = |change: &super::past::Change<bool>| {
        let what = if change.after { "Blocked" } else { "Unblocked" };
        format!("{what} on {}, {}", teller.moment(change.at), change.how)
    };
    Rule::new(Check::Blocked, if then { Outcome::Stops } else { Outcome::Passed }, words)
        .with_history(of.blocked.changes.iter().map(line))
        .with_way(now.is_some(), "Unblock", of.member_path("/unblock"))
}

/// Consent and address, where the channel needs them.
pub fn reachable(of: &Situation, teller: &Teller) -> Rule {
    let Some(channel) = of.channel() else {
        return Rule::new(Check::Reachable, Outcome::Passed, "Not needed: it is not sent as a message.");
    };
    let moment = of.moment.at();
    let seen = |address: Option<Guarded>| address.map(|address| address.stored(teller.sight));
    let skipped = of.skip();
    let is_stopped = match (skipped, of.is_decided()) {
        (Some(Skip::NoAddress | Skip::NoConsent | Skip::Unsubscribed), _) => true,
        (_, true) => false,
        (_, false) => !of.consent.at(moment) || of.address.at(moment).is_none(),
    };
    let then = match skipped {
        Some(Skip::Unsubscribed) => "They had ended such messages by the link in one.".to_owned(),
        Some(Skip::NoAddress) => standing(channel, of.consent.at(moment), None, of.moment.is_now()),
        Some(Skip::NoConsent) => standing(channel, false, seen(of.address.at(moment)), of.moment.is_now()),
        _ if of.is_decided() && !is_stopped => format!("Had consent and {}.", noun(channel)),
        _ => standing(channel, of.consent.at(moment), seen(of.address.at(moment)), of.moment.is_now()),
    };
    let now = match of.moment.is_now() {
        true => String::new(),
        false => format!(" {}", standing(channel, of.consent.now, seen(of.address.now.clone()), true)),
    };
    let changes = of.consent.changes.iter().map(|change| {
        let what = if change.after { "given" } else { "withdrawn" };
        format!("Consent to {} {what} on {}, {}", messages(channel), teller.moment(change.at), change.how)
    });
    Rule::new(Check::Reachable, if is_stopped { Outcome::Stops } else { Outcome::Passed }, then + &now)
        .with_history(changes)
        .with_history(address_lines(&of.address, channel, teller))
        .with_way(is_stopped && teller.may_edit, "Edit details", format!("/members/{}/edit", of.member.id))
}

fn standing(channel: MessageChannel, consent: bool, address: Option<String>, is_now: bool) -> String {
    let verb = if is_now { "Now has" } else { "Had" };
    let consent = if consent { "consent" } else { "no consent" };
    match address {
        Some(address) => format!("{verb} {consent} to {} and {} ({address}).", messages(channel), noun(channel)),
        None => format!(
            "{verb} {consent} to {} and no {}.",
            messages(channel),
            noun(channel).trim_start_matches("a ").trim_start_matches("an ")
        ),
    }
}

/// Within a sentence.
fn messages(channel: MessageChannel) -> &'static str {
    if channel == MessageChannel::Sms { "SMS" } else { "e-mails" }
}

fn noun(channel: MessageChannel) -> &'static str {
    if channel == MessageChannel::Sms { "a phone number" } else { "an e-mail address" }
}

fn address_lines(past: &Past<Option<Guarded>>, channel: MessageChannel, teller: &Teller) -> Vec<String> {
    let what = if channel == MessageChannel::Sms { "Phone number" } else { "E-mail address" };
    let or_none =
        |value: &Option<Guarded>| value.as_ref().map_or_else(|| "none".to_owned(), |value| value.stored(teller.sight));
    let line = |change: &super::past::Change<Option<Guarded>>| {
        let (before, after) = (or_none(&change.before), or_none(&change.after));
        format!("{what} changed from {before} to {after} on {}, {}", teller.moment(change.at), change.how)
    };
    past.changes.iter().map(line).collect()
}

//! The rules about the member: included, excluded, blocked, reachable.

use super::group_past::{GroupPast, StayPast};
use super::past::Past;
use super::rule::{Check, Outcome, Rule, Teller};
use super::situation::Situation;
use crate::campaigns::Status;
use crate::channels::MessageChannel;
use crate::deliveries::Skip;

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
            None => {
            let noun = noun(channel).trim_start_matches("a ").trim_start_matches("an ");
            format!("{verb} {consent} to {} and no {noun}.", messages(channel))
        }
    }
}

/// Within a sentence.
fn messages(channel: MessageChannel) -> &'static str {
    if channel == MessageChannel::Sms { "SMS" } else { "e-mails" }
}

fn noun(channel: MessageChannel) -> &'static str {
    if channel == MessageChannel::Sms { "a phone number" } else { "an e-mail address" }
}

fn address_lines(past: &Past<Option<String>>, channel: MessageChannel, teller: &Teller) -> Vec<String> {
    let what = if channel == MessageChannel::Sms { "Phone number" } else { "E-mail address" };
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let line = |change: &super::past::Change<Option<String>>| {
        let (before, after) = (or_none(&change.before), or_none(&change.after));
        format!("{what} changed from {before} to {after} on {}, {}", teller.moment(change.at), change.how)
    };
    past.changes.iter().map(line).collect()
}

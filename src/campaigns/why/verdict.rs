//! The verdict: did they get it, and which rule decided.

use super::rule::{Check, Outcome, Rule, Teller};
use super::situation::{Moment, Situation};
use super::{audience_rules, delivery_rules, running_rules};
use crate::campaigns::Channel;
use crate::deliveries::DeliveryState;
use crate::deliveries::Skip;

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was issued to them; where it stands.
    Has(DeliveryState),
    /// It was decided that they get nothing.
    Skipped(Skip),
    /// They were no receiver when it was issued, by this rule.
    PassedOver(Check),
    /// Not decided yet: as things stand they get it.
    WouldGet,
    /// Not decided yet: as things stand they do not, by this rule.
    WouldNot(Check),
    /// Nothing that is known explains it: they joined or left while it was being issued.
    Unknown,
}

/// All rules in their order.
pub fn rules(of: &Situation, teller: &Teller) -> Vec<Rule> {
    let all: [fn(&Situation, &Teller) -> Rule; 11] = [
        running_rules::published,
        running_rules::started,
        running_rules::running,
        running_rules::member,
        audience_rules::included,
        audience_rules::excluded,
        audience_rules::blocked,
        audience_rules::reachable,
        delivery_rules::code,
        delivery_rules::in_time,
        delivery_rules::delivery,
    ];
    all.into_iter().map(|rule| rule(of, teller)).collect()
}

impl Verdict {
    /// From what the ledger holds, or else from the first rule that is in the way.
    pub fn of(of: &Situation, rules: &[Rule]) -> Self {
        let first = rules.iter().find(|rule| rule.outcome == Outcome::Stops).map(|rule| rule.check);
        match (&of.delivery, of.moment) {
            (Some(delivery), _) => match (delivery_rules::state_of(of, delivery), of.skip()) {
                (DeliveryState::Skipped, Some(skip)) => Self::Skipped(skip),
                (state, _) => Self::Has(state),
            },
            (None, Moment::PassedOver(_)) => first.map_or(Self::Unknown, Self::PassedOver),
            (None, _) => first.map_or(Self::WouldGet, Self::WouldNot),
        }
    }

    /// The rule that decided, where one did.
    pub fn decided_by(self) -> Option<Check> {
        match self {
            Self::Has(_) => Some(Check::Delivery),
            Self::PassedOver(check) | Self::WouldNot(check) => Some(check),
            Self::WouldGet | Self::Unknown => None,
            Self::Skipped(skip) => Some(match skip {
                Skip::Blocked => Check::Blocked,
                Skip::NoAddress | Skip::NoConsent | Skip::Unsubscribed => Check::Reachable,
                Skip::NoCode => Check::Code,
                Skip::Quiet | Skip::TooLate | Skip::Late => Check::InTime,
            }),
        }
    }

    /// In a sentence about this member.
    pub fn sentence(self, of: &Situation) -> String {
        let name = &of.member.name;
        match self {
            Self::Has(state) => format!("{name} {}", has_words(state)),
            Self::Skipped(skip) => format!("{name} did not get it: {}.", skip.label().to_lowercase()),
            Self::PassedOver(check) => format!("{name} did not get it: {}.", not_words(check)),
            Self::WouldGet if of.campaign.channel() == Channel::Code => format!("{name} may use it in the app."),
            Self::WouldGet => format!("{name} gets it, as things stand."),
            Self::WouldNot(check) if of.campaign.channel() == Channel::Code => {
                format!("{name} may not use it in the app: {}.", not_words(check))
            }
            Self::WouldNot(check) => format!("{name} does not get it, as things stand: {}.", not_words(check)),
            Self::Unknown => format!("{name} did not get it. Their groups changed while it was being issued."),
        }
    }

    /// The colour of it.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Has(state) if state.tone() == "info" => "good",
            Self::Has(state) => state.tone(),
            Self::WouldGet => "good",
            Self::Skipped(_) | Self::PassedOver(_) | Self::WouldNot(_) => "stop",
            Self::Unknown => "warn",
        }
    }
}

fn has_words(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Issued => "has it, in the app.",
        DeliveryState::Queued => "gets it: the message waits for its turn.",
        DeliveryState::Uncertain => "may have got it: nobody knows for sure.",
        DeliveryState::Sent | DeliveryState::Accepted => "got it.",
        DeliveryState::Seen => "got it and opened it.",
        DeliveryState::Validated => "got it and used it.",
        DeliveryState::Expired => "had it; it has expired unused.",
        DeliveryState::Withdrawn => "had it; it was taken back.",
        DeliveryState::Bounced => "did not get it: the message bounced.",
        DeliveryState::Failed => "did not get it: the message failed.",
        DeliveryState::Skipped => "did not get it.",
    }
}

fn not_words(check: Check) -> &'static str {
    match check {
        Check::Published => "it is not published, or cancelled",
        Check::Started => "it has ended",
        Check::Running => "it is stopped",
        Check::Member => "not a member by then",
        Check::Included => "in none of its groups",
        Check::Excluded => "in an excluded group",
        Check::Blocked => "blocked",
        Check::Reachable => "no consent or no address",
        Check::Code => "no code left",
        Check::InTime => "too late",
        Check::Delivery => "nothing came of it",
    }
}

//! The rules about what is given: a code, in time; and what came of it.

use super::rule::{Check, Outcome, Rule, Teller};
use super::situation::{DeliveryMarks, Situation};
use crate::campaigns::tally::as_read;
use crate::campaigns::{Channel, CodeSource, retry};
use crate::codes::text::CodeText;
use crate::deliveries::DeliveryState;
use crate::deliveries::Skip;

/// A code was left for them.
pub fn code(of: &Situation, teller: &Teller) -> Rule {
    let campaign = &of.campaign;
    if of.skip() == Some(Skip::NoCode) {
        let words = "All codes had been handed out. They get one as soon as more are made.";
        return Rule::new(Check::Code, Outcome::Stops, words).with_way(
            teller.may_edit,
            "Make more codes",
            format!("{}/codes/new", campaign.path()),
        );
    }
    if let Some(text) = of.delivery.as_ref().and_then(|delivery| delivery.code.as_deref()) {
        let text = CodeText::parse(text).map(|code| code.grouped()).unwrap_or_else(|_| text.to_owned());
        return Rule::new(Check::Code, Outcome::Passed, format!("Has the code {text}."));
    }
    let words = match campaign.pos.code_source() {
        _ if campaign.channel() == Channel::Code => "Codes are handed out outside the system.",
        Some(CodeSource::One) => "The same code for everyone.",
        Some(CodeSource::Many | CodeSource::Imported) => "One of many codes is given to each receiver.",
        Some(CodeSource::Personal) => "A code of their own is made for each receiver.",
        None => "Its codes are not chosen yet.",
    };
    Rule::new(Check::Code, Outcome::Passed, words)
}

/// Quiet hours, the coupon's end, a late campaign.
pub fn in_time(of: &Situation, teller: &Teller) -> Rule {
    let times = &of.campaign.times;
    let stopped = match of.skip() {
        Some(Skip::Late) => Some("The campaign was late, and its rule for that says that nothing more goes out."),
        Some(Skip::TooLate) => Some("The message could only have arrived after the coupon’s end."),
        Some(Skip::Quiet) => Some("The quiet hours would have lasted until after the coupon’s end."),
        _ => None,
    };
    let quiet = times.quiet_from.map(|_| format!(" Quiet hours: {}.", times.quiet_words())).unwrap_or_default();
    if let Some(words) = stopped {
        return Rule::new(Check::InTime, Outcome::Stops, format!("{words}{quiet}"));
    }
    let end = of.delivery.as_ref().and_then(|delivery| delivery.expires_at).or(times.ends_at);
    let until = end.map(|end| format!("Valid until {}.", teller.organisation.end(end))).unwrap_or_default();
    Rule::new(Check::InTime, Outcome::Passed, format!("{until}{quiet}").trim().to_owned())
}

/// The delivery's state, with all its times and what the provider said.
pub fn delivery(of: &Situation, teller: &Teller) -> Rule {
    let Some(delivery) = &of.delivery else {
        let words = match (of.campaign.channel(), of.moment.is_now()) {
            (Channel::Code, _) => "Nobody is issued a Code coupon.",
            (_, true) => "Not issued yet.",
            (_, false) => "Nothing was issued to them.",
        };
        return Rule::new(Check::Delivery, Outcome::Note, words);
    };
    let state = state_of(of, delivery);
    let can_retry = retry::is_possible(of.campaign.status(of.now)) && teller.may_edit;
    let history = delivery.marks.iter().map(|(name, at)| format!("{name} on {}", teller.moment(*at)));
    Rule::new(Check::Delivery, outcome(state), words(of, delivery, state, teller))
        .with_history(history)
        .with_history(of.messages.iter().map(|message| message.words(teller.organisation, teller.sight)))
        .with_way(
            can_retry && matches!(state, DeliveryState::Failed | DeliveryState::Uncertain),
            "Retry failed",
            format!("{}/retry", of.campaign.path()),
        )
}

/// As it reads now.
pub fn state_of(of: &Situation, delivery: &DeliveryMarks) -> DeliveryState {
    as_read(delivery.state.unwrap_or(DeliveryState::Issued), of.campaign.is_over(of.now))
}

fn outcome(state: DeliveryState) -> Outcome {
    match state {
        DeliveryState::Queued | DeliveryState::Uncertain => Outcome::Waits,
        DeliveryState::Bounced | DeliveryState::Failed | DeliveryState::Withdrawn | DeliveryState::Expired => {
            Outcome::Stops
        }
        DeliveryState::Skipped => Outcome::Note,
        _ => Outcome::Passed,
    }
}

/// Quiet hours, or the next try.
fn waits_until(of: &Situation) -> Option<chrono::DateTime<chrono::Utc>> {
    let waiting = of.messages.iter().rev().find(|message| message.is_queued())?;
    waiting.next_attempt_at.filter(|at| *at > of.now)
}

fn words(of: &Situation, delivery: &DeliveryMarks, state: DeliveryState, teller: &Teller) -> String {
    let why =
        delivery.reason.as_deref().map(|reason| format!(": {}", teller.sight.foreign(reason))).unwrap_or_default();
    match state {
        DeliveryState::Issued => "Theirs, in the app; not opened yet.".to_owned(),
        DeliveryState::Queued => match waits_until(of) {
            Some(at) => format!("Its message waits until {}.", teller.moment(at)),
            None => "Its message waits for its turn.".to_owned(),
        },
        DeliveryState::Uncertain => {
            "A worker stopped while handing its message over: it may have been sent, and is not repeated by itself."
                .to_owned()
        }
        DeliveryState::Sent => "The provider took it over; not opened yet.".to_owned(),
        DeliveryState::Accepted => "The provider reports that it arrived; not opened yet.".to_owned(),
        DeliveryState::Seen => "Opened; not used yet.".to_owned(),
        DeliveryState::Validated => "Used.".to_owned(),
        DeliveryState::Expired => "Its time has passed, unused.".to_owned(),
        DeliveryState::Withdrawn => format!("Taken back{why}."),
        DeliveryState::Bounced => format!("The provider reports that it could not be delivered{why}."),
        DeliveryState::Failed => format!("The provider did not take it{why}."),
        DeliveryState::Skipped => "Nothing was given or sent.".to_owned(),
    }
}

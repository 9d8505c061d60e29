//! A campaign's numbers as its page shows them: the funnel, and the ledger that adds up. Each is a link to its members.

use super::Channel;
use super::receiver_filter::Standing;
use super::tally::{Reached, Tally};
use crate::deliveries::DeliveryState;

/// The bars are drawn in so many units.
const WIDE: i64 = 1000;
/// Nobody's bar is narrower, so that it is seen.
const NARROWEST: i64 = 4;

/// A step of the funnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelStep {
    /// **Receivers**, **Issued** …
    pub name: &'static str,
    /// How many got so far.
    pub number: i64,
    /// Those members.
    pub href: String,
    /// "45 %" of the receivers; empty at the first.
    pub share: String,
    /// Of the bar.
    pub width: i64,
}

/// A part of the sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPart {
    /// The state, or the reason.
    pub name: &'static str,
    /// How many.
    pub number: i64,
    /// Those members.
    pub href: String,
    /// Its colour.
    pub tone: &'static str,
    /// For style: the state's key.
    pub key: &'static str,
    /// Where its piece of the bar begins.
    pub from: i64,
    /// How wide it is.
    pub width: i64,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// From receivers to validated.
    pub funnel: Vec<FunnelStep>,
    /// Every state that someone is in; their sum is the receivers.
    pub states: Vec<LedgerPart>,
    /// The skipped, by reason.
    pub skips: Vec<LedgerPart>,
    /// Could be tried again.
    pub failed: i64,
    /// May have been sent.
    pub uncertain: i64,
}

/// The steps that a channel has.
pub fn steps(channel: Channel) -> &'static [Reached] {
    match channel {
        Channel::App => &[Reached::Issued, Reached::Seen, Reached::Validated],
        Channel::Sms | Channel::Email => &[Reached::Issued, Reached::Sent, Reached::Seen, Reached::Validated],
        Channel::Code => &[],
    }
}

impl Numbers {
    /// Of a campaign whose page has this path.
    pub fn of(tally: &Tally, channel: Channel, path: &str) -> Self {
        let list = |pairs: &str| format!("{path}/deliveries{pairs}");
        let all = tally.receivers();
        let mut funnel = vec![FunnelStep {
            name: "Receivers",
            number: all,
            href: list(""),
            share: String::new(),
            width: if all > 0 { WIDE } else { 0 },
        }];
        funnel.extend(steps(channel).iter().map(|step| {
            let number = tally.reached(*step);
            let (share, width) = (share(number, all), width(number, all));
            let href = list(&format!("?state={}", Standing::Ever(*step).key()));
            FunnelStep { name: step.label(), number, href, share, width }
        }));
        let mut from = 0;
        let states = tally.states().into_iter().map(|(state, number)| {
            let width = width(number, all);
            from += width;
            LedgerPart {
                name: state.label(),
                number,
                href: list(&format!("?state={}", state.key())),
                tone: state.tone(),
                key: state.key(),
                from: from - width,
                width,
            }
        });
        let states = states.collect();
        let skips = tally.skips().into_iter().map(|(skip, number)| LedgerPart {
            name: skip.label(),
            number,
            href: list(&format!("?reason={}", skip.key())),
            tone: "quiet",
            key: skip.key(),
            from: 0,
            width: 0,
        });
        Self {
            funnel,
            states,
            skips: skips.collect(),
            failed: tally.in_state(DeliveryState::Failed),
            uncertain: tally.in_state(DeliveryState::Uncertain),
        }
    }

    /// How many it was decided about.
    pub fn receivers(&self) -> i64 {
        self.funnel.first().map_or(0, |step| step.number)
    }

    /// How wide the bar of all states is: the narrowest pieces make it a little wider than all.
    pub fn bar(&self) -> i64 {
        self.states.last().map_or(WIDE, |part| part.from + part.width)
    }
}

fn width(number: i64, all: i64) -> i64 {
    if number <= 0 || all <= 0 { 0 } else { (number.saturating_mul(WIDE) / all).max(NARROWEST) }
}

/// "45 %", "< 1 %", "0 %".
pub fn share(number: i64, all: i64) -> String {
    if all <= 0 {
        return String::new();
    }
    match (number, (number.saturating_mul(100) + all / 2) / all) {
        (1.., 0) => "< 1 %".to_owned(),
        (_, 100) if number < all => "> 99 %".to_owned(),
        (_, percent) => format!("{percent} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_say_all_or_nothing_where_that_is_wrong() {
        assert_eq!(share(0, 1000), "0 %");
        assert_eq!(share(1, 1000), "< 1 %");
        assert_eq!(share(455, 1000), "46 %");
        assert_eq!(share(999, 1000), "> 99 %");
        assert_eq!(share(1000, 1000), "100 %");
        assert_eq!(share(0, 0), "");
    }
}

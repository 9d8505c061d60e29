//! What came of a guest's message: most arrive, some do not, and of one nobody knows.

use chrono::{DateTime, Duration, Utc};

use super::calendar::Calendar;
use super::campaign::Campaign;
use crate::campaigns::Channel;
use crate::seed::Dice;

/// Marks of a delivery whose coupon comes by a message.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fate {
    pub queued_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub bounced_at: Option<DateTime<Utc>>,
    pub failed_at: Option<DateTime<Utc>>,
    pub uncertain_at: Option<DateTime<Utc>>,
    /// In the provider's words.
    pub error: Option<&'static str>,
}

impl Fate {
    /// Of the campaign's message with this number: not by night, a few a second.
    pub fn of(campaign: &Campaign, number: usize, issued_at: DateTime<Utc>, calendar: &Calendar) -> Self {
        let mut dice = Dice::of(0xFA7E ^ campaign.id.0.unsigned_abs(), number as u64);
        let is_first = campaign.issued_at(calendar) == Some(issued_at);
        let wait = Duration::milliseconds(if is_first { number as i64 * 220 } else { 900 });
        let at = calendar.after_night(issued_at) + wait;
        let mut fate = Self { queued_at: Some(issued_at), ..Self::default() };
        // what would still wait for the morning went out by night, for once
        let at = if at > calendar.now { issued_at + Duration::seconds(1) } else { at };
        let is_sms = campaign.spec.channel == Channel::Sms;
        let reports = |seconds| (at + Duration::seconds(seconds)).min(calendar.now);
        match dice.below(1_000) {
            0..=11 if is_sms => {
                fate.failed_at = Some(at);
                fate.error = Some("Invalid destination address");
            }
            12..=35 if is_sms => {
                fate.sent_at = Some(at);
                fate.bounced_at = Some(reports(dice.between(40, 4_000)));
                fate.error = Some("Subscriber unknown");
            }
            0..=7 => {
                fate.failed_at = Some(at);
                fate.error = Some("550 5.1.1 No such user here");
            }
            36..=899 if is_sms => {
                fate.sent_at = Some(at);
                fate.accepted_at = Some(reports(dice.between(2, 90)));
            }
            _ => fate.sent_at = Some(at),
        }
        fate
    }

    /// Whether the guest can have read it.
    pub fn has_arrived(&self, is_told: bool) -> bool {
        !is_told || (self.sent_at.is_some() && self.bounced_at.is_none())
    }

    /// The message's state.
    pub fn message_state(&self, channel: Channel) -> &'static str {
        match self {
            Self { failed_at: Some(_), .. } => "failed",
            Self { bounced_at: Some(_), .. } => "bounced",
            Self { uncertain_at: Some(_), .. } => "uncertain",
            Self { accepted_at: Some(_), .. } => "accepted",
            _ if channel == Channel::Email => "outbox",
            _ => "sent",
        }
    }

    /// When it came into it.
    pub fn moved_at(&self) -> Option<DateTime<Utc>> {
        self.failed_at.or(self.bounced_at).or(self.uncertain_at).or(self.accepted_at).or(self.sent_at)
    }
}

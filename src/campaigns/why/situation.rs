//! All that decides whether a member gets a campaign, of one moment.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::group_past::GroupPast;
use super::message_past::MessagePast;
use super::past::Past;
use crate::campaigns::sending::Sending;
use crate::campaigns::{Campaign, Channel};
use crate::channels::MessageChannel;
use crate::deliveries::DeliveryState;
use crate::deliveries::Skip;
use crate::members::{Guarded, Member};

/// What is known.
#[derive(Debug, Clone)]
pub struct Situation {
    /// Which campaign.
    pub campaign: Campaign,
    /// How its sending stands.
    pub sending: Option<Sending>,
    /// Who.
    pub member: Member,
    /// The groups that it includes and excludes, each with the member's stays.
    pub groups: Vec<GroupPast>,
    /// What came of it.
    pub delivery: Option<DeliveryMarks>,
    /// Messages about it.
    pub messages: Vec<MessagePast>,
    /// Consent to its channel.
    pub consent: Past<bool>,
    /// Blocked; the words say why.
    pub blocked: Past<bool>,
    /// The phone number or e-mail address that its channel needs.
    pub address: Past<Option<Guarded>>,
    /// When it was decided.
    pub moment: Moment,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A delivery's marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryMarks {
    /// The state that follows from them.
    pub state: Option<DeliveryState>,
    /// Each mark with its time, in the order in which they happen.
    pub marks: Vec<(&'static str, DateTime<Utc>)>,
    /// Why skipped, failed or withdrawn.
    pub reason: Option<String>,
    /// Its code.
    pub code: Option<String>,
    /// The address of its page.
    pub token: Option<Uuid>,
    /// Its own end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The moment that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It was decided about this member then, and kept.
    Decided(DateTime<Utc>),
    /// It was issued from then on, and not to them: nothing was kept.
    PassedOver(DateTime<Utc>),
    /// It is not decided yet.
    Now(DateTime<Utc>),
}

impl Moment {
    /// The moment itself.
    pub fn at(self) -> DateTime<Utc> {
        match self {
            Self::Decided(at) | Self::PassedOver(at) | Self::Now(at) => at,
        }
    }

    /// Whether it is still ahead.
    pub fn is_now(self) -> bool {
        matches!(self, Self::Now(_))
    }

    /// Of this campaign and member.
    pub fn of(campaign: &Campaign, member: &Member, delivery: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        let passed = campaign.issued_at.is_some() || campaign.issued_up_to >= member.id.0;
        match (delivery, campaign.issuing_since) {
            (Some(at), _) => Self::Decided(at),
            (None, Some(since)) if passed && campaign.channel() != Channel::Code => Self::PassedOver(since),
            _ => Self::Now(now),
        }
    }
}

impl Situation {
    /// Why it was skipped, if it was.
    pub fn skip(&self) -> Option<Skip> {
        let delivery = self.delivery.as_ref().filter(|delivery| delivery.state == Some(DeliveryState::Skipped))?;
        Skip::parse(delivery.reason.as_deref()?)
    }

    /// Whether the ledger holds a decision.
    pub fn is_decided(&self) -> bool {
        matches!(self.moment, Moment::Decided(_))
    }

    /// The kind of message that it sends; none: it needs no consent and no address.
    pub fn channel(&self) -> Option<MessageChannel> {
        match self.campaign.channel() {
            Channel::Sms => Some(MessageChannel::Sms),
            Channel::Email => Some(MessageChannel::Email),
            Channel::App | Channel::Code => None,
        }
    }

    /// The member's page in User support, or a page under it.
    pub fn member_path(&self, page: &str) -> String {
        format!("{}{page}", self.member.path())
    }
}

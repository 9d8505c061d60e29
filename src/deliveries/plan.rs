//! What a campaign's receivers are issued.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use diesel::prelude::*;

use crate::campaigns::Channel;
use crate::channels::MessageChannel;
use crate::codes::alphabet::CodeFormat;
use crate::ids::CampaignId;
use crate::schema::campaign;

/// The facts of a campaign that issuing needs.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = campaign)]
pub(super) struct Plan {
    pub id: CampaignId,
    channel: String,
    notify_push: bool,
    code_source: Option<String>,
    pub shared_code: Option<String>,
    code_prefix: String,
    code_length: i32,
    code_pattern: String,
    code_check: bool,
    validity_days: Option<i32>,
    ends_at: Option<DateTime<Utc>>,
    pub quiet_from: Option<NaiveTime>,
    pub quiet_until: Option<NaiveTime>,
    pub if_late: String,
    pub issuing_since: Option<DateTime<Utc>>,
    pub issued_up_to: i64,
}

/// Where a receiver's code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeSource {
    /// The same for all.
    One,
    /// One of those that were made before.
    Many,
    /// Made with the delivery.
    Personal,
}

impl Plan {
    pub fn code_source(&self) -> CodeSource {
        match self.code_source.as_deref() {
            Some("many" | "imported") => CodeSource::Many,
            Some("personal") => CodeSource::Personal,
            _ => CodeSource::One,
        }
    }

    pub fn code_format(&self) -> CodeFormat {
        CodeFormat::stored(&self.code_prefix, self.code_length, &self.code_pattern, self.code_check)
    }

    /// Whether receivers get the coupon by a message with a link.
    pub fn has_links(&self) -> bool {
        matches!(Channel::parse(&self.channel), Some(Channel::Sms | Channel::Email))
    }

    /// How receivers are told; none: the coupon waits in the app.
    pub fn told_by(&self) -> Option<MessageChannel> {
        match Channel::parse(&self.channel)? {
            Channel::Sms => Some(MessageChannel::Sms),
            Channel::Email => Some(MessageChannel::Email),
            Channel::App => self.notify_push.then_some(MessageChannel::Push),
            Channel::Code => None,
        }
    }

    /// How those who have it are reminded of it; by notification of what is in the app.
    pub fn reminded_by(&self) -> Option<MessageChannel> {
        match Channel::parse(&self.channel)? {
            Channel::App => Some(MessageChannel::Push),
            _ => self.told_by(),
        }
    }

    /// The last moment of what is issued now, where it has one of its own; none: the campaign's end.
    pub fn expires_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let expires = now + Duration::days(self.validity_days?.into());
        Some(self.ends_at.map_or(expires, |end| end.min(expires)))
    }

    /// The first moment at which what is issued now is of no use any more.
    pub fn over_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.expires_at(now).or(self.ends_at)
    }
}

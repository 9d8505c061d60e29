//! What a campaign's receivers are issued.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::campaigns::Channel;
use crate::codes::alphabet::CodeFormat;
use crate::ids::CampaignId;
use crate::schema::campaign;

/// The facts of a campaign that issuing needs.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = campaign)]
pub(super) struct Plan {
    pub id: CampaignId,
    channel: String,
    code_source: Option<String>,
    pub shared_code: Option<String>,
    code_prefix: String,
    code_length: i32,
    code_pattern: String,
    code_check: bool,
    validity_days: Option<i32>,
    ends_at: Option<DateTime<Utc>>,
    pub paused_at: Option<DateTime<Utc>>,
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

    /// Whether receivers get a message with a link.
    pub fn has_messages(&self) -> bool {
        matches!(Channel::parse(&self.channel), Some(Channel::Sms | Channel::Email))
    }

    /// The last moment of what is issued now; none: the campaign's end.
    pub fn expires_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let expires = now + Duration::days(self.validity_days?.into());
        Some(self.ends_at.map_or(expires, |end| end.min(expires)))
    }
}

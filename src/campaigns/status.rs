//! A campaign's status: derived from its dates and marks, never stored.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Timestamptz};

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not published.
    Draft,
    /// Published, begins later.
    Scheduled,
    /// Published and inside its time frame.
    Live,
    /// Stopped for the moment.
    Paused,
    /// Its end has passed.
    Ended,
    /// Stopped for good.
    Cancelled,
}

/// What a status is derived from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct Marks {
    /// Start.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub starts_at: Option<DateTime<Utc>>,
    /// End; from then on it is over.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ends_at: Option<DateTime<Utc>>,
    /// Published.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub published_at: Option<DateTime<Utc>>,
    /// Paused, and not resumed.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub paused_at: Option<DateTime<Utc>>,
    /// Cancelled.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub cancelled_at: Option<DateTime<Utc>>,
}

impl Marks {
    /// The status at this moment.
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        if self.cancelled_at.is_some() {
            Status::Cancelled
        } else if self.published_at.is_none() {
            Status::Draft
        } else if self.ends_at.is_some_and(|end| end <= now) {
            Status::Ended
        } else if self.paused_at.is_some() {
            Status::Paused
        } else if self.starts_at.is_some_and(|start| now < start) {
            Status::Scheduled
        } else {
            Status::Live
        }
    }
}

impl Status {
    /// All, in the order of a campaign's life.
    pub const ALL: [Self; 6] = [Self::Draft, Self::Scheduled, Self::Live, Self::Paused, Self::Ended, Self::Cancelled];

    /// For addresses and style.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Scheduled => "Scheduled",
            Self::Live => "Live",
            Self::Paused => "Paused",
            Self::Ended => "Ended",
            Self::Cancelled => "Cancelled",
        }
    }

    /// How its badge is coloured.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Draft | Self::Ended => "quiet",
            Self::Scheduled => "info",
            Self::Live => "good",
            Self::Paused => "warn",
            Self::Cancelled => "stop",
        }
    }

    /// The status with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }
}

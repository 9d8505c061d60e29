//! What kind of group it is, and where it stands: both derived.

use chrono::{DateTime, Utc};

/// Public, private or hidden: from *User viewable* and *Join type*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// Members join by a switch.
    Public,
    /// Members join by a code.
    Private,
    /// The app never shows it.
    Hidden,
}

impl GroupKind {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Public, Self::Private, Self::Hidden];

    /// From what is stored: "open", "code" or nothing.
    pub fn of(join_type: Option<&str>) -> Self {
        match join_type {
            Some("open") => Self::Public,
            Some(_) => Self::Private,
            None => Self::Hidden,
        }
    }

    /// For addresses and style.
    pub fn key(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Hidden => "hidden",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Private => "Private",
            Self::Hidden => "Hidden",
        }
    }

    /// The icon beside the word.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Public => "world",
            Self::Private => "lock",
            Self::Hidden => "eye-off",
        }
    }

    /// The kind with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Upcoming, active or ended: from the dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupState {
    /// Its start is ahead.
    Upcoming,
    /// Now.
    Active,
    /// Its stop has passed.
    Ended,
}

impl GroupState {
    /// All, in the order of a group's life.
    pub const ALL: [Self; 3] = [Self::Upcoming, Self::Active, Self::Ended];

    /// The state at this moment; `stops_at` is the first moment after the group.
    pub fn at(now: DateTime<Utc>, starts_at: DateTime<Utc>, stops_at: Option<DateTime<Utc>>) -> Self {
        if stops_at.is_some_and(|stop| stop <= now) {
            Self::Ended
        } else if now < starts_at {
            Self::Upcoming
        } else {
            Self::Active
        }
    }

    /// For addresses and style.
    pub fn key(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Upcoming => "Upcoming",
            Self::Active => "Active",
            Self::Ended => "Ended",
        }
    }

    /// The tone of the badge.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Upcoming => "info",
            Self::Active => "good",
            Self::Ended => "quiet",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

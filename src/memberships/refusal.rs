//! Why a code was not taken: a stable code for programs, a sentence for people.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::campaigns::valid_times::ValidTimes;
use crate::campaigns::{Marks, Status};
use crate::settings::Organisation;

/// What the first failing check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Too many wrong codes; seconds until the next is taken.
    TooManyAttempts {
        /// Seconds.
        wait: i64,
    },
    /// No code has this text.
    CodeUnknown,
    /// It is for the till only.
    InAppValidationNotAllowed,
    /// The campaign is not live now.
    CampaignNotActive(Inactive),
    /// The group has not begun.
    GroupStarts {
        /// Its name.
        group: String,
        /// When it begins.
        at: DateTime<Utc>,
    },
    /// The group is over.
    GroupEnded {
        /// Its name.
        group: String,
        /// The first moment after it.
        at: DateTime<Utc>,
    },
    /// The member may not use it.
    NotAReceiver(NotYours),
    /// They are in the group: nothing to do, nothing used up.
    AlreadyMember {
        /// Its name.
        group: String,
    },
    /// No use is left in all.
    UsedUp,
    /// No use is left for this member.
    UsedByMember {
        /// How often they used it.
        uses: i64,
    },
}

/// Why a campaign is not live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inactive {
    /// Not published.
    Draft,
    /// Begins later.
    Starts(DateTime<Utc>),
    /// Is over since.
    Ended(DateTime<Utc>),
    /// Stopped for the moment.
    Paused,
    /// Stopped for good.
    Cancelled,
    /// What this member was issued has expired.
    Expired(DateTime<Utc>),
    /// Another weekday or hour; when it works next.
    Times(ValidTimes, Option<DateTime<Utc>>),
}

/// Why the member may not use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYours {
    /// Blocked by staff.
    Blocked,
    /// It is someone else's.
    Another,
    /// It was theirs.
    Withdrawn,
    /// It is for others.
    NotAmong,
}

impl Refusal {
    /// Too many wrong codes until then.
    pub fn wait(until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self::TooManyAttempts { wait: (until - now).num_seconds().max(1) }
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::CodeUnknown => "code_unknown",
            Self::InAppValidationNotAllowed => "in_app_validation_not_allowed",
            Self::CampaignNotActive(_) => "campaign_not_active",
            Self::GroupStarts { .. } | Self::GroupEnded { .. } => "group_not_active",
            Self::NotAReceiver(_) => "not_a_receiver",
            Self::AlreadyMember { .. } => "already_member",
            Self::UsedUp | Self::UsedByMember { .. } => "code_used_up",
        }
    }

    /// Whether it could be a guess: no code, or someone else's.
    pub fn is_wrong_code(&self) -> bool {
        matches!(self, Self::CodeUnknown | Self::NotAReceiver(NotYours::Another))
    }

    /// For the member: why, and what to do or when it changes.
    pub fn sentence(&self, organisation: &Organisation) -> String {
        match self {
            Self::TooManyAttempts { wait } => match (wait + 59) / 60 {
                0 | 1 => "Too many wrong codes. Wait a minute, then try again.".into(),
                minutes => format!("Too many wrong codes. Wait {minutes} minutes, then try again."),
            },
            Self::CodeUnknown => "There is no such code. Check each letter and digit, then try again.".into(),
            Self::InAppValidationNotAllowed => "This code cannot be entered in the app. Show it when you pay.".into(),
            Self::CampaignNotActive(why) => why.sentence(organisation),
            Self::GroupStarts { group, at } => {
                format!("{group} begins on {}. Enter the code again from then on.", organisation.day(*at))
            }
            Self::GroupEnded { group, at } => {
                format!("{group} ended on {}, so nobody can join it any more.", organisation.end(*at))
            }
            Self::NotAReceiver(why) => why.sentence().into(),
            Self::AlreadyMember { group } => format!("You are in {group} already. The code was not used up."),
            Self::UsedUp => "This code has been used up. Ask for another one where you got it.".into(),
            Self::UsedByMember { uses: 0 | 1 } => {
                "You have used this code already. It works once for each member.".into()
            }
            Self::UsedByMember { uses } => {
                format!("You have used this code {uses} times, which is as often as it works for each member.")
            }
        }
    }
}

impl Inactive {
    /// Why a campaign is not live at this moment, if it is not; `expired`: when what the member was issued ended.
    pub fn at(
        now: DateTime<Utc>,
        zone: Tz,
        marks: &Marks,
        times: &ValidTimes,
        expired: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        match marks.status(now) {
            Status::Draft => Some(Self::Draft),
            Status::Cancelled => Some(Self::Cancelled),
            Status::Paused => Some(Self::Paused),
            Status::Scheduled => Some(Self::Starts(marks.starts_at.unwrap_or(now))),
            Status::Ended => Some(Self::Ended(marks.ends_at.unwrap_or(now))),
            Status::Live => match expired {
                Some(end) => Some(Self::Expired(end)),
                None if times.allow(now, zone) => None,
                None => Some(Self::Times(*times, times.next_opening(now, zone))),
            },
        }
    }

    fn sentence(&self, organisation: &Organisation) -> String {
        match self {
            Self::Draft => "This code does not work yet. Try again later.".into(),
            Self::Starts(at) => format!("This code works from {}.", organisation.moment(*at)),
            Self::Ended(at) => format!("This code worked until {}. It cannot be used any more.", organisation.end(*at)),
            Self::Paused => "This code is paused at the moment. Try again later.".into(),
            Self::Cancelled => "This code was withdrawn and cannot be used any more.".into(),
            Self::Expired(at) => format!("Your coupon was valid until {}.", organisation.end(*at)),
            Self::Times(times, next) => {
                let words = times.words();
                match next {
                    Some(at) => format!("This code works {words}. Try again from {}.", organisation.moment(*at)),
                    None => format!("This code works {words}."),
                }
            }
        }
    }
}

impl NotYours {
    fn sentence(self) -> &'static str {
        match self {
            Self::Blocked => "Your account is blocked, so codes do not work for it. Ask our staff for help.",
            Self::Another => "This code belongs to another member. Use the one that was sent to you.",
            Self::Withdrawn => "Your coupon was withdrawn, so its code does not work any more.",
            Self::NotAmong => "This code is for other members. Ask our staff if you think it should work for you.",
        }
    }
}

//! Step 4 of a campaign: when it runs and when its coupons can be used.

use chrono::{DateTime, NaiveTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

use super::IfLate;
use crate::schema::campaign;
use crate::web::Period;

/// The columns of step 4. Times of day are the organisation's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = campaign, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub struct TimeSettings {
    /// **Start**.
    pub starts_at: Option<DateTime<Utc>>,
    /// The first moment after the campaign.
    pub ends_at: Option<DateTime<Utc>>,
    /// Days a coupon is valid after issue; none: until the campaign's end.
    pub validity_days: Option<i32>,
    /// Bit 0 is Monday.
    pub weekdays: i16,
    /// Hours in which codes can be validated: from.
    pub valid_from: Option<NaiveTime>,
    /// Until.
    pub valid_until: Option<NaiveTime>,
    /// Hours in which nothing is sent: from.
    pub quiet_from: Option<NaiveTime>,
    /// Until; may be on the next day.
    pub quiet_until: Option<NaiveTime>,
    /// Days before expiry.
    pub reminder_days: Option<i16>,
    /// `IfLate::key`.
    pub if_late: String,
}

impl TimeSettings {
    /// What becomes of it if it is late.
    pub fn if_late(&self) -> IfLate {
        // the table's check knows the same keys
        IfLate::parse(&self.if_late).unwrap_or_default()
    }

    /// The time frame, once both ends are known.
    pub fn period(&self) -> Option<Period> {
        let (starts_at, ends_at) = (self.starts_at?, self.ends_at?);
        Some(Period { starts_at, ends_at: Some(ends_at) })
    }
}

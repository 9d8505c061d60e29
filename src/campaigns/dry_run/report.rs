//! What a dry run has found: counted chunk by chunk, and kept between them in its row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Estimate;

/// All that is known; complete when the run has finished.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Taken away by an excluded group.
    pub excluded: i64,
    /// Blocked by staff.
    pub blocked: i64,
    /// Without the number or the address that the channel needs.
    pub no_address: i64,
    /// Who do not agree to the channel. Of an App coupon they get the coupon, but are not told.
    pub no_consent: i64,
    /// Push: who agree, and have no device that takes notifications.
    pub no_device: i64,
    /// Who remain.
    pub receivers: i64,
    /// Messages made.
    pub messages: i64,
    /// SMS: messages in the GSM alphabet, and the parts that they take.
    pub gsm7: Counted,
    /// SMS: messages with characters that need more room, and their parts.
    pub ucs2: Counted,
    /// Messages by the members' own zone; "": the organisation's.
    pub zones: BTreeMap<String, i64>,
    /// Nanoseconds that making them took.
    pub nanos: i64,
    /// "{name}": stands in every message as it is.
    pub placeholders: Vec<String>,
    /// Receivers for whom there is no code.
    pub missing_codes: i64,
    /// When it would all be out.
    pub estimate: Option<Estimate>,
}

/// Messages of one encoding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many.
    pub messages: i64,
    /// Parts that they take together.
    pub parts: i64,
}

impl Report {
    /// Parts of all SMS together.
    pub fn parts(&self) -> i64 {
        self.gsm7.parts + self.ucs2.parts
    }
}

//! Why a receiver got nothing: the ledger's words.

/// Why a delivery is skipped. The key is what `delivery.reason` and `delivery_count.reason` hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// Blocked by staff.
    Blocked,
    /// No phone number, no e-mail address.
    NoAddress,
    /// Never agreed to the channel, or withdrew it in the app or by staff.
    NoConsent,
    /// Ended such messages by the link in one.
    Unsubscribed,
    /// All of many codes were handed out; gets one as soon as more are made.
    NoCode,
    /// Quiet hours last until after the coupon's end.
    Quiet,
    /// It could only have arrived after the coupon's end.
    TooLate,
    /// The campaign was late, and its rule says drop.
    Late,
}

impl Skip {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 8] = [
        Self::Blocked,
        Self::NoAddress,
        Self::NoConsent,
        Self::Unsubscribed,
        Self::NoCode,
        Self::Quiet,
        Self::TooLate,
        Self::Late,
    ];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::NoAddress => "no_address",
            Self::NoConsent => "no_consent",
            Self::Unsubscribed => "unsubscribed",
            Self::NoCode => "no_code",
            Self::Quiet => "quiet",
            Self::TooLate => "too_late",
            Self::Late => "late",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Blocked => "Blocked",
            Self::NoAddress => "No address",
            Self::NoConsent => "No consent",
            Self::Unsubscribed => "Unsubscribed",
            Self::NoCode => "No code left",
            Self::Quiet => "Quiet until after the end",
            Self::TooLate => "Too late for the coupon",
            Self::Late => "Campaign was late",
        }
    }

    /// The reason with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|skip| skip.key() == key)
    }
}

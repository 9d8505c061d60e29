//! Where a delivery stands: the one state that the database derives from its marks (`delivery.state`).

/// A receiver's state. Of what has happened, the last word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryState {
    /// Theirs, in the app; nothing is sent.
    Issued,
    /// Its message waits for its turn.
    Queued,
    /// A worker died while handing it over: it may have been sent.
    Uncertain,
    /// The provider took it over.
    Sent,
    /// The provider reports that it arrived.
    Accepted,
    /// Opened.
    Seen,
    /// Used.
    Validated,
    /// Its time has passed, unused.
    Expired,
    /// Taken back.
    Withdrawn,
    /// The provider reports that it could not be delivered.
    Bounced,
    /// The provider refused it, or did not take it after many attempts.
    Failed,
    /// Nothing was given or sent, with the reason.
    Skipped,
}

impl DeliveryState {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::Issued,
        Self::Queued,
        Self::Sent,
        Self::Accepted,
        Self::Seen,
        Self::Validated,
        Self::Uncertain,
        Self::Bounced,
        Self::Failed,
        Self::Skipped,
        Self::Withdrawn,
        Self::Expired,
    ];

    /// Those who hold it unused, or are about to be sent it.
    pub const UNUSED: [Self; 6] = [Self::Issued, Self::Queued, Self::Sent, Self::Accepted, Self::Seen, Self::Uncertain];

    /// As stored, and for addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Queued => "queued",
            Self::Uncertain => "uncertain",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Seen => "seen",
            Self::Validated => "validated",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Issued => "Issued",
            Self::Queued => "Queued",
            Self::Uncertain => "Uncertain",
            Self::Sent => "Sent",
            Self::Accepted => "Accepted",
            Self::Seen => "Seen",
            Self::Validated => "Validated",
            Self::Expired => "Expired",
            Self::Withdrawn => "Withdrawn",
            Self::Bounced => "Bounced",
            Self::Failed => "Failed",
            Self::Skipped => "Skipped",
        }
    }

    /// How its badge is coloured.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Issued | Self::Queued | Self::Sent | Self::Accepted | Self::Seen => "info",
            Self::Validated => "good",
            Self::Expired | Self::Skipped => "quiet",
            Self::Uncertain | Self::Withdrawn => "warn",
            Self::Bounced | Self::Failed => "stop",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

//! **If it is late**: what becomes of a campaign that could not begin, or not go on, when it was due.

/// The rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfLate {
    /// It goes out all the same.
    Send,
    /// It waits until someone says so.
    #[default]
    Hold,
    /// What has not gone out by then never does.
    Drop,
}

impl IfLate {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Send, Self::Hold, Self::Drop];

    /// As stored and sent by forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Hold => "hold",
            Self::Drop => "drop",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Send => "Send",
            Self::Hold => "Hold and ask",
            Self::Drop => "Drop",
        }
    }

    /// What it means, in a sentence.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Send => "It goes out all the same.",
            Self::Hold => "Nothing goes out until someone says so on the campaign’s page.",
            Self::Drop => "What has not gone out by then never does.",
        }
    }

    /// The rule with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }
}

//! Where a campaign's codes come from.

use super::Channel;

/// The choice under **Codes** in step 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeSource {
    /// One code that everybody uses.
    One,
    /// Many codes, each good for one use.
    Many,
    /// Each receiver gets a code of their own.
    Personal,
    /// Many codes that others made, each good for one use.
    Imported,
}

impl CodeSource {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::One, Self::Many, Self::Personal, Self::Imported];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Many => "many",
            Self::Personal => "personal",
            Self::Imported => "imported",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::One => "One code, validated many times",
            Self::Many => "Many codes, each validated once",
            Self::Personal => "A personal code for each receiver",
            Self::Imported => "Imported codes",
        }
    }

    /// The source with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.key() == key)
    }

    /// Codes handed out on paper cannot belong to a receiver.
    pub fn suits(self, channel: Channel) -> bool {
        self != Self::Personal || channel != Channel::Code
    }

    /// Whether there are so many codes and no more.
    pub fn can_run_low(self) -> bool {
        matches!(self, Self::Many | Self::Imported)
    }

    /// What is chosen before anyone has chosen.
    pub fn usual(channel: Channel) -> Self {
        if channel == Channel::Code { Self::One } else { Self::Personal }
    }
}

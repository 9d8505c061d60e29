//! What became of a code.

/// Derived from its uses and its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// Nobody has it, nobody used it.
    Unused,
    /// A member has it and has not used it.
    HandedOut,
    /// Used at least once.
    Used,
}

impl CodeState {
    /// All, in the order of a code's life.
    pub const ALL: [Self; 3] = [Self::Unused, Self::HandedOut, Self::Used];

    /// Of a code as stored.
    pub fn of(uses_taken: i32, has_owner: bool) -> Self {
        match (uses_taken, has_owner) {
            (1.., _) => Self::Used,
            (_, true) => Self::HandedOut,
            _ => Self::Unused,
        }
    }

    /// For addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::HandedOut => "handed-out",
            Self::Used => "used",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unused => "Unused",
            Self::HandedOut => "Handed out",
            Self::Used => "Used",
        }
    }

    /// The colour of its badge.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Unused => "quiet",
            Self::HandedOut => "info",
            Self::Used => "good",
        }
    }

    /// The condition on `code` that says the same.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Unused => "code.uses_taken = 0 AND code.member_id IS NULL",
            Self::HandedOut => "code.uses_taken = 0 AND code.member_id IS NOT NULL",
            Self::Used => "code.uses_taken > 0",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

//! How strong a password is, told plainly.

use std::collections::HashSet;

/// Three words, no points: a password below "fair" is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Allowed.
    Fair,
    /// Longer, or of more kinds.
    Good,
    /// Nobody guesses it.
    Strong,
}

impl Strength {
    /// By length and by how many different characters there are, as `js/password.js` tells it while one types.
    pub fn of(password: &str) -> Self {
        let different = password.chars().collect::<HashSet<_>>().len();
        match (password.chars().count(), different) {
            (20.., 10..) => Self::Strong,
            (16.., 8..) => Self::Good,
            _ => Self::Fair,
        }
    }

    /// A sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fair => "It is fair; one of 16 characters and more would be good.",
            Self::Good => "It is good.",
            Self::Strong => "It is strong.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Strength;

    #[test]
    fn longer_and_more_different_is_stronger() {
        assert_eq!(Strength::of("twelve chars"), Strength::Fair);
        assert_eq!(Strength::of("aaaaaaaaaaaaaaaaaaaaaaaaaaab"), Strength::Fair);
        assert_eq!(Strength::of("lemon bicycle 77"), Strength::Good);
        assert_eq!(Strength::of("lemon bicycle of the north"), Strength::Strong);
    }
}

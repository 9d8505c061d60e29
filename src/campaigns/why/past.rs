//! What a value was at a past moment, from the changes that were noted.

use chrono::{DateTime, Utc};

/// A change of a value, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// When.
    pub at: DateTime<Utc>,
    /// What it was.
    pub before: T,
    /// What it became.
    pub after: T,
    /// How: "by the member, in the app".
    pub how: String,
}

/// A value now, and its changes, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past<T> {
    /// Now.
    pub now: T,
    /// All that were noted.
    pub changes: Vec<Change<T>>,
}

impl<T: Clone> Past<T> {
    /// At this moment: what the last change before made it, or what the first change after found.
    pub fn at(&self, moment: DateTime<Utc>) -> T {
        let before = self.changes.iter().rev().find(|change| change.at <= moment);
        let after = self.changes.iter().find(|change| change.at > moment);
        match (before, after) {
            (Some(change), _) => change.after.clone(),
            (None, Some(change)) => change.before.clone(),
            (None, None) => self.now.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_past_is_read_from_its_changes() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let change = |second, before, after| Change { at: at(second), before, after, how: String::new() };
        let past = Past { now: true, changes: vec![change(10, true, false), change(20, false, true)] };
        assert_eq!([5, 10, 15, 20, 99].map(|second| past.at(at(second))), [true, false, false, true, true]);
        assert!(Past { now: true, changes: vec![] }.at(at(1)));
    }
}

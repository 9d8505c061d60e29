//! A rule that decides who gets a campaign, and what it said.

use chrono::{DateTime, Utc};

use crate::members::Sight;
use crate::settings::Organisation;

/// Which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// It is published and not cancelled.
    Published,
    /// Its time has come and is not over.
    Started,
    /// It is not paused or held.
    Running,
    /// The member was one by then.
    Member,
    /// An included group, or everyone.
    Included,
    /// No excluded group.
    Excluded,
    /// Not blocked.
    Blocked,
    /// Consent and address.
    Reachable,
    /// A code was left.
    Code,
    /// Not too late.
    InTime,
    /// What came of it.
    Delivery,
}

/// What it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing in the way.
    Passed,
    /// Not yet.
    Waits,
    /// Nothing comes of it.
    Stops,
    /// Good to know.
    Note,
}

/// A way to change it, here and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// "Edit user groups"
    pub words: &'static str,
    /// Where.
    pub href: String,
}

/// A rule, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub check: Check,
    /// What it said.
    pub outcome: Outcome,
    /// In a sentence or two.
    pub words: String,
    /// What was, line by line.
    pub history: Vec<String>,
    /// What may be done.
    pub ways: Vec<Way>,
}

/// To whom it is told, and how dates are written.
pub struct Teller<'a> {
    /// Its zone and language.
    pub organisation: &'a Organisation,
    /// May change campaigns and members' details.
    pub may_edit: bool,
    /// How they see phone numbers and e-mail addresses.
    pub sight: Sight,
}

impl Teller<'_> {
    /// "12 Mar 2026, 14:05"
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        self.organisation.moment(at)
    }
}

impl Rule {
    /// A rule that said this.
    pub fn new(check: Check, outcome: Outcome, words: impl Into<String>) -> Self {
        Self { check, outcome, words: words.into(), history: Vec::new(), ways: Vec::new() }
    }

    /// With what was.
    pub fn with_history(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.history.extend(lines);
        self
    }

    /// With a way to change it, where the condition holds.
    pub fn with_way(mut self, condition: bool, words: &'static str, href: impl Into<String>) -> Self {
        if condition {
            self.ways.push(Way { words, href: href.into() });
        }
        self
    }

    /// The sign before it.
    pub fn icon(&self) -> &'static str {
        match self.outcome {
            Outcome::Passed => "circle-check",
            Outcome::Waits => "clock",
            Outcome::Stops => "ban",
            Outcome::Note => "info-circle",
        }
    }

    /// For style.
    pub fn key(&self) -> &'static str {
        match self.outcome {
            Outcome::Passed => "passed",
            Outcome::Waits => "waits",
            Outcome::Stops => "stops",
            Outcome::Note => "note",
        }
    }

    /// For those who do not see the sign.
    pub fn sign_words(&self) -> &'static str {
        match self.outcome {
            Outcome::Passed => "Fine:",
            Outcome::Waits => "Not yet:",
            Outcome::Stops => "In the way:",
            Outcome::Note => "Note:",
        }
    }
}

impl Check {
    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Published => "Published",
            Self::Started => "Time",
            Self::Running => "Not paused or held",
            Self::Member => "Member by then",
            Self::Included => "Included",
            Self::Excluded => "Excluded",
            Self::Blocked => "Blocked",
            Self::Reachable => "Consent and address",
            Self::Code => "Code",
            Self::InTime => "In time",
            Self::Delivery => "What came of it",
        }
    }
}

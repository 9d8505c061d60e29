//! The steps of the wizard, each its own address.

use crate::ids::CampaignId;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// What receivers read and see.
    Content,
    /// The offer and its codes.
    PosInput,
    /// Who gets it.
    Receivers,
    /// When.
    TimeSettings,
    /// Everything on one page.
    Review,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 5] = [Self::Content, Self::PosInput, Self::Receivers, Self::TimeSettings, Self::Review];

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Content => "1. Content",
            Self::PosInput => "2. POS Input",
            Self::Receivers => "3. Receivers",
            Self::TimeSettings => "4. Time settings",
            Self::Review => "Review",
        }
    }

    /// Its part of the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::PosInput => "pos-input",
            Self::Receivers => "receivers",
            Self::TimeSettings => "time-settings",
            Self::Review => "review",
        }
    }

    /// Its address.
    pub fn path(self, id: CampaignId) -> String {
        format!("/campaigns/{id}/{}", self.slug())
    }
}

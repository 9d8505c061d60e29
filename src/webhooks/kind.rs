//! What can be told.

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A member is in a group from now on.
    MembershipOpened,
    /// A member's stay in a group is over.
    MembershipClosed,
    /// A use of a code.
    CodeValidated,
    /// A use was taken back.
    CodeReversed,
    /// A delivery came into another state.
    DeliveryState,
    /// What stops members from joining a group has changed.
    CoverageGap,
}

/// Sent by **Send test event** only.
pub const TEST: &str = "webhook.test";

impl Kind {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::MembershipOpened,
        Self::MembershipClosed,
        Self::CodeValidated,
        Self::CodeReversed,
        Self::DeliveryState,
        Self::CoverageGap,
    ];

    /// As stored and sent: `type`.
    pub fn key(self) -> &'static str {
        match self {
            Self::MembershipOpened => "membership.opened",
            Self::MembershipClosed => "membership.closed",
            Self::CodeValidated => "code.validated",
            Self::CodeReversed => "code.reversed",
            Self::DeliveryState => "delivery.state",
            Self::CoverageGap => "group.coverage_gap",
        }
    }

    /// When it is sent.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::MembershipOpened => "a member joined a group",
            Self::MembershipClosed => "a member left a group",
            Self::CodeValidated => "a code was used, at a till or in the app",
            Self::CodeReversed => "a till took a use back",
            Self::DeliveryState => "a delivery came into another state: two or more for each receiver of a campaign",
            Self::CoverageGap => "a gap in which nobody can join a group was opened, changed or closed",
        }
    }

    /// The kind with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_key_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.key()), Some(kind));
        }
        assert_eq!(Kind::parse(TEST), None);
    }
}

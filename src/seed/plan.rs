//! How much is made, and what came of it.

use chrono::NaiveDate;

/// What `muster seed` shall make. The same plan makes the same rows.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many members.
    pub members: u64,
    /// How many groups, of all types and states.
    pub groups: u64,
    /// Stays of a member on average, closed ones included.
    pub memberships_per_member: u64,
    /// Coupon campaigns besides those that private groups join by.
    pub campaigns: u64,
    /// Another seed, other people.
    pub seed: u64,
    /// The day that is today in the data.
    pub until: NaiveDate,
}

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Members.
    pub members: u64,
    /// Groups.
    pub groups: u64,
    /// Stays, closed ones included.
    pub memberships: u64,
    /// Campaigns, those of private groups included.
    pub campaigns: u64,
    /// Coupons that campaigns have issued.
    pub deliveries: u64,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// There are data that would be mixed with ours.
    #[error(
        "seed fills an empty database only, and this one has {0}. Choose another folder with --data, or another database"
    )]
    NotEmpty(String),
    /// The plan cannot be made.
    #[error("{0}")]
    Impossible(String),
    /// The database did not take it.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    /// The connection broke.
    #[error("the database went away: {0}")]
    Io(#[from] std::io::Error),
}

impl Plan {
    /// Refuses what cannot be made.
    pub fn check(&self) -> Result<(), SeedError> {
        let wrong = |what: String| Err(SeedError::Impossible(what));
        let groups = self.memberships_per_member * 4;
        if self.memberships_per_member > 0 && self.members > 0 && self.groups < groups {
            return wrong(format!(
                "make at least {groups} groups for {} memberships a member, or fewer memberships with --memberships-per-member",
                self.memberships_per_member
            ));
        }
        if self.members > 50_000_000 {
            return wrong("make at most 50,000,000 members: there are no more phone numbers that nobody has".into());
        }
        if self.groups > 10_000 || self.campaigns > 10_000 {
            return wrong("make at most 10,000 groups and 10,000 campaigns".into());
        }
        Ok(())
    }
}

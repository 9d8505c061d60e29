//! A campaign, from draft to end: one row.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{Channel, Content, Marks, PosInput, Status, TimeSettings};
use crate::ids::CampaignId;
use crate::schema::campaign;

pub use super::list::CampaignRow;

/// The stored campaign; what each step of the wizard holds is a part of it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = campaign, check_for_backend(diesel::pg::Pg))]
pub struct Campaign {
    /// Key.
    pub id: CampaignId,
    /// `Channel::key`.
    #[diesel(column_name = channel)]
    channel_key: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<Uuid>,
    /// Step 1.
    #[diesel(embed)]
    pub content: Content,
    /// Step 2.
    #[diesel(embed)]
    pub pos: PosInput,
    /// Step 3: for all members, or by groups (`campaign_group`); none: not chosen yet.
    pub everyone: Option<bool>,
    /// Step 3: members who join an included group later get it too.
    pub also_later: bool,
    /// Step 4.
    #[diesel(embed)]
    pub times: TimeSettings,
    /// Published.
    pub published_at: Option<DateTime<Utc>>,
    /// Paused, and not resumed.
    pub paused_at: Option<DateTime<Utc>>,
    /// Cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Issuing has begun.
    pub issuing_since: Option<DateTime<Utc>>,
    /// Issued to members up to this one.
    pub issued_up_to: i64,
    /// Issuing is done.
    pub issued_at: Option<DateTime<Utc>>,
}

impl Campaign {
    /// The campaign with this key.
    pub fn find(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        campaign::table.find(id).select(Self::as_select()).first(conn)
    }

    /// The same, and nobody else changes it until the transaction ends.
    pub fn lock(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        campaign::table.find(id).select(Self::as_select()).for_no_key_update().first(conn)
    }

    /// How it reaches people.
    pub fn channel(&self) -> Channel {
        // the table's check knows the same keys
        Channel::parse(&self.channel_key).unwrap_or(Channel::Code)
    }

    /// Its name, or what stands for a draft that has none yet.
    pub fn name(&self) -> &str {
        named(&self.content.name)
    }

    /// What its status is derived from.
    pub fn marks(&self) -> Marks {
        Marks {
            starts_at: self.times.starts_at,
            ends_at: self.times.ends_at,
            published_at: self.published_at,
            paused_at: self.paused_at,
            cancelled_at: self.cancelled_at,
        }
    }

    /// Where it stands.
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        self.marks().status(now)
    }

    /// Whether its end has passed, whatever else was done with it.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.times.ends_at.is_some_and(|end| end <= now)
    }

    /// Its page.
    pub fn path(&self) -> String {
        path(self.id)
    }
}

/// The page of the campaign with this key.
pub fn path(id: CampaignId) -> String {
    format!("/campaigns/{id}")
}

/// A draft may have no name yet.
pub fn named(name: &str) -> &str {
    if name.is_empty() { "Unnamed draft" } else { name }
}

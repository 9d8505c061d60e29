//! The campaign whose codes are looked at.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::alphabet::CodeFormat;
use super::barcode::Barcode;
use super::prepare::format_of;
use crate::ids::CampaignId;
use crate::schema::campaign;

/// What the pages of codes need to know of their campaign.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = campaign)]
pub struct CodeOwner {
    /// Key.
    pub id: CampaignId,
    /// Name.
    pub name: String,
    channel: String,
    code_source: Option<String>,
    barcode: String,
    code_prefix: String,
    code_length: i32,
    published_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
}

impl CodeOwner {
    /// Not found: no such campaign.
    pub fn find(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        campaign::table.find(id).select(Self::as_select()).first(conn)
    }

    /// The campaign's page.
    pub fn path(&self) -> String {
        format!("/campaigns/{}", self.id)
    }

    /// Its list of codes.
    pub fn codes_path(&self) -> String {
        format!("{}/codes", self.path())
    }

    /// Where an agent orders more.
    pub fn more_path(&self) -> String {
        format!("{}/new", self.codes_path())
    }

    /// How its codes look.
    pub fn format(&self) -> CodeFormat {
        format_of(&self.code_prefix, self.code_length)
    }

    /// The barcode it chose.
    pub fn barcode(&self) -> Barcode {
        Barcode::parse(&self.barcode).unwrap_or_default()
    }

    /// Whether more codes can be made: of many, published, not cancelled.
    pub fn takes_more(&self) -> bool {
        self.code_source.as_deref() == Some("many") && self.published_at.is_some() && self.cancelled_at.is_none()
    }

    /// Whether there is one code for all.
    pub fn has_one_code(&self) -> bool {
        self.code_source.as_deref() == Some("one")
    }

    /// Whether each code belongs to a receiver.
    pub fn has_personal_codes(&self) -> bool {
        self.code_source.as_deref() == Some("personal")
    }

    /// Whether codes are handed to members: not those of a Code coupon, which leave the system on paper.
    pub fn hands_out(&self) -> bool {
        self.channel != "code"
    }
}

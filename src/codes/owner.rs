//! The campaign whose codes are looked at.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::alphabet::CodeFormat;
use super::barcode::Barcode;
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
    code_source: Option<String>,
    barcode: String,
    code_prefix: String,
    code_length: i32,
    code_pattern: String,
    code_check: bool,
    /// Admins are told when fewer are free.
    pub low_stock: Option<i32>,
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
        CodeFormat::stored(&self.code_prefix, self.code_length, &self.code_pattern, self.code_check)
    }

    /// The barcode it chose.
    pub fn barcode(&self) -> Barcode {
        Barcode::parse(&self.barcode).unwrap_or_default()
    }

    /// Whether more codes can be made: of many, published, not cancelled.
    pub fn takes_more(&self) -> bool {
        self.code_source.as_deref() == Some("many") && self.published_at.is_some() && self.cancelled_at.is_none()
    }

    /// Whether files of codes can be taken in: drafts too, as publishing needs a code.
    pub fn takes_imports(&self) -> bool {
        self.code_source.as_deref() == Some("imported") && self.cancelled_at.is_none()
    }

    /// Where a file of codes is chosen.
    pub fn import_path(&self) -> String {
        format!("{}/import", self.codes_path())
    }

    /// Its batches.
    pub fn batches_path(&self) -> String {
        format!("{}/batches", self.codes_path())
    }

    /// Where they are made cards.
    pub fn print_path(&self) -> String {
        format!("{}/print", self.codes_path())
    }

    /// Whether nobody can hold its codes yet.
    pub fn is_draft(&self) -> bool {
        self.published_at.is_none()
    }
}

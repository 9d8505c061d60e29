//! An import: the file, what was found in it, how far it is.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::sniff::{self, Shape};
use crate::codes::guess_risk;
use crate::ids::{CampaignId, CodeBatchId, CodeImportId};
use crate::schema::{code_import, code_import_piece};

/// The most rows of a file, and codes of a campaign.
pub const MOST: i64 = 5_000_000;
/// Bytes of each piece but the last.
pub(super) const PIECE: usize = 1024 * 1024;

/// As stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = code_import)]
pub struct CodeImport {
    /// Key.
    pub id: CodeImportId,
    /// Whose codes.
    pub campaign_id: CampaignId,
    /// As the person's computer calls it.
    pub file_name: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    uploaded_at: Option<DateTime<Utc>>,
    /// Bytes.
    pub size: i64,
    /// Between the cells.
    pub delimiter: String,
    /// Whether the first row names the columns.
    pub has_head: bool,
    /// Of the codes, from 0.
    pub code_column: i32,
    asked_at: Option<DateTime<Utc>>,
    /// Bytes that were looked at.
    pub read_up_to: i64,
    checked_at: Option<DateTime<Utc>>,
    /// Rows, the heading not counted.
    pub rows: i64,
    /// Codes that nobody has.
    pub fresh: i64,
    /// Codes that stand further up in the file.
    pub duplicate: i64,
    /// Codes that a coupon has.
    pub known: i64,
    /// Rows that are no codes.
    pub refused: i64,
    pub(super) shortest: Option<i32>,
    pub(super) has_digits: bool,
    pub(super) has_letters: bool,
    pub(super) same_start: Option<String>,
    /// The batch that its codes come to.
    pub batch_id: Option<CodeBatchId>,
    /// Codes taken in.
    pub taken: i64,
    /// Fresh codes that another coupon had got before they were taken in.
    pub late: i64,
    applied_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    /// Why the file cannot be read.
    pub failure: Option<String>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The file is not there as a whole.
    Uploading,
    /// Its shape is to be confirmed.
    Uploaded,
    /// The worker looks at each row.
    Checking,
    /// What was found is told; nothing is taken in yet.
    Checked,
    /// The file cannot be read.
    Failed,
    /// The worker takes codes in.
    Importing,
    /// All are taken in.
    Imported,
    /// Stopped by a person.
    Cancelled,
}

impl Stage {
    /// As shown, and the colour of its badge.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Stage::Uploading => ("Not uploaded", "quiet"),
            Stage::Uploaded => ("Not checked", "info"),
            Stage::Checking => ("Being checked", "info"),
            Stage::Checked => ("Checked", "warn"),
            Stage::Failed => ("Not readable", "stop"),
            Stage::Importing => ("Being imported", "info"),
            Stage::Imported => ("Imported", "good"),
            Stage::Cancelled => ("Cancelled", "quiet"),
        }
    }

    /// Whether the worker is at it.
    pub fn is_under_way(self) -> bool {
        matches!(self, Stage::Checking | Stage::Importing)
    }
}

impl CodeImport {
    /// One of the campaign's.
    pub fn find(conn: &mut PgConnection, campaign: CampaignId, id: CodeImportId) -> QueryResult<Self> {
        let found = code_import::table.find(id).filter(code_import::campaign_id.eq(campaign));
        found.select(Self::as_select()).first(conn)
    }

    /// The same; nobody else changes it until the transaction ends.
    pub fn lock(conn: &mut PgConnection, campaign: CampaignId, id: CodeImportId) -> QueryResult<Self> {
        let found = code_import::table.find(id).filter(code_import::campaign_id.eq(campaign));
        found.select(Self::as_select()).for_update().first(conn)
    }

    /// The campaign's last ones, the newest first.
    pub fn latest(conn: &mut PgConnection, campaign: CampaignId) -> QueryResult<Vec<Self>> {
        code_import::table
            .filter(code_import::campaign_id.eq(campaign).and(code_import::uploaded_at.is_not_null()))
            .order(code_import::id.desc())
            .limit(20)
            .select(Self::as_select())
            .load(conn)
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        if self.applied_at.is_some() {
            Stage::Imported
        } else if self.cancelled_at.is_some() {
            Stage::Cancelled
        } else if self.failure.is_some() {
            Stage::Failed
        } else if self.batch_id.is_some() {
            Stage::Importing
        } else if self.checked_at.is_some() {
            Stage::Checked
        } else if self.asked_at.is_some() {
            Stage::Checking
        } else if self.uploaded_at.is_some() {
            Stage::Uploaded
        } else {
            Stage::Uploading
        }
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/campaigns/{}/codes/imports/{}", self.campaign_id, self.id)
    }

    /// The first rows as they are cut now.
    pub fn first_rows(&self, conn: &mut PgConnection) -> QueryResult<Vec<Vec<String>>> {
        let beginning = beginning(conn, self.id)?;
        let is_whole = beginning.len() as i64 == self.size;
        Ok(sniff::rows(&beginning, &self.delimiter, is_whole, 6))
    }

    /// How the fresh codes could be guessed, where they are too easy: the chance that 1,000 tries hit one. `there`:
    /// codes that the campaign has already. Reckoned from what the codes use of letters and digits, behind what all
    /// begin with.
    pub fn guess_risk(&self, there: i64) -> Option<String> {
        let letters = if self.has_letters { 26 } else { 0 } + if self.has_digits { 10 } else { 0 };
        let start = self.same_start.as_deref().map_or(0, str::len);
        let open = usize::try_from(self.shortest?).unwrap_or(0).saturating_sub(start);
        let possible = u128::from(u32::max(letters, 1)).saturating_pow(u32::try_from(open).unwrap_or(0));
        let live = (self.fresh + there).max(1).unsigned_abs().into();
        guess_risk::one_in_of(possible, live)
    }
}

/// The first bytes of a file.
pub(super) fn beginning(conn: &mut PgConnection, id: CodeImportId) -> QueryResult<Vec<u8>> {
    let first: Option<Vec<u8>> =
        code_import_piece::table.find((id, 0_i64)).select(code_import_piece::bytes).first(conn).optional()?;
    let mut bytes = first.unwrap_or_default();
    bytes.truncate(sniff::BYTES);
    Ok(bytes)
}

/// The guess of a file's shape, when all of it is there.
pub(super) fn describe(conn: &mut PgConnection, id: CodeImportId, size: i64, now: DateTime<Utc>) -> QueryResult<()> {
    let beginning = beginning(conn, id)?;
    let shape = Shape::of(&beginning, beginning.len() as i64 == size);
    diesel::update(code_import::table.find(id))
        .set((
            code_import::uploaded_at.eq(now),
            code_import::size.eq(size),
            code_import::delimiter.eq(shape.delimiter),
            code_import::has_head.eq(shape.has_head),
            code_import::code_column.eq(i32::try_from(shape.column).unwrap_or(0)),
        ))
        .execute(conn)
        .map(|_| ())
}

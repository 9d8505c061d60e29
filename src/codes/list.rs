//! Codes of a campaign: pages of them, and how many there are.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use diesel::{QueryableByName, sql_query};

use super::counts::CodeCounts;
use super::state::CodeState;
use super::text::CodeText;
use crate::ids::{CampaignId, CodeBatchId, MemberId};
use crate::web::filters::grouped;
use crate::web::{Keyset, Slice};

/// Rows of a page.
pub const PAGE: usize = 50;
/// What is searched is counted up to here.
const COUNTED: i64 = 10_000;
/// Up to so many used codes are found by their uses, more by looking at the codes: one in a few hundred is used then.
const FEW_USED: i64 = 20_000;

/// A code and what became of it.
#[derive(Debug, Clone, QueryableByName)]
pub struct CodeRow {
    /// As stored.
    #[diesel(sql_type = Text)]
    pub text: String,
    /// Uses in all; none: any number.
    #[diesel(sql_type = Nullable<Integer>)]
    pub uses_allowed: Option<i32>,
    /// Uses taken.
    #[diesel(sql_type = Integer)]
    pub uses_taken: i32,
    /// Whose it is.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub member_id: Option<MemberId>,
    /// The owner's member number.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub number: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    /// What it was made or imported with.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub batch_id: Option<CodeBatchId>,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct CodeFilter {
    /// Whose codes.
    pub campaign: CampaignId,
    /// What the code begins with, normal.
    pub begins: Option<CodeText>,
    /// In this state only.
    pub state: Option<CodeState>,
    /// Of this batch only.
    pub batch: Option<CodeBatchId>,
    /// Whether few are used, so that their uses are the quickest way to them.
    pub few_used: bool,
}

/// How many were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// So many.
    Exactly(i64),
    /// More than that.
    MoreThan(i64),
}

impl Found {
    /// "120 codes", "More than 10,000 codes".
    pub fn words(self) -> String {
        match self {
            Found::Exactly(1) => "1 code".into(),
            Found::Exactly(count) => format!("{} codes", grouped(count)),
            Found::MoreThan(count) => format!("More than {} codes", grouped(count)),
        }
    }
}

impl CodeFilter {
    /// With what the kept counts say of the campaign.
    pub fn knowing(mut self, counts: &CodeCounts) -> Self {
        self.few_used = counts.used <= FEW_USED;
        self
    }

    /// A page.
    pub fn page(&self, conn: &mut PgConnection, keyset: &Keyset) -> QueryResult<Slice<CodeRow>> {
        let key = keyset.key().unwrap_or_default();
        let rows = self.rows(conn, key, keyset.is_backwards(), PAGE + 1)?;
        Ok(Slice::cut(rows, keyset, PAGE, |row| row.text.clone()))
    }

    /// So many rows after (or before) a code, in the order of their texts.
    pub fn rows(&self, conn: &mut PgConnection, key: &str, back: bool, limit: usize) -> QueryResult<Vec<CodeRow>> {
        let (than, order) = if back { ("<", "DESC") } else { (">", "ASC") };
        sql_query(format!(
            "SELECT page.*, member.number, member.name
             FROM (SELECT text, uses_allowed, uses_taken, member_id, batch_id FROM code
                   WHERE {} AND text {than} $4 ORDER BY text {order} LIMIT {limit}) AS page
             LEFT JOIN member ON member.id = page.member_id ORDER BY text {order}",
            self.condition()
        ))
        .bind::<BigInt, _>(self.campaign)
        .bind::<Text, _>(self.pattern())
        .bind::<BigInt, _>(self.batch.map_or(0, |batch| batch.0))
        .bind::<Text, _>(key)
        .load(conn)
    }

    /// How many there are in all pages: as the counts say, or of what is searched, up to a limit.
    pub fn found(&self, conn: &mut PgConnection, counts: &CodeCounts) -> QueryResult<Found> {
        if self.begins.is_none() {
            let counts = match self.batch {
                Some(_) => CodeCounts::kept(conn, self.campaign, self.batch)?,
                None => *counts,
            };
            return Ok(Found::Exactly(counts.get(self.state)));
        }
        let row: CountRow = sql_query(format!(
            "SELECT count(*) AS count FROM (SELECT FROM code WHERE {} LIMIT {}) AS found",
            self.condition(),
            COUNTED + 1
        ))
        .bind::<BigInt, _>(self.campaign)
        .bind::<Text, _>(self.pattern())
        .bind::<BigInt, _>(self.batch.map_or(0, |batch| batch.0))
        .get_result(conn)?;
        Ok(if row.count > COUNTED { Found::MoreThan(COUNTED) } else { Found::Exactly(row.count) })
    }

    /// Binds `$1` campaign, `$2` pattern, `$3` batch.
    pub(super) fn condition(&self) -> String {
        // letters and digits of the C collation: a range of the index
        let begins = if self.begins.is_some() { "text >= $2 AND text < $2 || '~'" } else { "$2 = ''" };
        let batch = if self.batch.is_some() { "batch_id = $3" } else { "$3 = 0" };
        let state = self.state.map_or("true", CodeState::sql);
        let used = if self.state == Some(CodeState::Used) && self.few_used {
            "text IN (SELECT validation.code FROM validation WHERE validation.campaign_id = $1
               UNION SELECT reservation.code FROM reservation WHERE reservation.campaign_id = $1
                 AND validated_at IS NULL AND cancelled_at IS NULL AND expired_at IS NULL)"
        } else {
            "true"
        };
        format!("campaign_id = $1 AND {begins} AND {batch} AND {state} AND {used}")
    }

    pub(super) fn pattern(&self) -> &str {
        self.begins.as_ref().map_or("", CodeText::as_str)
    }
}

impl CodeRow {
    /// The code by its normal text. Not found: the campaign has no such code.
    pub fn find(conn: &mut PgConnection, campaign: CampaignId, text: &CodeText) -> QueryResult<Self> {
        sql_query(
            "SELECT code.text, uses_allowed, uses_taken, member_id, member.number, member.name, batch_id
             FROM code LEFT JOIN member ON member.id = code.member_id
             WHERE code.text = $2 AND code.campaign_id = $1",
        )
        .bind::<BigInt, _>(campaign)
        .bind::<Text, _>(text.as_str())
        .get_result(conn)
    }

    /// What became of it.
    pub fn state(&self) -> CodeState {
        CodeState::of(self.uses_taken, self.member_id.is_some())
    }

    /// "1 of 1", "12 of 50", "12".
    pub fn uses(&self) -> String {
        let taken = grouped(self.uses_taken.into());
        match self.uses_allowed {
            Some(allowed) => format!("{taken} of {}", grouped(allowed.into())),
            None => taken,
        }
    }

    /// Whether it can be used without end.
    pub fn is_unlimited(&self) -> bool {
        self.uses_allowed.is_none()
    }

    /// The owner's page and name.
    pub fn owner(&self) -> Option<(String, String)> {
        self.member_id.map(|id| (format!("/user-support/{id}"), self.name.clone().unwrap_or_else(|| "Erased".into())))
    }
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

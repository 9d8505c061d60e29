//! Codes of a campaign: pages of them, and how many there are.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use diesel::{QueryableByName, sql_query};

use super::state::CodeState;
use super::text::CodeText;
use crate::ids::{CampaignId, MemberId};
use crate::web::filters::grouped;
use crate::web::{Keyset, Slice};

/// Rows of a page.
pub const PAGE: usize = 50;

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
}

impl CodeFilter {
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
             FROM (SELECT text, uses_allowed, uses_taken, member_id FROM code
                   WHERE {} AND text {than} $3 ORDER BY text {order} LIMIT {limit}) AS page
             LEFT JOIN member ON member.id = page.member_id ORDER BY text {order}",
            self.condition()
        ))
        .bind::<BigInt, _>(self.campaign)
        .bind::<Text, _>(self.pattern())
        .bind::<Text, _>(key)
        .load(conn)
    }

    /// How many there are in all pages.
    pub fn count(&self, conn: &mut PgConnection) -> QueryResult<i64> {
        let row: CountRow = sql_query(format!("SELECT count(*) AS count FROM code WHERE {}", self.condition()))
            .bind::<BigInt, _>(self.campaign)
            .bind::<Text, _>(self.pattern())
            .get_result(conn)?;
        Ok(row.count)
    }

    fn condition(&self) -> String {
        let begins = if self.begins.is_some() { "text LIKE $2" } else { "$2 = ''" };
        let state = self.state.map_or("true", CodeState::sql);
        // few of millions may be used: the uses lead to them
        let used = if self.state == Some(CodeState::Used) {
            "text IN (SELECT validation.code FROM validation WHERE validation.campaign_id = $1)"
        } else {
            "true"
        };
        format!("campaign_id = $1 AND {begins} AND {state} AND {used}")
    }

    fn pattern(&self) -> String {
        // letters and digits only: nothing in it that LIKE would take for a sign
        self.begins.as_ref().map(|text| format!("{text}%")).unwrap_or_default()
    }
}

impl CodeRow {
    /// The code by its normal text. Not found: the campaign has no such code.
    pub fn find(conn: &mut PgConnection, campaign: CampaignId, text: &CodeText) -> QueryResult<Self> {
        sql_query(
            "SELECT code.text, uses_allowed, uses_taken, member_id, member.number, member.name
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

    /// For a file: code, state, uses allowed, uses taken, member number, member.
    pub fn cells(self) -> [String; 6] {
        let state = self.state().label().to_owned();
        let allowed = self.uses_allowed.map(|uses| uses.to_string()).unwrap_or_default();
        let number = self.number.map(|number| format!("{number:010}")).unwrap_or_default();
        [self.text, state, allowed, self.uses_taken.to_string(), number, self.name.unwrap_or_default()]
    }
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

//! A card to print, and where the next ones come from.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{QueryableByName, sql_query};

use crate::codes::alphabet::CodeFormat;
use crate::codes::text::CodeText;
use crate::ids::{CampaignId, CodeBatchId};

/// One card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// As stored.
    pub code: String,
    /// In groups of four, or as its pattern has it.
    pub shown: String,
    /// "No. 00042"; empty where cards have no numbers.
    pub number: String,
}

/// Codes that were made together, or those of a campaign that belong to no batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pile {
    /// A batch.
    Batch(CodeBatchId),
    /// What is left.
    Loose(CampaignId),
}

impl Pile {
    /// Binds `$1`, the key.
    fn condition(self) -> &'static str {
        match self {
            Self::Batch(_) => "batch_id = $1",
            Self::Loose(_) => "campaign_id = $1 AND batch_id IS NULL",
        }
    }

    fn key(self) -> i64 {
        match self {
            Self::Batch(id) => id.0,
            Self::Loose(id) => id.0,
        }
    }
}

/// A code of a pile.
#[derive(Debug, Clone, QueryableByName)]
pub struct PileCode {
    /// As stored.
    #[diesel(sql_type = Text)]
    pub text: String,
    /// Nobody has it and nobody used it.
    #[diesel(sql_type = Bool)]
    pub is_free: bool,
}

/// What a range of a pile has.
#[derive(Debug, Clone, Default, QueryableByName)]
pub struct Range {
    /// Codes that nobody has.
    #[diesel(sql_type = BigInt)]
    pub free: i64,
    /// One of the longest.
    #[diesel(sql_type = Nullable<Text>)]
    pub longest: Option<String>,
    /// A code that EAN-13 does not take, by its length or a letter.
    #[diesel(sql_type = Nullable<Text>)]
    pub no_digits: Option<String>,
}

impl Range {
    /// Of the codes from one number to another. Numbers are places in the order of the texts, so a complete batch never
    /// numbers its codes anew.
    pub fn of(conn: &mut PgConnection, pile: Pile, from: i64, to: i64) -> QueryResult<Self> {
        sql_query(format!(
            "SELECT count(*) AS free, (array_agg(text ORDER BY length(text) DESC))[1] AS longest,
               min(text) FILTER (WHERE text !~ '^[0-9]{{12,13}}$') AS no_digits
             FROM (SELECT text, uses_taken, member_id FROM code WHERE {} ORDER BY text OFFSET $2 LIMIT $3) AS part
             WHERE uses_taken = 0 AND member_id IS NULL",
            pile.condition()
        ))
        .bind::<BigInt, _>(pile.key())
        .bind::<BigInt, _>(from - 1)
        .bind::<BigInt, _>(to - from + 1)
        .get_result(conn)
    }
}

impl PileCode {
    /// The code just before a number; empty: it is the first.
    pub fn before(conn: &mut PgConnection, pile: Pile, number: i64) -> QueryResult<String> {
        if number <= 1 {
            return Ok(String::new());
        }
        let row: Option<Self> = sql_query(format!(
            "SELECT text, true AS is_free FROM code WHERE {} ORDER BY text OFFSET $2 LIMIT 1",
            pile.condition()
        ))
        .bind::<BigInt, _>(pile.key())
        .bind::<BigInt, _>(number - 2)
        .get_result(conn)
        .optional()?;
        Ok(row.map_or_else(|| "~".into(), |row| row.text))
    }

    /// The next codes after one.
    pub fn after(conn: &mut PgConnection, pile: Pile, text: &str, most: i64) -> QueryResult<Vec<Self>> {
        sql_query(format!(
            "SELECT text, uses_taken = 0 AND member_id IS NULL AS is_free FROM code
             WHERE {} AND text > $2 ORDER BY text LIMIT $3",
            pile.condition()
        ))
        .bind::<BigInt, _>(pile.key())
        .bind::<Text, _>(text)
        .bind::<BigInt, _>(most)
        .load(conn)
    }
}

/// For people to read.
pub fn shown(format: &CodeFormat, code: &str) -> String {
    CodeText::parse(code).map_or_else(|_| code.to_owned(), |text| format.shown(&text))
}

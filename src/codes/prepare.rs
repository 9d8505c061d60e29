//! Makes the codes of a campaign that is being published: the shared one, or many.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::alphabet::CodeFormat;
use super::generate::{self, Batch, Draw};
use super::guess_risk;
use super::text::CodeText;
use crate::ids::CampaignId;
use crate::schema::{campaign, code, code_batch};

/// Why codes were not made.
#[derive(Debug)]
pub enum PrepareError {
    /// Another campaign has a code with this text.
    Taken,
    /// Codes could be guessed; the sentence says what to change.
    Guessable(String),
    /// The database refused.
    Failed(diesel::result::Error),
}

impl From<diesel::result::Error> for PrepareError {
    fn from(error: diesel::result::Error) -> Self {
        match &error {
            diesel::result::Error::DatabaseError(_, info) if info.constraint_name() == Some("code_pkey") => Self::Taken,
            _ => Self::Failed(error),
        }
    }
}

/// Reads the campaign's row; stores its codes, or queues them for the worker where they are more than 10,000.
pub fn prepare(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>) -> Result<(), PrepareError> {
    let (source, shared, uses, count): (Option<String>, Option<String>, Option<i32>, Option<i32>) = campaign::table
        .find(id)
        .select((campaign::code_source, campaign::shared_code, campaign::validations_in_all, campaign::code_count))
        .first(conn)?;
    let format = CodeFormat::default();
    let row =
        |text: String, uses: Option<i32>| (code::text.eq(text), code::campaign_id.eq(id), code::uses_allowed.eq(uses));
    match source.as_deref() {
        Some("one") => {
            let text = match shared {
                Some(raw) => CodeText::parse(&raw).map_err(PrepareError::Guessable)?,
                None => generate::one(&format),
            };
            guess_risk::check_typed(&text).map_err(PrepareError::Guessable)?;
            diesel::update(campaign::table.find(id)).set(campaign::shared_code.eq(text.as_str())).execute(conn)?;
            diesel::insert_into(code::table).values(row(text.into_string(), uses)).execute(conn)?;
        }
        Some("many") => {
            let count = count.unwrap_or(0);
            if count > 10_000 {
                diesel::insert_into(code_batch::table)
                    .values((
                        code_batch::campaign_id.eq(id),
                        code_batch::requested.eq(count),
                        code_batch::created_at.eq(now),
                    ))
                    .execute(conn)?;
                return Ok(());
            }
            let mut draw = Draw::secure(format, u64::try_from(count).unwrap_or(0)).map_err(PrepareError::Guessable)?;
            let mut batch = Batch::default();
            while draw.fill(&mut batch) {
                let rows: Vec<_> = batch.iter().map(|text| row(text.to_owned(), Some(1))).collect();
                diesel::insert_into(code::table).values(rows).execute(conn)?;
            }
        }
        _ => {}
    }
    Ok(())
}

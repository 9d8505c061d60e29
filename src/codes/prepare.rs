//! A campaign's codes come to be when it is published.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::alphabet::CodeFormat;
use super::batch::NewBatch;
use super::text::CodeText;
use super::{counts, generate, guess_risk};
use crate::ids::CampaignId;
use crate::schema::{campaign, code};

/// Why a campaign cannot have its codes.
#[derive(Debug)]
pub enum PrepareError {
    /// Another coupon has the typed code.
    Taken,
    /// The codes could be guessed; the sentence says what to change.
    Guessable(String),
    /// The database failed.
    Failed(diesel::result::Error),
}

impl From<diesel::result::Error> for PrepareError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error)
    }
}

/// What codes are made from.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = campaign)]
pub(super) struct CodePlan {
    code_source: Option<String>,
    shared_code: Option<String>,
    validations_in_all: Option<i32>,
    code_count: Option<i32>,
    code_prefix: String,
    code_length: i32,
    code_pattern: String,
    code_check: bool,
}

impl CodePlan {
    pub(super) fn format(&self) -> CodeFormat {
        CodeFormat::stored(&self.code_prefix, self.code_length, &self.code_pattern, self.code_check)
    }
}

/// The plain shape: a prefix, then so many characters.
pub fn format_of(prefix: &str, length: i32) -> CodeFormat {
    CodeFormat::stored(prefix, length, "", false)
}

/// Makes what the campaign's **Codes** ask for, within the publishing transaction: the one code; up to 10,000 of many
/// at once, more by the worker; personal codes come with the issue, and imported ones are there already.
pub fn prepare(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>) -> Result<(), PrepareError> {
    let plan: CodePlan = campaign::table.find(id).select(CodePlan::as_select()).first(conn)?;
    match plan.code_source.as_deref() {
        Some("one") => match &plan.shared_code {
            Some(typed) => typed_code(conn, id, &plan, typed),
            None => generated_code(conn, id, &plan),
        },
        Some("many") => {
            let count = plan.code_count.unwrap_or(1);
            let live = i64::from(count) + already_made(conn, id)?;
            guess_risk::check_generated(live.unsigned_abs(), &plan.format()).map_err(PrepareError::Guessable)?;
            Ok(NewBatch { campaign: id, format: plan.format(), count }.begin(conn, now)?)
        }
        _ => Ok(()),
    }
}

/// How many codes the campaign has.
pub(super) fn already_made(conn: &mut PgConnection, id: CampaignId) -> QueryResult<i64> {
    Ok(counts::CodeCounts::kept(conn, id, None)?.all)
}

fn typed_code(conn: &mut PgConnection, id: CampaignId, plan: &CodePlan, typed: &str) -> Result<(), PrepareError> {
    let text = CodeText::parse(typed).map_err(PrepareError::Guessable)?;
    guess_risk::check_typed(&text).map_err(PrepareError::Guessable)?;
    if !insert(conn, id, plan, &text)? {
        return Err(PrepareError::Taken);
    }
    keep(conn, id, &text)
}

fn generated_code(conn: &mut PgConnection, id: CampaignId, plan: &CodePlan) -> Result<(), PrepareError> {
    guess_risk::check_generated(1, &plan.format()).map_err(PrepareError::Guessable)?;
    for _ in 0..100 {
        let text = generate::one(&plan.format());
        if insert(conn, id, plan, &text)? {
            return keep(conn, id, &text);
        }
    }
    Err(PrepareError::Taken)
}

/// False: the text stands for another coupon. No error is raised by it, so the transaction goes on.
fn insert(conn: &mut PgConnection, id: CampaignId, plan: &CodePlan, text: &CodeText) -> QueryResult<bool> {
    let stored = diesel::insert_into(code::table)
        .values((
            code::text.eq(text.as_str()),
            code::campaign_id.eq(id),
            code::uses_allowed.eq(plan.validations_in_all),
        ))
        .on_conflict(code::text)
        .do_nothing()
        .execute(conn)?;
    if stored == 1 {
        return Ok(true);
    }
    let owner: i64 = code::table.find(text.as_str()).select(code::campaign_id).first(conn)?;
    Ok(owner == id.0)
}

fn keep(conn: &mut PgConnection, id: CampaignId, text: &CodeText) -> Result<(), PrepareError> {
    diesel::update(campaign::table.find(id)).set(campaign::shared_code.eq(text.as_str())).execute(conn)?;
    Ok(())
}

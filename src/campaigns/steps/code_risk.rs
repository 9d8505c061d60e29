//! How easily a code is guessed, beside the fields that decide it.

use actix_web::web::{Path, Query};
use askama::Template;
use diesel::{PgConnection, QueryResult};

use super::pos_input_form::PosInputForm;
use super::whole;
use crate::campaigns::CodeSource;
use crate::codes::alphabet::{CodeFormat, CodeLength, CodePrefix};
use crate::codes::guess_risk;
use crate::codes::owner::CodeOwner;
use crate::codes::pattern::CodePattern;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::members::count::count as members;
use crate::web::filters::grouped;
use crate::web::{PageResult, Shell, show};

/// What is told; nothing where Muster makes no codes, or a field is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeRisk {
    /// "1 in 4,200,000"
    pub chance: String,
    /// What codes are counted: "", or "if each of 1,200 members gets a code".
    pub note: String,
    /// What to change, where the chance is too good.
    pub advice: String,
    /// How a code looks.
    pub example: String,
}

#[derive(Template)]
#[template(path = "campaigns/steps/code_risk.html")]
struct RiskPart {
    risk: CodeRisk,
}

/// `GET /campaigns/{id}/pos-input/guess-risk`: of what is typed, as a part of the page.
pub async fn show_risk(_: Shell, db: Db, id: Path<CampaignId>, form: Query<PosInputForm>) -> PageResult {
    let (id, form) = (*id, form.into_inner());
    let risk = db
        .read(move |conn| -> Result<_, AppError> {
            CodeOwner::find(conn, id)?;
            Ok(CodeRisk::of(conn, &form)?)
        })
        .await?;
    show(&RiskPart { risk })
}

impl CodeRisk {
    /// Of a form as typed.
    pub fn of(conn: &mut PgConnection, form: &PosInputForm) -> QueryResult<Self> {
        let Some(format) = format(form) else { return Ok(Self::default()) };
        let (live, note) = match CodeSource::parse(&form.codes) {
            Some(CodeSource::One) if form.code.trim().is_empty() => (1, String::new()),
            Some(CodeSource::Many) => match whole::parse(&form.number_of_codes, 1..=5_000_000) {
                Ok(Some(count)) => (count.into(), String::new()),
                _ => return Ok(Self::default()),
            },
            Some(CodeSource::Personal) => {
                let members = members(conn)?.max(1);
                (members, format!(", if each of {} members gets a code", grouped(members)))
            }
            _ => return Ok(Self::default()),
        };
        let live = live.unsigned_abs();
        Ok(Self {
            chance: guess_risk::chance(live, &format),
            note,
            advice: guess_risk::check_generated(live, &format).err().unwrap_or_default(),
            example: format.sample(),
        })
    }
}

fn format(form: &PosInputForm) -> Option<CodeFormat> {
    let mut format = CodeFormat { check: form.has_check_character(), ..CodeFormat::default() };
    if form.format == "pattern" {
        format.pattern = Some(CodePattern::parse(&form.pattern).ok().flatten()?);
    } else {
        format.prefix = CodePrefix::parse(&form.prefix).ok()?;
        format.length = CodeLength::parse(&form.length).ok()?;
    }
    Some(format)
}

//! *Create a code campaign for this group*: a Code coupon that does nothing but let members in.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use uuid::Uuid;

use super::NewGroup;
use crate::codes::guess_risk;
use crate::codes::prepare::{PrepareError, prepare};
use crate::codes::text::CodeText;
use crate::ids::CampaignId;
use crate::schema::campaign;
use crate::web::period::{day_of, first_moment};
use crate::web::{FieldErrors, Period, SaveError};

/// The codes asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewCodes {
    /// One code that many may use.
    One {
        /// None: it is generated.
        text: Option<CodeText>,
        /// None: unlimited.
        uses: Option<i32>,
    },
    /// So many codes, each for one use.
    Many(i32),
}

impl NewCodes {
    /// Reads **Code**; empty: it will be generated.
    pub fn typed(raw: &str) -> Result<Option<CodeText>, String> {
        if raw.trim().is_empty() {
            return Ok(None);
        }
        let text = CodeText::parse(raw)?;
        guess_risk::check_typed(&text)?;
        Ok(Some(text))
    }

    /// Reads **Validations in all**; empty: unlimited.
    pub fn uses(raw: &str) -> Result<Option<i32>, &'static str> {
        match raw.trim() {
            "" => Ok(None),
            typed => match typed.parse() {
                Ok(uses) if uses > 0 => Ok(Some(uses)),
                _ => Err("Enter a whole number from 1 to 2147483647, or nothing for unlimited"),
            },
        }
    }

    /// Reads **Number of codes**.
    pub fn number(raw: &str) -> Result<i32, &'static str> {
        let typed = raw.trim().replace(',', "").parse().ok();
        typed.filter(|count| (1..=5_000_000).contains(count)).ok_or("Enter a whole number from 1 to 5,000,000")
    }
}

/// Makes the campaign, published now, and its codes. A broken rule is a message at the group's form.
pub fn create(
    conn: &mut PgConnection,
    group: &NewGroup,
    codes: &NewCodes,
    created_by: Uuid,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<CampaignId, SaveError> {
    let (source, shared, uses, count) = match codes {
        NewCodes::One { text, uses } => ("one", text.as_ref().map(CodeText::as_str), *uses, None),
        NewCodes::Many(count) => ("many", None, None, Some(*count)),
    };
    let id: CampaignId = diesel::insert_into(campaign::table)
        .values((
            (
                campaign::kind.eq("coupon"),
                campaign::channel.eq("code"),
                campaign::created_at.eq(now),
                campaign::created_by.eq(created_by),
                campaign::name.eq(&group.name),
                campaign::title.eq(&group.name),
                campaign::offer.eq("entry_only"),
                campaign::allow_in_app_validation.eq(true),
            ),
            (
                campaign::code_source.eq(source),
                campaign::shared_code.eq(shared),
                campaign::validations_in_all.eq(uses),
                campaign::code_count.eq(count),
                campaign::everyone.eq(true),
                campaign::starts_at.eq(group.period.starts_at),
                campaign::ends_at.eq(end_of(&group.period, zone)),
                campaign::published_at.eq(now),
            ),
        ))
        .returning(campaign::id)
        .get_result(conn)?;
    prepare(conn, id, now).map_err(|error| at_field(error, codes))?;
    Ok(id)
}

fn at_field(error: PrepareError, codes: &NewCodes) -> SaveError {
    let field = if matches!(codes, NewCodes::One { .. }) { "code" } else { "number_of_codes" };
    match error {
        PrepareError::Taken => FieldErrors::one(field, "This code is in use already. Enter a different one.").into(),
        PrepareError::Guessable(message) => FieldErrors::one(field, message).into(),
        PrepareError::Failed(error) => error.into(),
    }
}

/// The group's stop, or where it has none, the end of a long time that a campaign can have.
pub fn end_of(group: &Period, zone: Tz) -> DateTime<Utc> {
    group.ends_at.unwrap_or_else(|| first_moment(ten_years_after(day_of(group.starts_at, zone)), zone))
}

/// The same day ten years later.
pub fn ten_years_after(day: NaiveDate) -> NaiveDate {
    // 29 February has no such day where the year is no leap year
    day.checked_add_months(chrono::Months::new(120)).or(day.checked_add_days(Days::new(3653))).unwrap_or(day)
}

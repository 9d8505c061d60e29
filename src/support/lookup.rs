//! What stands for exactly one member: a whole phone number, e-mail, member number, personal code or card.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::Deserialize;

use crate::codes::text::CodeText;
use crate::db::Kept;
use crate::ids::{CampaignId, MemberId};
use crate::members::email::Email;
use crate::members::phone::Phone;
use crate::web::filters::grouped;

/// A shared code that was used by more members than this leads to its campaign, not to them.
const FEW: &str = "50";

/// What was typed, read in every way that it can be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lookup {
    phone: Option<String>,
    email: Option<String>,
    number: Option<i64>,
    code: Option<String>,
}

/// What it stands for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Hits {
    /// Members with exactly this phone, e-mail, number, personal code or card.
    pub members: Vec<MemberId>,
    /// The code with this text.
    pub code: Option<CodeHit>,
}

/// A code and who has to do with it.
#[derive(Debug, Clone, Deserialize)]
pub struct CodeHit {
    /// Its text.
    pub text: String,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// The campaign's name.
    pub campaign: String,
    /// None: unlimited.
    pub uses_allowed: Option<i32>,
    /// So far.
    pub uses_taken: i32,
    /// Whose it is, if it is someone's.
    pub owner: Option<MemberId>,
    /// Members who used it, where they are few.
    pub used_by: Vec<MemberId>,
}

impl CodeHit {
    /// "12 of 50 times".
    pub fn uses(&self) -> String {
        let taken = grouped(self.uses_taken.into());
        match self.uses_allowed {
            Some(allowed) => format!("{taken} of {} times", grouped(allowed.into())),
            None => format!("{taken} times"),
        }
    }
}

impl Lookup {
    /// Numbers without a country code are of this region.
    pub fn parse(typed: &str, region: &str) -> Self {
        let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
        let is_number = digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            phone: Phone::parse(typed, region).ok().map(|phone| phone.as_str().to_owned()),
            email: Email::parse(typed).ok().map(|email| email.as_str().to_owned()),
            number: is_number.then(|| digits.parse().ok()).flatten(),
            code: CodeText::parse(typed).ok().map(CodeText::into_string),
        }
    }

    /// What it stands for, in one round trip.
    pub fn run(&self, conn: &mut PgConnection) -> Result<Hits, crate::error::AppError> {
        if *self == Self::default() {
            return Ok(Hits::default());
        }
        let query = sql::<Text>("SELECT json_build_object('members', (SELECT coalesce(json_agg(id), '[]') FROM (SELECT id FROM member WHERE phone = ")
            .bind::<Nullable<Text>, _>(&self.phone)
            .sql(" UNION SELECT id FROM member WHERE email = ")
            .bind::<Nullable<Text>, _>(&self.email)
            .sql(" UNION SELECT id FROM member WHERE number = ")
            .bind::<Nullable<BigInt>, _>(self.number)
            .sql(" UNION SELECT member_id FROM code WHERE member_id IS NOT NULL AND text = ")
            .bind::<Nullable<Text>, _>(&self.code)
            .sql(" UNION SELECT member_id FROM member_card WHERE code = $4) AS hit), 'code', (
                SELECT json_build_object('text', text, 'campaign_id', campaign_id, 'campaign', campaign.name,
                    'uses_allowed', uses_allowed, 'uses_taken', uses_taken, 'owner', code.member_id, 'used_by', (
                      SELECT coalesce(json_agg(DISTINCT validation.member_id), '[]') FROM validation
                      WHERE uses_taken <= ")
            .sql(FEW)
            .sql(" AND validation.code = code.text AND validation.member_id IS NOT NULL AND reversed_at IS NULL))
                FROM code JOIN campaign ON campaign.id = code.campaign_id WHERE text = $4))::text");
        let json: String = Kept(query).get_result(conn)?;
        serde_json::from_str(&json).map_err(crate::error::AppError::internal)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn what_is_typed_is_read_in_every_way_that_it_can_be() {
        let lookup = Lookup::parse("+49 (0) 151 / 234-567-89", "DE");
        assert_eq!(lookup.phone.as_deref(), Some("+4915123456789"));
        let lookup = Lookup::parse("2654 435 761", "DE");
        assert_eq!((lookup.number, lookup.code.as_deref()), (Some(2_654_435_761), Some("2654435761")));
        let lookup = Lookup::parse(" ANA@Example.com", "DE");
        assert_eq!((lookup.email.as_deref(), lookup.code), (Some("ana@example.com"), None));
        assert_eq!(Lookup::parse("bari-sta7", "DE").code.as_deref(), Some("BARISTA7"));
        assert_eq!(Lookup::parse("🎉", "DE"), Lookup::default());
    }
}

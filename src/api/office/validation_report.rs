//! Validations, for a report.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use serde::Serialize;

use super::report::{CHUNK, Report};
use crate::db::Kept;
use crate::ids::CampaignId;

/// Those of a time, of a campaign or of all.
#[derive(Debug, Clone, Copy)]
pub struct ValidationReport {
    /// None: of all.
    pub campaign: Option<CampaignId>,
    /// From this moment.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

/// A use of a code.
#[derive(Debug, Serialize, QueryableByName)]
pub struct ValidationLine {
    #[diesel(sql_type = BigInt)]
    validation: i64,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    campaign: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    member: Option<i64>,
    #[diesel(sql_type = Text)]
    via: String,
    #[diesel(sql_type = Text)]
    till: String,
    #[diesel(sql_type = Nullable<Text>)]
    shop: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    reversed_at: Option<DateTime<Utc>>,
}

impl Report<9> for ValidationReport {
    type Row = ValidationLine;
    const HEAD: [&'static str; 9] =
        ["validation", "at", "campaign", "code", "member", "via", "till", "shop", "reversed_at"];

    fn page(&self, conn: &mut PgConnection, after: i64) -> QueryResult<Vec<(i64, ValidationLine)>> {
        let rows: Vec<ValidationLine> = Kept(
            sql_query(
                "SELECT validation.id AS validation, validation.at, validation.campaign_id AS campaign, validation.code,
                   member.number AS member, validation.via, validation.till, api_key.shop, validation.reversed_at
                 FROM validation LEFT JOIN member ON member.id = validation.member_id
                 LEFT JOIN api_key ON api_key.id = validation.api_key_id
                 WHERE validation.id > $1 AND ($2 IS NULL OR validation.campaign_id = $2)
                   AND ($3 IS NULL OR validation.at >= $3) AND ($4 IS NULL OR validation.at < $4)
                 ORDER BY validation.id LIMIT $5",
            )
            .bind::<BigInt, _>(after)
            .bind::<Nullable<BigInt>, _>(self.campaign)
            .bind::<Nullable<Timestamptz>, _>(self.from)
            .bind::<Nullable<Timestamptz>, _>(self.until)
            .bind::<BigInt, _>(i64::try_from(CHUNK).unwrap_or(i64::MAX)),
        )
        .load(conn)?;
        Ok(rows.into_iter().map(|row| (row.validation, row)).collect())
    }

    fn cells(row: ValidationLine) -> [String; 9] {
        [
            row.validation.to_string(),
            row.at.to_rfc3339(),
            row.campaign.to_string(),
            row.code,
            row.member.map(|number| number.to_string()).unwrap_or_default(),
            row.via,
            row.till,
            row.shop.unwrap_or_default(),
            row.reversed_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
        ]
    }
}

//! What a campaign has to print.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, sql_query};

use super::card::Pile;
use crate::campaigns::{Channel, CodeSource};
use crate::codes::owner::CodeOwner;
use crate::ids::{CampaignId, CodeBatchId};
use crate::schema::{campaign, code, setting};
use crate::settings::Organisation;

/// Of a campaign.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its codes' pages.
    pub owner: CodeOwner,
    /// Complete batches with codes, the latest first.
    pub batches: Vec<BatchOffer>,
    /// The code that everybody uses, where it is one.
    pub shared: Option<String>,
    /// What members read.
    pub title: String,
    /// What members read.
    pub text: String,
    /// Whether the app takes its codes.
    pub in_app: bool,
    /// Where the app is.
    pub public_url: String,
    /// Whether its receivers get these very codes.
    pub is_handed_out: bool,
    ends_at: Option<DateTime<Utc>>,
    source: Option<CodeSource>,
    is_cancelled: bool,
}

/// A batch to choose.
#[derive(Debug, Clone, QueryableByName)]
pub struct BatchOffer {
    /// 0: of no batch.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    /// Codes that are there.
    #[diesel(sql_type = BigInt)]
    pub codes: i64,
}

impl BatchOffer {
    /// As it is called everywhere.
    pub fn title(&self) -> String {
        match (self.id, self.name.as_str()) {
            (0, _) => "Codes of no batch".into(),
            (id, "") => format!("Batch {id}"),
            (_, name) => name.into(),
        }
    }

    /// As forms send it.
    pub fn key(&self) -> String {
        self.id.to_string()
    }

    /// Where its codes are.
    pub fn pile(&self, campaign: CampaignId) -> Pile {
        if self.id == 0 { Pile::Loose(campaign) } else { Pile::Batch(CodeBatchId(self.id)) }
    }
}

type Row = (String, String, bool, Option<DateTime<Utc>>, Option<String>, String, Option<DateTime<Utc>>);

impl Offer {
    /// Not found: no such campaign.
    pub fn find(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        let owner = CodeOwner::find(conn, id)?;
        let (title, text, in_app, ends_at, source, channel, cancelled): Row = campaign::table
            .find(id)
            .select((
                campaign::title,
                campaign::body,
                campaign::allow_in_app_validation,
                campaign::ends_at,
                campaign::code_source,
                campaign::channel,
                campaign::cancelled_at,
            ))
            .first(conn)?;
        let source = source.as_deref().and_then(CodeSource::parse);
        let public_url: String = setting::table.select(setting::public_url).first(conn)?;
        let shared = match source {
            Some(CodeSource::One) => {
                code::table.filter(code::campaign_id.eq(id)).select(code::text).first(conn).optional()?
            }
            _ => None,
        };
        let can_run_low = source.is_some_and(CodeSource::can_run_low);
        let batches = if can_run_low { batches(conn, id)? } else { Vec::new() };
        let is_handed_out = can_run_low && channel != Channel::Code.key();
        let is_cancelled = cancelled.is_some();
        Ok(Self {
            owner,
            batches,
            shared,
            title,
            text,
            in_app,
            public_url,
            is_handed_out,
            ends_at,
            source,
            is_cancelled,
        })
    }

    /// Why there is nothing to print.
    pub fn nothing(&self) -> Option<&'static str> {
        match self.source {
            _ if self.is_cancelled => Some("The campaign is cancelled: its codes are worth nothing any more."),
            Some(CodeSource::Personal) => {
                Some("Each code belongs to the member who gets it, so there are none to print.")
            }
            _ if self.shared.is_none() && self.batches.is_empty() => Some(
                "Codes can be printed once they are made: when the campaign is published, and imported ones once they are imported.",
            ),
            _ => None,
        }
    }

    /// "Valid until 24 Dec 2026"
    pub fn validity(&self, organisation: &Organisation) -> String {
        self.ends_at.map(|at| format!("Valid until {}", organisation.end(at))).unwrap_or_default()
    }
}

fn batches(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Vec<BatchOffer>> {
    sql_query(
        "SELECT batch_id AS id, coalesce(name, '') AS name, sum(codes)::bigint AS codes
         FROM code_count LEFT JOIN code_batch ON code_batch.id = batch_id
         WHERE code_count.campaign_id = $1 AND (batch_id = 0 OR finished_at IS NOT NULL AND removing_at IS NULL)
         GROUP BY 1, 2 HAVING sum(codes) > 0 ORDER BY 1 DESC LIMIT 500",
    )
    .bind::<BigInt, _>(id)
    .load(conn)
}

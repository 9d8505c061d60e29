//! Admins are told, once, when a live campaign runs low of codes to hand out.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use crate::campaigns::campaign::path;
use crate::deliveries::message::NewMessage;
use crate::ids::CampaignId;
use crate::schema::account;
use crate::web::filters::grouped;

#[derive(QueryableByName)]
struct LowRow {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    code_source: String,
    #[diesel(sql_type = BigInt)]
    free: i64,
    #[diesel(sql_type = Text)]
    public_url: String,
}

/// Campaigns that hand codes to receivers and have fewer free ones than they should. Binds `$1`, now.
pub const LOW: &str = "
    campaign.low_stock IS NOT NULL AND campaign.channel <> 'code' AND campaign.code_source IN ('many', 'imported')
    AND campaign.published_at IS NOT NULL AND campaign.cancelled_at IS NULL AND campaign.ends_at > $1
    AND NOT EXISTS (SELECT FROM code_batch WHERE campaign_id = campaign.id AND finished_at IS NULL)
    AND campaign.low_stock > (SELECT coalesce(sum(codes - handed_out - used), 0) FROM code_count WHERE campaign_id = campaign.id)";

#[derive(QueryableByName)]
struct FreeRow {
    #[diesel(sql_type = BigInt)]
    free: i64,
}

/// How many codes a campaign can hand out, where they are fewer than they should be.
pub fn free_if_low(conn: &mut PgConnection, campaign: CampaignId, now: DateTime<Utc>) -> QueryResult<Option<i64>> {
    let row: Option<FreeRow> = sql_query(format!(
        "SELECT (SELECT coalesce(sum(codes - handed_out - used), 0)::bigint FROM code_count WHERE campaign_id = campaign.id) AS free
         FROM campaign WHERE id = $2 AND {LOW}"
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(campaign)
    .get_result(conn)
    .optional()?;
    Ok(row.map(|row| row.free))
}

/// Tells of each campaign once, until it has enough again.
pub fn tell(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    sql_query(format!(
        "DELETE FROM low_stock_notice WHERE campaign_id IN (SELECT id FROM campaign WHERE NOT coalesce({LOW}, false))"
    ))
    .bind::<Timestamptz, _>(now)
    .execute(conn)?;
    conn.transaction(|conn| {
        // of two workers one stores the notice, and tells
        let low: Vec<LowRow> = sql_query(format!(
            "WITH low AS (
               INSERT INTO low_stock_notice (campaign_id, told_at, free)
                 SELECT id, $1, (SELECT coalesce(sum(codes - handed_out - used), 0) FROM code_count WHERE campaign_id = campaign.id)
                 FROM campaign WHERE {LOW} AND starts_at <= $1 AND paused_at IS NULL
               ON CONFLICT (campaign_id) DO NOTHING RETURNING campaign_id, free)
             SELECT campaign.id, campaign.name, code_source, free, public_url FROM low JOIN campaign ON campaign.id = campaign_id CROSS JOIN setting"
        ))
        .bind::<Timestamptz, _>(now)
        .load(conn)?;
        if low.is_empty() {
            return Ok(());
        }
        let admins: Vec<String> = account::table
            .filter(account::role.eq("admin").and(account::disabled_at.is_null()))
            .order(account::email)
            .select(account::email)
            .load(conn)?;
        for campaign in &low {
            for admin in &admins {
                campaign.message(admin, now).insert(conn)?;
            }
        }
        Ok(())
    })
}

impl LowRow {
    fn message(&self, admin: &str, now: DateTime<Utc>) -> NewMessage {
        let left = match self.free {
            0 => "No code is left".to_owned(),
            1 => "1 code is left".to_owned(),
            free => format!("{} codes are left", grouped(free)),
        };
        let (what, page) =
            if self.code_source == "imported" { ("Import more", "import") } else { ("Make more codes", "new") };
        let link = format!("{}{}/codes/{page}", self.public_url, path(self.id));
        NewMessage {
            member_id: None,
            campaign_id: None,
            purpose: "staff",
            channel: "email",
            recipient: admin.to_owned(),
            subject: format!("{}: {}", self.name, left.to_lowercase()),
            body: format!(
                "{left} to hand out in the campaign {}. Receivers who come when there are none get nothing until there are more.\n\n{what}:\n{link}",
                self.name
            ),
            link_hash: None,
            created_at: now,
        }
    }
}

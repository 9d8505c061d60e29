//! Campaigns as a list: filtered, searched, newest first.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::{Channel, Marks, Status, campaign, receivers_words};
use crate::ids::{CampaignId, GroupId};
use crate::web::{Keyset, Slice};

/// Rows on a page.
const SIZE: usize = 50;

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of the name.
    pub name: String,
    /// One channel only.
    pub channel: Option<Channel>,
    /// One status only.
    pub status: Option<Status>,
    /// Campaigns that include or exclude this group, or that it joins by.
    pub group: Option<GroupId>,
}

/// A line of the list.
#[derive(Debug, Clone, QueryableByName)]
pub struct CampaignRow {
    /// Key.
    #[diesel(sql_type = BigInt)]
    pub id: CampaignId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Nullable<Bool>)]
    everyone: Option<bool>,
    #[diesel(embed)]
    marks: Marks,
    /// Nothing of it goes out until someone answers.
    #[diesel(sql_type = Bool)]
    pub is_held: bool,
    /// How many members were issued it.
    #[diesel(sql_type = BigInt)]
    pub issued: i64,
    /// How many times it was used.
    #[diesel(sql_type = BigInt)]
    pub validated: i64,
    #[diesel(sql_type = Array<Text>)]
    included: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    excluded: Vec<String>,
}

impl CampaignRow {
    /// Its page.
    pub fn path(&self) -> String {
        campaign::path(self.id)
    }

    /// Its name, or what stands for a draft that has none yet.
    pub fn name(&self) -> &str {
        campaign::named(&self.name)
    }

    /// How it reaches people.
    pub fn channel(&self) -> Channel {
        Channel::parse(&self.channel).unwrap_or(Channel::Code)
    }

    /// Who gets it, in words.
    pub fn receivers(&self) -> String {
        receivers_words::of(self.everyone, &self.included, &self.excluded)
    }

    /// What its status and time frame are derived from.
    pub fn marks(&self) -> Marks {
        self.marks
    }
}

/// The same derivation as `Marks::status`, `$1` is now.
const STATUS: &str = "CASE WHEN cancelled_at IS NOT NULL THEN 'cancelled' WHEN published_at IS NULL THEN 'draft'
    WHEN ends_at <= $1 THEN 'ended' WHEN paused_at IS NOT NULL THEN 'paused' WHEN starts_at > $1 THEN 'scheduled' ELSE 'live' END";

impl Filter {
    /// What both queries ask for; binds `$1` to `$5`.
    fn condition(&self) -> String {
        format!(
            "($2 = '' OR fold(name) LIKE '%' || fold($2) || '%') AND ($3 = '' OR channel = $3) AND ($4 = '' OR {STATUS} = $4)
             AND ($5 IS NULL OR EXISTS (SELECT FROM campaign_group WHERE campaign_id = campaign.id AND group_id = $5)
                  OR EXISTS (SELECT FROM member_group WHERE campaign_id = campaign.id AND member_group.id = $5))"
        )
    }

    /// One page.
    pub fn page(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
        keyset: &Keyset,
    ) -> QueryResult<Slice<CampaignRow>> {
        let (compare, order) = if keyset.is_backwards() { (">", "ASC") } else { ("<", "DESC") };
        let key: Option<i64> = keyset.key().and_then(|key| key.parse().ok());
        let rows = sql_query(format!(
            "SELECT picked.*, coalesce(counted.issued, 0)::bigint AS issued, coalesce(counted.validated, 0)::bigint AS validated,
               cancelled_at IS NULL AND coalesce(ends_at > $1, true) AND EXISTS (SELECT FROM campaign_sending
                 WHERE campaign_id = picked.id AND held_at IS NOT NULL AND dropped_at IS NULL) AS is_held,
               coalesce(chosen.included, '{{}}') AS included, coalesce(chosen.excluded, '{{}}') AS excluded
             FROM (SELECT id, name, channel, everyone, starts_at, ends_at, published_at, paused_at, cancelled_at FROM campaign
                   WHERE {} AND ($6 IS NULL OR id {compare} $6) ORDER BY id {order} LIMIT {}) AS picked
             LEFT JOIN LATERAL (SELECT
                 (SELECT sum(change) FROM delivery_count WHERE campaign_id = picked.id AND state <> 'skipped') AS issued,
                 (SELECT sum(validated) FROM campaign_count WHERE campaign_id = picked.id) AS validated) AS counted ON true
             LEFT JOIN LATERAL (SELECT array_agg(g.name ORDER BY lower(g.name)) FILTER (WHERE c.included) AS included,
                                       array_agg(g.name ORDER BY lower(g.name)) FILTER (WHERE NOT c.included) AS excluded
                                FROM campaign_group AS c JOIN member_group AS g ON g.id = c.group_id
                                WHERE c.campaign_id = picked.id) AS chosen ON true
             ORDER BY picked.id {order}",
            self.condition(),
            SIZE + 1
        ))
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(escaped(&self.name))
        .bind::<Text, _>(self.channel.map_or("", Channel::key))
        .bind::<Text, _>(self.status.map_or("", Status::key))
        .bind::<Nullable<BigInt>, _>(self.group)
        .bind::<Nullable<BigInt>, _>(key)
        .load(conn)?;
        Ok(Slice::cut(rows, keyset, SIZE, |row: &CampaignRow| row.id.to_string()))
    }

    /// How many there are on all pages.
    pub fn count(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<i64> {
        sql_query(format!("SELECT count(*) AS count FROM campaign WHERE {}", self.condition()))
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(escaped(&self.name))
            .bind::<Text, _>(self.channel.map_or("", Channel::key))
            .bind::<Text, _>(self.status.map_or("", Status::key))
            .bind::<Nullable<BigInt>, _>(self.group)
            .get_result::<CountRow>(conn)
            .map(|row| row.count)
    }
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What LIKE would take for a wildcard is searched as it is.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

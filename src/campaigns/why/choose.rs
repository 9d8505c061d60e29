//! Chooses the campaign about which one asks, at `/user-support/{member}/why`.

use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, sql_query};
use serde::Deserialize;

use crate::campaigns::tally::as_read;
use crate::campaigns::{Channel, Marks, Status};
use crate::db::Db;
use crate::deliveries::DeliveryState;
use crate::error::AppError;
use crate::ids::{CampaignId, MemberId};
use crate::members::Member;
use crate::web::{PageResult, Shell, show};

const SHOWN: i64 = 50;

/// Part of a campaign's name.
#[derive(Debug, Default, Deserialize)]
pub struct ChooseQuery {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "campaigns/why/choose.html")]
struct ChoosePage {
    shell: Shell,
    member: Member,
    q: String,
    rows: Vec<CampaignLine>,
}

impl ChoosePage {
    fn clear(&self) -> String {
        if self.q.trim().is_empty() { String::new() } else { format!("{}/why", self.member.path()) }
    }
}

#[derive(QueryableByName)]
struct CampaignLine {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(embed)]
    marks: Marks,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
}

impl CampaignLine {
    fn channel(&self) -> Channel {
        Channel::parse(&self.channel).unwrap_or(Channel::App)
    }

    fn status(&self, now: &DateTime<Utc>) -> Status {
        self.marks.status(*now)
    }

    /// Where the member's delivery stands; none: there is none.
    fn state(&self, now: &DateTime<Utc>) -> Option<DeliveryState> {
        let is_over = self.marks.ends_at.is_some_and(|end| end <= *now);
        self.state.as_deref().and_then(DeliveryState::parse).map(|state| as_read(state, is_over))
    }
}

/// `GET /user-support/{member}/why`: the newest campaigns, or those with such a name.
pub async fn index(shell: Shell, db: Db, member: Path<MemberId>, query: Query<ChooseQuery>) -> PageResult {
    let (id, q) = (*member, query.into_inner().q);
    let wanted = q.trim().replace('\0', "");
    let (member, rows) =
        db.read(move |conn| -> Result<_, AppError> { Ok((Member::find(conn, id)?, load(conn, id, &wanted)?)) }).await?;
    show(&ChoosePage { shell, member, q, rows })
}

fn load(conn: &mut PgConnection, member: MemberId, wanted: &str) -> QueryResult<Vec<CampaignLine>> {
    sql_query(format!(
        "SELECT campaign.id, name, channel, starts_at, ends_at, published_at, paused_at, cancelled_at, delivery.state
         FROM campaign LEFT JOIN delivery ON delivery.campaign_id = campaign.id AND delivery.member_id = $1
         WHERE published_at IS NOT NULL AND ($2 = '' OR strpos(lower(name), lower($2)) > 0 OR strpos(lower(title), lower($2)) > 0)
         ORDER BY greatest(starts_at, published_at) DESC, campaign.id DESC LIMIT {SHOWN}"
    ))
    .bind::<BigInt, _>(member)
    .bind::<Text, _>(wanted)
    .load(conn)
}

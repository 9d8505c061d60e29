//! Finds the member about whom one asks, at `/campaigns/{id}/why`.

use actix_web::web::{Path, Query};
use askama::Template;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use diesel::{QueryableByName, sql_query};
use serde::Deserialize;

use crate::campaigns::receiver_filter::search;
use crate::campaigns::tally::as_read;
use crate::campaigns::{Campaign, Status, campaign};
use crate::db::Db;
use crate::deliveries::DeliveryState;
use crate::error::AppError;
use crate::ids::{CampaignId, MemberId};
use crate::members::Guarded;
use crate::members::member::number_text;
use crate::web::{PageResult, Shell, see_other, show};

const SHOWN: usize = 50;

/// What was typed.
#[derive(Debug, Default, Deserialize)]
pub struct WhyQuery {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "campaigns/why/find.html")]
struct FindPage {
    shell: Shell,
    tab: &'static str,
    path: String,
    name: String,
    status: Status,
    is_over: bool,
    q: String,
    rows: Vec<FoundRow>,
    more: bool,
}

#[derive(QueryableByName)]
struct FoundRow {
    #[diesel(sql_type = BigInt)]
    id: MemberId,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    phone: Option<Guarded>,
    #[diesel(sql_type = Nullable<Text>)]
    email: Option<Guarded>,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
}

impl FoundRow {
    fn number_text(&self) -> String {
        number_text(self.number)
    }

    fn state(&self, is_over: &bool) -> Option<DeliveryState> {
        self.state.as_deref().and_then(DeliveryState::parse).map(|state| as_read(state, *is_over))
    }
}

/// `GET /campaigns/{id}/why`; the one member that is meant is opened at once.
pub async fn index(shell: Shell, db: Db, id: Path<CampaignId>, query: Query<WhyQuery>) -> PageResult {
    let (id, q, region, sight) = (*id, query.into_inner().q, shell.organisation.phone_region.clone(), shell.sight());
    let typed = q.clone();
    let (found, mut rows, more) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Campaign::find(conn, id)?;
            let (members, more) =
                if typed.trim().is_empty() { (Vec::new(), false) } else { search(conn, &typed, (&region, sight))? };
            Ok((found, load(conn, id, &members)?, more))
        })
        .await?;
    if let [only] = rows.as_slice() {
        return see_other(format!("{}/why/{}", campaign::path(id), only.id));
    }
    let more = more || rows.len() > SHOWN;
    rows.truncate(SHOWN);
    show(&FindPage {
        tab: "why",
        path: found.path(),
        name: found.name().to_owned(),
        status: found.status(shell.now),
        is_over: found.is_over(shell.now),
        shell,
        q,
        rows,
        more,
    })
}

fn load(conn: &mut PgConnection, id: CampaignId, members: &[MemberId]) -> QueryResult<Vec<FoundRow>> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    sql_query(format!(
        "SELECT member.id, member.number, member.name, member.phone, member.email, delivery.state
         FROM member LEFT JOIN delivery ON delivery.member_id = member.id AND delivery.campaign_id = $1
         WHERE member.id = ANY($2) ORDER BY member.search COLLATE \"C\", member.id LIMIT {}",
        SHOWN + 1
    ))
    .bind::<BigInt, _>(id)
    .bind::<Array<BigInt>, _>(members)
    .load(conn)
}

//! Everything that happened to a member, at `/user-support/{member}/history`.

use actix_web::web::{Path, Query};
use askama::Template;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use super::event::{EVENTS, Event};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::Member;
use crate::web::filters;
use crate::web::{Keyset, PageResult, Shell, Slice, show};

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "support/history.html")]
struct HistoryPage {
    shell: Shell,
    member: Member,
    slice: Slice<Event>,
}

/// `GET /user-support/{member}/history`
pub async fn index(shell: Shell, db: Db, member: Path<MemberId>, keyset: Query<Keyset>) -> PageResult {
    let (id, keyset) = (member.into_inner(), keyset.into_inner());
    let (member, slice) =
        db.read(move |conn| -> Result<_, AppError> { Ok((Member::find(conn, id)?, load(conn, id, &keyset)?)) }).await?;
    show(&HistoryPage { shell, member, slice })
}

fn load(conn: &mut PgConnection, member: MemberId, keyset: &Keyset) -> Result<Slice<Event>, AppError> {
    let (than, order) = if keyset.is_backwards() { (">", "ASC") } else { ("<", "DESC") };
    let (at, place) = keyset.key().and_then(Event::parse_key).unzip();
    let rows: Vec<String> =
        sql::<Text>(&format!("SELECT row_to_json(event)::text FROM (SELECT * FROM ({EVENTS}) AS event WHERE $1 = "))
            .bind::<BigInt, _>(member)
            .sql(&format!(" AND ($2 IS NULL OR (at, place) {than} ("))
            .bind::<Nullable<Timestamptz>, _>(at)
            .sql(", ")
            .bind::<Nullable<Text>, _>(place)
            .sql(&format!(")) ORDER BY at {order}, place {order} LIMIT {}) AS event", PAGE + 1))
            .load(conn)?;
    let rows: Result<Vec<Event>, _> = rows.iter().map(|row| serde_json::from_str(row)).collect();
    Ok(Slice::cut(rows.map_err(AppError::internal)?, keyset, PAGE, Event::key))
}

/// The address of a neighbouring page.
pub fn address(member: &MemberId, side: &str, key: Option<&String>) -> Option<String> {
    let query = serde_html_form::to_string([(side, key?)]).ok()?;
    Some(format!("/user-support/{member}/history?{query}"))
}

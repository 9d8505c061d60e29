//! `POST /members/bulk`: up to 10,000 members added or changed.

use serde::Deserialize;
use utoipa::ToSchema;

use super::bulk::{self, Bulk, CHUNK, ResultsJson, RowResultJson};
use super::member_json::MemberValues;
use crate::api::{ApiKey, ApiResult, Call};
use crate::members::many::{Upserted, Wanted, upsert};

/// A member; the first that is there of number, external_id, phone and email tells who it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct MemberRow {
    /// Member number, for someone who is there already.
    #[schema(example = 2654435761_i64)]
    #[serde(default)]
    number: Option<i64>,
    /// What they shall be.
    #[serde(flatten)]
    values: MemberValues,
}

/// Rows.
#[derive(Debug, ToSchema)]
#[allow(dead_code)]
pub struct MemberRows {
    /// 10,000 at most.
    #[schema(max_items = 10_000)]
    rows: Vec<MemberRow>,
}

/// Adds and changes many members.
///
/// JSON with rows, or one row of JSON a line (NDJSON); the answer has the same shape. Rows are applied in order, 1,000 in a
/// transaction; a refused row changes nothing and stops nothing. The same call again changes nothing more.
#[utoipa::path(post, path = "/api/v1/members/bulk", tag = "Office: members", operation_id = "putMembers",
    request_body(content((MemberRows = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "What became of each row", content((ResultsJson = "application/json"), (String = "application/x-ndjson")))),
    security(("key" = [])))]
pub async fn create(call: Call<ApiKey>, Bulk { rows, is_lines }: Bulk<MemberRow>) -> ApiResult {
    let region = call.asked().organisation.phone_region.clone();
    let (mut results, mut wanted) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for (place, row) in rows.into_iter().enumerate() {
        match row {
            Err(why) => results.push(RowResultJson::refused(place, "invalid", why)),
            Ok(row) => match row.values.parse(&region) {
                Ok(parsed) => wanted.push((place, Wanted { number: row.number, parsed })),
                Err(error) => results.push(RowResultJson::of_error(place, &error)),
            },
        }
    }
    for chunk in wanted.chunks(CHUNK) {
        let (places, chunk): (Vec<usize>, Vec<Wanted>) = chunk.iter().cloned().unzip();
        let work =
            call.write(move |conn, asked| Ok(upsert(conn, &chunk, &asked.who.actor(&asked.address), asked.now)?));
        results.extend(places.into_iter().zip(work.await?).map(told));
    }
    bulk::answer(is_lines, results)
}

fn told((place, upserted): (usize, Upserted)) -> RowResultJson {
    match upserted {
        Upserted::Added(number) => RowResultJson::done(place, "added", number),
        Upserted::Changed(number) => RowResultJson::done(place, "changed", number),
        Upserted::Unchanged(number) => RowResultJson::done(place, "unchanged", number),
        Upserted::Refused(code, why) => RowResultJson::refused(place, code, why),
    }
}

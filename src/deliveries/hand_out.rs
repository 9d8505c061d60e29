//! A code for each receiver: the one of all, one of many as long as there are any, or one of their own.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use rand::seq::SliceRandom;

use super::plan::{CodeSource, Plan};
use super::receivers::Given;
use super::skip::Skip;
use crate::codes::generate::{Batch, Draw};
use crate::codes::store;
use crate::ids::CampaignId;
use crate::schema::code;

/// Gives a code to each who is not skipped. Codes lie in sorted order; receivers get them in a random one. Where
/// many codes run out, the last get none and are skipped for that.
pub(super) fn give(conn: &mut PgConnection, plan: &Plan, given: &mut Given) -> QueryResult<()> {
    let mut places: Vec<usize> = (0..given.members.len()).filter(|place| given.reasons[*place].is_none()).collect();
    if places.is_empty() {
        return Ok(());
    }
    places.shuffle(&mut rand::rng());
    let members: Vec<i64> = places.iter().map(|place| given.members[*place]).collect();
    let codes = match plan.code_source() {
        CodeSource::One => vec![plan.shared_code.clone(); members.len()],
        CodeSource::Many => of_many(conn, plan, &members)?,
        CodeSource::Personal => personal(conn, plan, &members)?,
    };
    for (place, code) in places.into_iter().zip(codes) {
        if code.is_none() && plan.code_source() == CodeSource::Many {
            given.reasons[place] = Some(Skip::NoCode.key().to_owned());
        }
        given.codes[place] = code;
    }
    Ok(())
}

fn of_many(conn: &mut PgConnection, plan: &Plan, members: &[i64]) -> QueryResult<Vec<Option<String>>> {
    let mut codes: Vec<Option<String>> =
        free(conn, plan.id, members.len() as i64)?.into_iter().map(Option::Some).collect();
    codes.resize(members.len(), None);
    sql_query(
        "UPDATE code SET member_id = given.member_id FROM unnest($1, $2) AS given (member_id, code)
         WHERE code.text = given.code",
    )
    .bind::<Array<BigInt>, _>(members)
    .bind::<Array<Nullable<Text>>, _>(&codes)
    .execute(conn)?;
    Ok(codes)
}

/// Locked, so that no other transaction hands them out; those that another has locked are passed over.
fn free(conn: &mut PgConnection, campaign: CampaignId, count: i64) -> QueryResult<Vec<String>> {
    code::table
        .filter(code::campaign_id.eq(campaign).and(code::member_id.is_null()).and(code::uses_taken.eq(0)))
        .order(code::text)
        .limit(count)
        .select(code::text)
        .for_no_key_update()
        .skip_locked()
        .load(conn)
}

fn personal(conn: &mut PgConnection, plan: &Plan, members: &[i64]) -> QueryResult<Vec<Option<String>>> {
    let (mut batch, mut codes) = (Batch::default(), Vec::with_capacity(members.len()));
    let mut draw = Draw::of_checked(plan.code_format(), members.len() as u64);
    while draw.fill(&mut batch) {
        store::copy(conn, plan.id, &batch, &members[codes.len()..])?;
        codes.extend(batch.iter().map(|text| Some(text.to_owned())));
    }
    Ok(codes)
}

//! Stays by COPY, and how many members that makes in each group.

use std::cell::RefCell;
use std::io::Write;

use diesel::pg::CopyFormat;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};

use super::copy::Rows;
use super::group::Groups;
use super::plan::{Plan, SeedError};
use super::stays::Stays;
use crate::schema::membership;

/// What was counted while writing.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Stays, closed ones included.
    pub stays: u64,
    /// Members in each group.
    pub open: Vec<i64>,
    /// Stays in each group that began with its code.
    pub by_code: Vec<i32>,
}

/// Streams all stays of a plan into the table, in the order of its key.
pub fn copy(conn: &mut PgConnection, plan: &Plan, groups: &Groups, stays: &Stays<'_>) -> Result<Tally, SeedError> {
    let none = groups.all.len();
    let tally = RefCell::new(Tally { stays: 0, open: vec![0; none], by_code: vec![0; none] });
    let columns = (
        membership::member_id,
        membership::id,
        membership::group_id,
        membership::joined_at,
        membership::left_at,
        membership::source,
        membership::source_detail,
        membership::left_source,
        membership::left_detail,
    );
    diesel::copy_from(membership::table)
        .from_raw_data(columns, |out| write(out, plan, groups, stays, &mut tally.borrow_mut()))
        .with_format(CopyFormat::Binary)
        // the table was emptied in this transaction, so nobody can see the rows before it ends
        .with_freeze(true)
        .execute(conn)?;
    Ok(tally.into_inner())
}

fn write(
    out: &mut dyn Write,
    plan: &Plan,
    groups: &Groups,
    stays: &Stays<'_>,
    tally: &mut Tally,
) -> Result<(), SeedError> {
    let mut rows = Rows::begin(out);
    let mut theirs = Vec::new();
    for number in 1..=plan.members {
        stays.member(number, &mut theirs);
        for stay in &theirs {
            tally.stays += 1;
            tally.open[stay.group] += i64::from(stay.left.is_none());
            tally.by_code[stay.group] += i32::from(stay.source == "code");
            rows.row(9)?;
            rows.bigint(number.cast_signed());
            rows.bigint(tally.stays.cast_signed());
            rows.bigint(groups.all[stay.group].id.0);
            rows.moment(stay.joined_at);
            rows.moment_or_null(stay.left.as_ref().map(|(at, ..)| *at));
            rows.text(stay.source);
            rows.json(&stay.detail);
            rows.text_or_null(stay.left.as_ref().map(|(_, by, _)| *by));
            match &stay.left {
                Some((.., detail)) => rows.json(detail),
                None => rows.null(),
            }
        }
    }
    Ok(rows.end()?)
}

/// Stores how many members each group has.
pub fn store_counts(conn: &mut PgConnection, groups: &Groups, tally: &Tally) -> QueryResult<()> {
    let ids: Vec<i64> = groups.all.iter().map(|group| group.id.0).collect();
    diesel::sql_query("INSERT INTO member_group_count (group_id, change) SELECT * FROM unnest($1, $2)")
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<BigInt>, _>(&tally.open)
        .execute(conn)
        .map(|_| ())
}

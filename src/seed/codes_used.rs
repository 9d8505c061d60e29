//! Each stay that began with a code used it: the validation that goes with it.

use std::io::Write;

use diesel::pg::CopyFormat;
use diesel::prelude::*;

use super::copy::Rows;
use super::group::Groups;
use super::plan::{Plan, SeedError};
use super::stays::Stays;
use crate::schema::validation;

/// Streams them, thrown anew from the same dice.
pub fn copy(conn: &mut PgConnection, plan: &Plan, groups: &Groups, stays: &Stays<'_>) -> Result<(), SeedError> {
    let columns = (
        validation::id,
        validation::campaign_id,
        validation::code,
        validation::member_id,
        validation::at,
        validation::via,
    );
    diesel::copy_from(validation::table)
        .from_raw_data(columns, |out| write(out, plan, groups, stays))
        .with_format(CopyFormat::Binary)
        .execute(conn)?;
    Ok(())
}

fn write(out: &mut dyn Write, plan: &Plan, groups: &Groups, stays: &Stays<'_>) -> Result<(), SeedError> {
    let mut rows = Rows::begin(out);
    let (mut theirs, mut id) = (Vec::new(), 0);
    for number in 1..=plan.members {
        stays.member(number, &mut theirs);
        for stay in theirs.iter().filter(|stay| stay.source == "code") {
            let group = &groups.all[stay.group];
            id += 1;
            rows.row(6)?;
            rows.bigint(id);
            rows.bigint(group.campaign_id.map_or(0, |campaign| campaign.0));
            rows.text(group.code.as_deref().unwrap_or_default());
            rows.bigint(number.cast_signed());
            rows.moment(stay.joined_at);
            rows.text("app");
        }
    }
    Ok(rows.end()?)
}

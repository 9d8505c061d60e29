//! All of it in one transaction: killed midway, nothing is there.

use diesel::prelude::*;

use super::group::Groups;
use super::members::Timeline;
use super::plan::{Plan, SeedError, Seeded};
use super::set_aside::SetAside;
use super::stays::Stays;
use super::{campaigns, codes_used, empty, members, memberships};
use crate::settings::Organisation;

/// Fills an empty database; refuses another.
pub fn run(conn: &mut PgConnection, plan: &Plan) -> Result<Seeded, SeedError> {
    plan.check()?;
    let made = conn.transaction(|conn| fill(conn, plan))?;
    // what the planner and index-only scans go by
    for table in ["member", "membership", "member_group", "campaign", "code", "delivery", "validation"] {
        diesel::sql_query(format!("VACUUM (ANALYZE) {table}")).execute(conn)?;
    }
    Ok(made)
}

fn fill(conn: &mut PgConnection, plan: &Plan) -> Result<Seeded, SeedError> {
    // nobody adds anything between the look and our rows
    diesel::sql_query("LOCK TABLE member, member_group, campaign, membership IN ACCESS EXCLUSIVE MODE")
        .execute(conn)?;
    if let Some(there) = empty::what_is_there(conn)? {
        return Err(SeedError::NotEmpty(there));
    }
    diesel::sql_query("SET LOCAL maintenance_work_mem = '256MB'").execute(conn)?;
    let zone = Organisation::load(conn)?.zone;
    let (timeline, groups) = (Timeline::of(plan, zone), Groups::of(plan, zone));
    let stays = Stays::of(plan, &groups, timeline);

    let aside = SetAside::of(conn, "member")?;
    members::copy(conn, plan, timeline)?;
    aside.make_again(conn)?;

    let joined_by = campaigns::insert_for_groups(conn, &groups)?;
    groups.insert(conn)?;

    // lets COPY write rows that need no second look (FREEZE); nothing refers to this table
    diesel::sql_query("TRUNCATE membership").execute(conn)?;
    let aside = SetAside::of(conn, "membership")?;
    // its trigger would hold all rows a second time to count them; they are counted as they are written
    diesel::sql_query("ALTER TABLE membership DISABLE TRIGGER USER").execute(conn)?;
    let tally = memberships::copy(conn, plan, &groups, &stays)?;
    diesel::sql_query("ALTER TABLE membership ENABLE TRIGGER USER").execute(conn)?;
    aside.make_again(conn)?;
    memberships::store_counts(conn, &groups, &tally)?;

    let aside = SetAside::of(conn, "validation")?;
    codes_used::copy(conn, plan, &groups, &stays)?;
    aside.make_again(conn)?;
    campaigns::insert_codes(conn, &groups, &tally)?;
    set_sequences(conn)?;
    // nobody else can look at what is not committed, so the planner would guess
    for table in ["member", "membership"] {
        diesel::sql_query(format!("ANALYZE {table}")).execute(conn)?;
    }
    diesel::sql_query("ALTER TABLE delivery DISABLE TRIGGER USER").execute(conn)?;
    let deliveries = campaigns::insert_coupons(conn, plan, &groups, timeline.until)?;
    diesel::sql_query("ALTER TABLE delivery ENABLE TRIGGER USER").execute(conn)?;
    campaigns::store_counts(conn)?;
    set_sequences(conn)?;
    Ok(Seeded {
        members: plan.members,
        groups: plan.groups,
        memberships: tally.stays,
        campaigns: joined_by + plan.campaigns,
        deliveries,
    })
}

/// The next key is above those that were written as they are.
fn set_sequences(conn: &mut PgConnection) -> QueryResult<()> {
    for table in ["member", "member_group", "campaign", "membership", "validation"] {
        diesel::sql_query(format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM {table}"
        ))
        .execute(conn)?;
    }
    Ok(())
}

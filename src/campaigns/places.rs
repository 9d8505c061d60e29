//! The included groups' places in `delivery.through`: given once, never moved.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::ids::{CampaignId, GroupId};
use crate::schema::campaign_group;

/// Gives a place to each included group of a published campaign that has none: those after the greatest there is.
/// Groups beyond the 62nd get none.
pub fn give(conn: &mut PgConnection, id: CampaignId) -> QueryResult<()> {
    sql_query(
        "UPDATE campaign_group SET place = given.place FROM (
           SELECT group_id, taken.last + row_number() OVER (ORDER BY group_id) AS place
           FROM campaign_group CROSS JOIN
             (SELECT coalesce(max(place), -1) AS last FROM campaign_group WHERE campaign_id = $1) AS taken
           WHERE campaign_id = $1 AND included AND place IS NULL) AS given
         WHERE campaign_group.campaign_id = $1 AND campaign_group.group_id = given.group_id AND given.place <= 61",
    )
    .bind::<BigInt, _>(id)
    .execute(conn)
    .map(|_| ())
}

/// The included groups that have one.
pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Vec<(GroupId, i16)>> {
    campaign_group::table
        .filter(campaign_group::campaign_id.eq(id).and(campaign_group::included))
        .filter(campaign_group::place.is_not_null())
        .select((campaign_group::group_id, campaign_group::place.assume_not_null()))
        .load(conn)
}

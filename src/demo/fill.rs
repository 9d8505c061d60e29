//! Fills an empty database with the demo, all or nothing.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::accounts;
use super::calendar::Calendar;
use super::campaign::Campaign;
use super::coupons::{self, BEANS, CROISSANT};
use super::members::{self, Guest};
use super::store::Deeds;
use super::story::{MARK, Story};
use super::{deliveries, groups, messages, pictures, sending, stays, tries};
use crate::schema::{account, audit_entry, setting};
use crate::seed::what_is_there;
use crate::settings::Organisation;

/// Whose demo it is.
pub const ORGANISATION: &str = "Kaffeekontor";
/// Coffee.
pub const COLOUR: &str = "#8a4b1f";

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Demo data must never be mixed with real data.
    #[error(
        "--demo fills an empty database only, and this one has {0}. Start without --demo, or choose an empty folder with --data"
    )]
    NotEmpty(String),
    /// The database did not take it.
    #[error("the demo data could not be stored: {0}")]
    Database(#[from] diesel::result::Error),
    /// Something could not be made.
    #[error("the demo data could not be made: {0}")]
    Failed(String),
}

/// Whether this database was filled with the demo, whatever became of it since.
pub fn is_there(conn: &mut PgConnection) -> QueryResult<bool> {
    let mark = audit_entry::table
        .filter(audit_entry::subject_kind.eq(MARK.0).and(audit_entry::subject_id.eq(MARK.1)))
        .select(audit_entry::id);
    diesel::select(diesel::dsl::exists(mark)).get_result(conn)
}

/// Makes the demo as of now, if it is not there. True: it was made.
pub fn fill(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<bool, DemoError> {
    conn.transaction(|conn| {
        // two servers may start at once
        diesel::sql_query("LOCK TABLE account, member, member_group, campaign IN EXCLUSIVE MODE").execute(conn)?;
        if is_there(conn)? {
            return Ok(false);
        }
        if let Some(there) = what_is_there(conn)? {
            return Err(DemoError::NotEmpty(there));
        }
        if diesel::select(diesel::dsl::exists(account::table.select(account::id))).get_result(conn)? {
            return Err(DemoError::NotEmpty("dashboard users".to_owned()));
        }
        make(conn, now)?;
        Ok(true)
    })
}

fn make(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), DemoError> {
    diesel::update(setting::table)
        .set((setting::organisation_name.eq(ORGANISATION), setting::colour.eq(COLOUR)))
        .execute(conn)?;
    let calendar = Calendar::until(now, Organisation::load(conn)?.zone);
    let colleagues = accounts::insert(conn, calendar.at(-1090, 9, 0)).map_err(DemoError::Failed)?;
    let guests = members::insert(conn, &calendar)?;
    let welcome = format!("WELCOME{}", calendar.year());
    let campaigns = insert_campaigns(conn, &calendar, colleagues[1].id, &welcome)?;
    let joined_by = coupons::JOINED_BY.map(|(group, campaign)| (group, campaigns[campaign].id));
    let groups = groups::insert(conn, &calendar, &joined_by)?;
    let stays = stays::of(&guests, &groups, &calendar, &colleagues[2], &welcome);
    stays::insert(conn, &stays, &guests, &groups)?;
    campaign_groups(conn, &campaigns, &groups)?;
    let deliveries = deliveries::of(&campaigns, &guests, &stays, &calendar);
    let tries = tries::of(&stays, &guests, &campaigns, &calendar, &welcome);
    let (now, deliveries) = (calendar.now, &deliveries);
    let deeds = Deeds { guests: &guests, campaigns: &campaigns, deliveries, tries: &tries, now };
    deeds.insert(conn)?;
    messages::insert(conn, &guests, &campaigns, deliveries, &calendar)?;
    sending::insert(conn, &campaigns, deliveries, &calendar)?;
    all_issued(conn, &guests)?;
    let story = Story {
        calendar: &calendar,
        colleagues: &colleagues,
        guests: &guests,
        groups: &groups,
        campaigns: &campaigns,
        stays: &stays,
    };
    Ok(story.diary().write(conn)?)
}

fn insert_campaigns(
    conn: &mut PgConnection,
    calendar: &Calendar,
    author: uuid::Uuid,
    welcome: &str,
) -> Result<Vec<Campaign>, DemoError> {
    let drawn = [(CROISSANT, pictures::cup()), (BEANS, pictures::beans())];
    let mut campaigns = Vec::new();
    for (place, spec) in coupons::all(welcome).into_iter().enumerate() {
        let drawing = drawn.iter().find(|(campaign, _)| *campaign == place).map(|(_, drawing)| drawing);
        let picture = drawing
            .map(|drawing| pictures::insert(conn, drawing, calendar.now))
            .transpose()
            .map_err(DemoError::Failed)?;
        campaigns.push(spec.insert(conn, calendar, author, picture)?);
    }
    Ok(campaigns)
}

fn campaign_groups(conn: &mut PgConnection, campaigns: &[Campaign], groups: &[groups::Group]) -> QueryResult<()> {
    use crate::schema::campaign_group;
    let mut rows = Vec::new();
    for campaign in campaigns {
        for (group, included) in campaign.spec.groups {
            let has_place = *included && campaign.published_at.is_some();
            let place = campaign.bit(*group).trailing_zeros().try_into().unwrap_or(0_i16);
            rows.push((
                campaign_group::campaign_id.eq(campaign.id.0),
                campaign_group::group_id.eq(groups[*group].id.0),
                campaign_group::included.eq(*included),
                campaign_group::place.eq(has_place.then_some(place)),
            ));
        }
    }
    diesel::insert_into(campaign_group::table).values(rows).execute(conn).map(|_| ())
}

/// The worker has nothing left to do for what was issued.
fn all_issued(conn: &mut PgConnection, guests: &[Guest]) -> QueryResult<()> {
    use crate::schema::campaign;
    let last = guests.iter().map(|guest| guest.id.0).max().unwrap_or(0);
    diesel::update(campaign::table.filter(campaign::issued_at.is_not_null()))
        .set(campaign::issued_up_to.eq(last))
        .execute(conn)
        .map(|_| ())
}

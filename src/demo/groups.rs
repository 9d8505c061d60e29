//! Eight groups: public, private and hidden, upcoming, active and ended.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::calendar::Calendar;
use crate::ids::{CampaignId, GroupId};
use crate::schema::member_group;

/// Places in `GROUPS`.
pub const CLUB: usize = 0;
pub const EARLY: usize = 1;
pub const BARISTAS: usize = 2;
pub const TASTINGS: usize = 3;
pub const TERRACE: usize = 4;
pub const OAT: usize = 5;
pub const STAFF: usize = 6;
pub const PILOT: usize = 7;

/// A group of the demo; days count from today.
pub struct GroupSpec {
    /// Name.
    pub name: &'static str,
    about: &'static str,
    /// "open", "code", or hidden.
    pub join_type: Option<&'static str>,
    start: i64,
    /// The last day.
    stop: Option<i64>,
    order: i32,
}

/// All of them.
pub const GROUPS: [GroupSpec; 8] = [
    GroupSpec {
        name: "Kontor Club",
        about: "The club of the house: coupons every month, and every tenth coffee is on us.",
        join_type: Some("open"),
        start: -720,
        stop: None,
        order: 10,
    },
    GroupSpec {
        name: "Early Birds",
        about: "Up before the sun? Until eight in the morning your coffee costs less.",
        join_type: Some("open"),
        start: -84,
        stop: Some(120),
        order: 20,
    },
    GroupSpec {
        name: "Barista Circle",
        about: "For those who took a barista course with us: tastings, recipes and beans from small farms. Your course \
                card has the code.",
        join_type: Some("code"),
        start: -70,
        stop: Some(200),
        order: 30,
    },
    GroupSpec {
        name: "Roastery Tastings",
        about: "Six evenings at our roastery in the harbour. The code is on your ticket.",
        join_type: Some("code"),
        start: 12,
        stop: Some(95),
        order: 40,
    },
    GroupSpec {
        name: "Terrace Club",
        about: "Cold brew and lemonade on our terraces, as long as the chairs are out.",
        join_type: Some("open"),
        start: -160,
        stop: Some(-18),
        order: 50,
    },
    GroupSpec {
        name: "Oat Weeks",
        about: "Six weeks of oat milk free of charge, in every drink.",
        join_type: Some("open"),
        start: 9,
        stop: Some(50),
        order: 60,
    },
    GroupSpec {
        name: "Staff",
        about: "Everyone who works in our shops and at the roastery.",
        join_type: None,
        start: -700,
        stop: None,
        order: 0,
    },
    GroupSpec {
        name: "Pilot Shop Altona",
        about: "Guests who tried the self-service till in Altona.",
        join_type: None,
        start: -200,
        stop: Some(-41),
        order: 0,
    },
];

/// A stored group.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Key.
    pub id: GroupId,
    /// Its first moment.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it.
    pub stops_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub made_at: DateTime<Utc>,
}

/// Stores them; those that are joined by code, with these campaigns.
pub fn insert(
    conn: &mut PgConnection,
    calendar: &Calendar,
    joined_by: &[(usize, CampaignId)],
) -> QueryResult<Vec<Group>> {
    GROUPS
        .iter()
        .enumerate()
        .map(|(place, spec)| {
            let campaign = joined_by.iter().find(|(group, _)| *group == place).map(|(_, campaign)| campaign.0);
            let mut group = Group {
                id: GroupId(0),
                starts_at: calendar.day(spec.start),
                stops_at: spec.stop.map(|stop| calendar.day(stop + 1)),
                made_at: calendar.at(spec.start.min(0) - 6, 10, 7 + u32::try_from(place).unwrap_or(0)),
            };
            group.id = diesel::insert_into(member_group::table)
                .values((
                    member_group::name.eq(spec.name),
                    member_group::description.eq(spec.about),
                    member_group::starts_at.eq(group.starts_at),
                    member_group::stops_at.eq(group.stops_at),
                    member_group::viewable.eq(spec.join_type.is_some()),
                    member_group::join_type.eq(spec.join_type),
                    member_group::campaign_id.eq(campaign),
                    member_group::display_order.eq(spec.order),
                    member_group::created_at.eq(group.made_at),
                ))
                .returning(member_group::id)
                .get_result(conn)
                .map(GroupId)?;
            Ok(group)
        })
        .collect()
}

//! How the sending of the demo's campaigns stands: most are done, one waits for an answer.

use diesel::prelude::*;

use super::calendar::Calendar;
use super::campaign::Campaign;
use super::deliveries::Delivery;
use crate::campaigns::{Audience, Channel};
use crate::schema::campaign_sending as table;

/// Stores it, for each that was published.
pub fn insert(
    conn: &mut PgConnection,
    campaigns: &[Campaign],
    deliveries: &[Delivery],
    calendar: &Calendar,
) -> QueryResult<()> {
    for (place, campaign) in campaigns.iter().enumerate() {
        let (Some(published), Some(start)) = (campaign.published_at, campaign.starts_at) else { continue };
        let first = campaign.issued_at(calendar);
        let issued = |made: &&Delivery| made.campaign == place && made.skip.is_none() && Some(made.issued_at) == first;
        let now = Audience::of(conn, campaign.id)?.reach(conn)?.receivers;
        let confirmed = match first {
            Some(_) => deliveries.iter().filter(issued).count().try_into().unwrap_or(now),
            None => now,
        };
        let over = campaign.cancelled_at.or(campaign.ends_at.filter(|end| *end <= calendar.now));
        let days = campaign.spec.reminder_days.map(|days| chrono::Duration::days(days.into()));
        let all_reminded = days.zip(campaign.ends_at).is_some_and(|(days, end)| end - days <= calendar.now);
        let held = campaign.spec.held;
        diesel::insert_into(table::table)
            .values((
                table::campaign_id.eq(campaign.id.0),
                table::due_at.eq(start.max(published)),
                table::confirmed_receivers.eq((campaign.spec.channel != Channel::Code).then_some(confirmed)),
                table::held_at.eq(held.then(|| calendar.at(-1, 8, 52))),
                table::held_why.eq(held.then_some("late")),
                table::held_receivers.eq(held.then_some(now)),
                table::expired_until.eq(campaign.spec.validity_days.map(|_| calendar.now)),
                table::reminded_until.eq(days.map(|days| calendar.now + days)),
                table::reminded_up_to.eq(if all_reminded { i64::MAX } else { 0 }),
                table::closed_at.eq(over),
            ))
            .execute(conn)?;
    }
    Ok(())
}

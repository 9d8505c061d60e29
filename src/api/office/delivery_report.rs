//! Deliveries of a campaign, for a report.

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};
use serde::Serialize;

use super::report::{CHUNK, Report};
use crate::campaigns::Campaign;
use crate::campaigns::receiver_filter::ReceiverFilter;
use crate::campaigns::receiver_list;
use crate::campaigns::tally::Tally;
use crate::ids::CampaignId;
use crate::members::{Guarded, Sight};
use crate::web::Keyset;

/// Of this campaign.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryReport {
    /// The campaign.
    pub campaign: CampaignId,
    /// When it is asked for.
    pub now: DateTime<Utc>,
}

/// A delivery.
#[derive(Debug, Serialize)]
pub struct DeliveryLine {
    member: i64,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    state: &'static str,
    reason: String,
    since: DateTime<Utc>,
    code: Option<String>,
}

impl Report<8> for DeliveryReport {
    type Row = DeliveryLine;
    const HEAD: [&'static str; 8] = ["member", "name", "phone", "email", "state", "reason", "since", "code"];

    fn page(&self, conn: &mut PgConnection, after: i64) -> QueryResult<Vec<(i64, DeliveryLine)>> {
        // the states that someone is in may be others by now: they are read with each chunk
        let is_over = Campaign::find(conn, self.campaign)?.is_over(self.now);
        let tally = Tally::load(conn, self.campaign, is_over)?;
        let keyset = Keyset { after: Some(after.to_string()), before: None };
        let rows = receiver_list::rows(conn, self.campaign, &tally, &ReceiverFilter::default(), &keyset, CHUNK)?;
        let line = |row: receiver_list::ReceiverRow| {
            let line = DeliveryLine {
                member: row.number,
                state: row.state().key(),
                reason: row.reason(Sight::Full),
                since: *row.at(),
                name: row.name,
                phone: row.phone.map(Guarded::into_unmasked),
                email: row.email.map(Guarded::into_unmasked),
                code: row.code,
            };
            (row.member_id.0, line)
        };
        Ok(rows.into_iter().map(line).collect())
    }

    fn cells(row: DeliveryLine) -> [String; 8] {
        [
            row.member.to_string(),
            row.name,
            row.phone.unwrap_or_default(),
            row.email.unwrap_or_default(),
            row.state.to_owned(),
            row.reason,
            row.since.to_rfc3339(),
            row.code.unwrap_or_default(),
        ]
    }
}

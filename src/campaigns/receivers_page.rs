//! **Receivers** of a published campaign: every one with their state, and who got nothing and why.

use actix_web::web::{Path, Query};
use askama::Template;
use diesel::PgConnection;

use super::audience::Audience;
use super::group_split::{self, PlacedGroup};
use super::receiver_filter::{self, ReceiverFilter, ReceiverQuery, Standing};
use super::receiver_list::{self, ReceiverRow};
use super::steps::Sum;
use super::tally::Tally;
use super::{Campaign, Channel, Status, campaign, numbers, retry};
use crate::db::Db;
use crate::deliveries::DeliveryState;
use crate::deliveries::Skip;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::members::Sight;
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, show};

const SIZE: usize = 50;

#[derive(Template)]
#[template(path = "campaigns/receivers.html")]
struct ReceiversPage {
    shell: Shell,
    tab: &'static str,
    path: String,
    name: String,
    channel: Channel,
    status: Status,
    query: ReceiverQuery,
    tally: Tally,
    groups: Vec<PlacedGroup>,
    page: Slice<ReceiverRow>,
    count: i64,
    /// More members match than were looked at.
    more: bool,
    sum: Option<Sum>,
}

struct Listed {
    found: Campaign,
    tally: Tally,
    groups: Vec<PlacedGroup>,
    page: Slice<ReceiverRow>,
    count: i64,
    more: bool,
    sum: Option<Sum>,
}

/// `GET /campaigns/{id}/deliveries`
pub async fn index(
    shell: Shell,
    db: Db,
    id: Path<CampaignId>,
    query: (Query<ReceiverQuery>, Query<Keyset>),
) -> PageResult {
    let (id, query, keyset) = (*id, query.0.into_inner(), query.1.into_inner());
    let (wanted, now, sight) = (query.clone(), shell.now, shell.sight());
    let region = shell.organisation.phone_region.clone();
    let listed = db.snapshot(move |conn| Listed::load(conn, id, now, &wanted, (&region, sight), &keyset)).await?;
    show(&ReceiversPage {
        tab: "receivers",
        path: campaign::path(id),
        name: listed.found.name().to_owned(),
        channel: listed.found.channel(),
        status: listed.found.status(now),
        query,
        tally: listed.tally,
        groups: listed.groups,
        page: listed.page,
        count: listed.count,
        more: listed.more,
        sum: listed.sum,
        shell,
    })
}

impl Listed {
    fn load(
        conn: &mut PgConnection,
        id: CampaignId,
        now: chrono::DateTime<chrono::Utc>,
        wanted: &ReceiverQuery,
        reader: (&str, Sight),
        keyset: &Keyset,
    ) -> Result<Self, AppError> {
        let found = Campaign::find(conn, id)?;
        let tally = Tally::load(conn, id, found.is_over(now))?;
        let groups = group_split::groups(conn, id)?;
        let (filter, more) = narrowed(conn, wanted, &groups, reader)?;
        let rows = receiver_list::rows(conn, id, &tally, &filter, keyset, SIZE + 1)?;
        let count = match filter.members {
            None => tally.count(&filter),
            Some(_) => receiver_list::count_searched(conn, id, tally.is_over(), &filter)?,
        };
        // once it is issued, what was decided counts, and counting all members anew would take long
        let is_ahead = found.issuing_since.is_none() || found.channel() == Channel::Code;
        let audience = if is_ahead && found.everyone.is_some() { Some(Audience::of(conn, id)?) } else { None };
        let sum = if is_ahead { Some(Sum::of(conn, id, audience.as_ref(), "")?) } else { None };
        let page = Slice::cut(rows, keyset, SIZE, |row| row.member_id.to_string());
        Ok(Self { found, tally, groups, page, count, more, sum })
    }
}

/// The filter with its search; true: more members match than are looked at.
fn narrowed(
    conn: &mut PgConnection,
    wanted: &ReceiverQuery,
    groups: &[PlacedGroup],
    reader: (&str, Sight),
) -> Result<(ReceiverFilter, bool), AppError> {
    let mut filter = wanted.filter(&group_split::places(groups));
    let mut more = false;
    if !wanted.q.trim().is_empty() {
        let found = receiver_filter::search(conn, &wanted.q, reader)?;
        (filter.members, more) = (Some(found.0), found.1);
    }
    Ok((filter, more))
}

impl ReceiversPage {
    fn is_code(&self) -> bool {
        self.channel == Channel::Code
    }

    /// Whether there is nothing to list, whatever is filtered.
    fn is_bare(&self) -> bool {
        self.tally.receivers() == 0 && self.query.is_empty()
    }

    fn count_words(&self) -> String {
        let noun = if self.count == 1 { "member" } else { "members" };
        let more = if self.more { ". More members match: type more to find them all." } else { "" };
        format!("{} {noun}{more}", grouped(self.count))
    }

    fn here(&self) -> String {
        format!("{}/deliveries", self.path)
    }

    fn clear(&self) -> String {
        if self.query.is_empty() { String::new() } else { self.here() }
    }

    /// Those that someone is in, and how far it ever got; with what is chosen, whatever it is.
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let mut states: Vec<Standing> = self.tally.states().into_iter().map(|(state, _)| Standing::In(state)).collect();
        let ever = numbers::steps(self.channel).iter().map(|step| Standing::Ever(*step));
        states.extend(ever.filter(|standing| standing.key() != DeliveryState::Validated.key()));
        let chosen = Standing::parse(&self.query.state).filter(|chosen| !states.contains(chosen));
        states.extend(chosen);
        states.into_iter().map(|standing| (standing.key(), standing.label())).collect()
    }

    fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        let mut skips: Vec<Skip> = self.tally.skips().into_iter().map(|(skip, _)| skip).collect();
        skips.extend(Skip::parse(&self.query.reason).filter(|chosen| !skips.contains(chosen)));
        skips.into_iter().map(|skip| (skip.key(), skip.label())).collect()
    }

    fn placed(&self) -> Vec<(String, &str)> {
        let placed = self.groups.iter().filter(|group| group.place.is_some());
        placed.map(|group| (group.id.to_string(), group.name.as_str())).collect()
    }

    /// "“anna”, Failed, VIP"
    fn searched(&self) -> String {
        let q = self.query.q.trim();
        let typed = (!q.is_empty()).then(|| format!("“{q}”"));
        let state = Standing::parse(&self.query.state).map(|standing| standing.label().to_owned());
        let reason = Skip::parse(&self.query.reason).map(|skip| skip.label().to_owned());
        let group = self.placed().into_iter().find(|(id, _)| *id == self.query.group).map(|(_, name)| name.to_owned());
        [typed, state, reason, group].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn csv(&self) -> String {
        format!("{}/deliveries.csv{}", self.path, self.query.address(&[]))
    }

    fn may_retry(&self) -> bool {
        let can = self.tally.in_state(DeliveryState::Failed) + self.tally.in_state(DeliveryState::Uncertain) > 0;
        can && retry::is_possible(self.status)
    }

    fn previous(&self) -> Option<String> {
        self.page.previous.as_ref().map(|key| self.here() + &self.query.address(&[("before", key)]))
    }

    fn next(&self) -> Option<String> {
        self.page.next.as_ref().map(|key| self.here() + &self.query.address(&[("after", key)]))
    }
}

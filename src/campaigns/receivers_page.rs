//! **Receivers** of a published campaign: every one with their state, and who got nothing and why.

use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::audience::Audience;
use super::receiver_list::{self, ReceiverRow, ReceiverState};
use super::steps::Sum;
use super::{Campaign, Channel, Status, campaign};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, show};

/// What the list is narrowed to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filters {
    state: String,
}

#[derive(Template)]
#[template(path = "campaigns/receivers.html")]
struct ReceiversPage {
    shell: Shell,
    tab: &'static str,
    path: String,
    name: String,
    channel: Channel,
    status: Status,
    filters: Filters,
    state: Option<ReceiverState>,
    page: Slice<ReceiverRow>,
    count: i64,
    sum: Sum,
}

/// `GET /campaigns/{id}/deliveries`
pub async fn index(shell: Shell, db: Db, id: Path<CampaignId>, query: (Query<Filters>, Query<Keyset>)) -> PageResult {
    let (id, now) = (*id, shell.now);
    let (filters, keyset) = (query.0.into_inner(), query.1.into_inner());
    let state = ReceiverState::parse(&filters.state);
    let (found, page, count, sum) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Campaign::find(conn, id)?;
            let page = receiver_list::page(conn, id, state, now, &keyset)?;
            let audience = Audience::of(conn, id)?;
            let sum = Sum::of(conn, id, found.everyone.map(|_| &audience), "")?;
            Ok((found, page, receiver_list::count(conn, id, state, now)?, sum))
        })
        .await?;
    show(&ReceiversPage {
        tab: "receivers",
        path: campaign::path(id),
        name: found.name().to_owned(),
        channel: found.channel(),
        status: found.status(now),
        filters,
        state,
        page,
        count,
        sum,
        shell,
    })
}

impl ReceiversPage {
    fn is_code(&self) -> bool {
        self.channel == Channel::Code
    }

    fn count_words(&self) -> String {
        let noun = if self.count == 1 { "member" } else { "members" };
        format!("{} {noun}", grouped(self.count))
    }

    fn clear(&self) -> String {
        if self.state.is_none() { String::new() } else { format!("{}/deliveries", self.path) }
    }

    fn states(&self) -> Vec<(&'static str, &'static str)> {
        ReceiverState::ALL.map(|state| (state.key(), state.label())).to_vec()
    }

    fn searched(&self) -> &'static str {
        self.state.map_or("", ReceiverState::label)
    }

    fn address(&self, direction: &str, key: &Option<String>) -> Option<String> {
        let pairs = [("state", self.state.map_or("", ReceiverState::key)), (direction, key.as_ref()?.as_str())];
        let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_html_form::to_string(given).ok().map(|query| format!("{}/deliveries?{query}", self.path))
    }

    fn previous(&self) -> Option<String> {
        self.address("before", &self.page.previous)
    }

    fn next(&self) -> Option<String> {
        self.address("after", &self.page.next)
    }
}

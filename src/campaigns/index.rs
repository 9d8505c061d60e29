//! **Campaigns**: the list.

use actix_web::web::Query;
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;

use super::list::{CampaignRow, Filter};
use super::{Channel, Status, time_words};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::GroupId;
use crate::schema::member_group;
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, show};

/// What is typed into the row above the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filters {
    q: String,
    kind: String,
    status: String,
    group: String,
}

struct Row {
    campaign: CampaignRow,
    status: Status,
    frame: String,
}

#[derive(Template)]
#[template(path = "campaigns/index.html")]
struct IndexPage {
    shell: Shell,
    filters: Filters,
    groups: Vec<(GroupId, String)>,
    page: Slice<Row>,
    count: i64,
    searched: String,
}

/// `GET /campaigns`
pub async fn index(shell: Shell, db: Db, filters: Query<Filters>, keyset: Query<Keyset>) -> PageResult {
    let (filters, now) = (filters.into_inner(), shell.now);
    let filter = filters.parse();
    let (page, count, groups) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let page = filter.page(conn, now, &keyset)?;
            Ok((page, filter.count(conn, now)?, group_names(conn)?))
        })
        .await?;
    let row = |campaign: CampaignRow| Row {
        status: campaign.marks().status(now),
        frame: time_words::frame(&campaign.marks(), &shell.organisation),
        campaign,
    };
    let page = Slice { rows: page.rows.into_iter().map(row).collect(), previous: page.previous, next: page.next };
    let searched = filters.in_words(&groups);
    show(&IndexPage { shell, filters, groups, page, count, searched })
}

fn group_names(conn: &mut PgConnection) -> QueryResult<Vec<(GroupId, String)>> {
    member_group::table
        .order((member_group::name, member_group::id))
        .select((member_group::id, member_group::name))
        .load(conn)
}

impl Filters {
    fn parse(&self) -> Filter {
        // no text that PostgreSQL cannot hold
        let name = self.q.trim().replace('\0', "").chars().take(200).collect();
        Filter {
            name,
            channel: Channel::parse(&self.kind),
            status: Status::parse(&self.status),
            group: self.group.parse().ok(),
        }
    }

    /// "“latte”, App coupon, Live"
    fn in_words(&self, groups: &[(GroupId, String)]) -> String {
        let filter = self.parse();
        let name = Some(format!("“{}”", filter.name)).filter(|_| !filter.name.is_empty());
        let kind = filter.channel.map(|channel| channel.kind_label().to_owned());
        let status = filter.status.map(|status| status.label().to_owned());
        let group = groups.iter().find(|(id, _)| Some(*id) == filter.group).map(|(_, name)| name.clone());
        [name, kind, status, group].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl IndexPage {
    fn count_words(&self) -> String {
        let noun = if self.count == 1 { "campaign" } else { "campaigns" };
        format!("{} {noun}", grouped(self.count))
    }

    fn clear(&self) -> &'static str {
        if self.searched.is_empty() { "" } else { "/campaigns" }
    }

    fn address(&self, direction: &str, key: &Option<String>) -> Option<String> {
        let Filters { q, kind, status, group } = &self.filters;
        let pairs =
            [("q", q.as_str()), ("kind", kind), ("status", status), ("group", group), (direction, key.as_ref()?)];
        let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_html_form::to_string(given).ok().map(|query| format!("/campaigns?{query}"))
    }

    fn previous(&self) -> Option<String> {
        self.address("before", &self.page.previous)
    }

    fn next(&self) -> Option<String> {
        self.address("after", &self.page.next)
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Channel::ALL.map(|channel| (channel.key(), channel.kind_label())).to_vec()
    }

    fn statuses(&self) -> Vec<(&'static str, &'static str)> {
        Status::ALL.map(|status| (status.key(), status.label())).to_vec()
    }

    fn group_options(&self) -> Vec<(String, &str)> {
        self.groups.iter().map(|(id, name)| (id.to_string(), name.as_str())).collect()
    }
}

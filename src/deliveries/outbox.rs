//! Settings → Channels → **Outbox**: what went out, or would have, were a gateway configured.

use actix_web::web::Query;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::outbox_list::{OutboxFilter, OutboxRow, PAGE};
use crate::db::Db;
use crate::error::AppError;
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, show};

const PATH: &str = "/settings/channels/outbox";
const CHANNELS: [(&str, &str); 3] = [("sms", "SMS"), ("email", "E-mail"), ("push", "Push")];
const STATES: [(&str, &str); 3] = [("outbox", "In the Outbox"), ("sent", "Sent"), ("failed", "Failed")];

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct OutboxQuery {
    q: String,
    channel: String,
    state: String,
    #[serde(skip_serializing)]
    after: Option<String>,
    #[serde(skip_serializing)]
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "deliveries/outbox.html")]
struct OutboxPage {
    shell: Shell,
    tab: &'static str,
    query: OutboxQuery,
    found: i64,
    slice: Slice<OutboxRow>,
}

/// `GET /settings/channels/outbox`
pub async fn index(shell: Shell, db: Db, query: Query<OutboxQuery>) -> PageResult {
    let query = query.into_inner();
    let keyset = Keyset { after: query.after.clone(), before: query.before.clone() };
    let filter = query.filter(&shell.organisation.phone_region);
    let (found, slice) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let rows = filter.rows(conn, &keyset)?;
            Ok((filter.count(conn)?, Slice::cut(rows, &keyset, PAGE, |row| row.id.to_string())))
        })
        .await?;
    show(&OutboxPage { shell, tab: "channels", query, found, slice })
}

fn label(pairs: &[(&'static str, &'static str)], key: &str) -> Option<&'static str> {
    pairs.iter().find(|(known, _)| *known == key).map(|(_, label)| *label)
}

impl OutboxQuery {
    fn filter(&self, region: &str) -> OutboxFilter {
        OutboxFilter {
            to: OutboxFilter::recipient(&self.q, region),
            channel: label(&CHANNELS, &self.channel).map(|_| self.channel.clone()),
            state: label(&STATES, &self.state).map(|_| self.state.clone()),
        }
    }

    fn searched(&self) -> String {
        let q = self.q.trim();
        let typed = if q.is_empty() { None } else { Some(format!("“{q}”")) };
        let chosen = [label(&CHANNELS, &self.channel), label(&STATES, &self.state)].into_iter().flatten();
        typed.into_iter().chain(chosen.map(str::to_owned)).collect::<Vec<_>>().join(", ")
    }
}

impl OutboxPage {
    fn channels(&self) -> [(&'static str, &'static str); 3] {
        CHANNELS
    }

    fn states(&self) -> [(&'static str, &'static str); 3] {
        STATES
    }

    fn clear(&self) -> &'static str {
        if self.query.searched().is_empty() { "" } else { PATH }
    }

    fn is_empty(&self) -> bool {
        self.found == 0 && self.clear().is_empty()
    }

    fn count(&self) -> String {
        if self.found == 1 { "1 message".into() } else { format!("{} messages", grouped(self.found)) }
    }

    fn page(&self, side: &str, key: &Option<String>) -> Option<String> {
        let filters = serde_html_form::to_string(&self.query).unwrap_or_default();
        key.as_ref().map(|key| format!("{PATH}?{filters}&{side}={key}"))
    }

    fn previous(&self) -> Option<String> {
        self.page("before", &self.slice.previous)
    }

    fn next(&self) -> Option<String> {
        self.page("after", &self.slice.next)
    }
}

impl OutboxRow {
    fn channel_label(&self) -> &'static str {
        label(&CHANNELS, &self.channel).unwrap_or("Message")
    }

    fn channel_icon(&self) -> &'static str {
        match self.channel.as_str() {
            "sms" => "message",
            "email" => "mail",
            _ => "bell",
        }
    }

    fn state_label(&self) -> &'static str {
        label(&STATES, &self.state).unwrap_or_default()
    }

    fn state_tone(&self) -> &'static str {
        match self.state.as_str() {
            "sent" => "good",
            "failed" => "stop",
            _ => "info",
        }
    }
}

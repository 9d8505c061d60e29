//! Settings → Channels → **Outbox**: what went out, or would have, were a gateway configured.

use actix_web::web::Query;
use askama::Template;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Skip;
use super::message_state::{self, PURPOSES, STATES};
use super::outbox_list::{MOST, OutboxFilter, OutboxRow, PAGE};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::members::Sight;
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, show};

const PATH: &str = "/settings/channels/outbox";
const CHANNELS: [(&str, &str); 3] = [("sms", "SMS"), ("email", "E-mail"), ("push", "Push")];

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct OutboxQuery {
    q: String,
    channel: String,
    state: String,
    purpose: String,
    campaign: String,
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
    /// The campaign whose messages are looked for.
    campaign: Option<String>,
}

/// `GET /settings/channels/outbox`
pub async fn index(shell: Shell, db: Db, query: Query<OutboxQuery>) -> PageResult {
    let query = query.into_inner();
    let keyset = Keyset { after: query.after.clone(), before: query.before.clone() };
    let filter = query.filter(&shell.organisation.phone_region);
    let (found, slice, campaign) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let rows = filter.rows(conn, &keyset)?;
            let slice = Slice::cut(rows, &keyset, PAGE, |row| row.id.to_string());
            Ok((filter.count(conn)?, slice, filter.campaign_name(conn)?))
        })
        .await?;
    show(&OutboxPage { shell, tab: "channels", query, found, slice, campaign })
}

fn label(pairs: &[(&'static str, &'static str)], key: &str) -> Option<&'static str> {
    pairs.iter().find(|(known, _)| *known == key).map(|(_, label)| *label)
}

impl OutboxQuery {
    fn filter(&self, region: &str) -> OutboxFilter {
        OutboxFilter {
            to: OutboxFilter::recipient(&self.q, region),
            channel: label(&CHANNELS, &self.channel).map(|_| self.channel.clone()),
            state: message_state::state(&self.state).map(|_| self.state.clone()),
            purpose: message_state::purpose(&self.purpose).map(|_| self.purpose.clone()),
            campaign: self.campaign.trim().parse().ok(),
        }
    }

    fn searched(&self) -> String {
        let q = self.q.trim();
        let typed = if q.is_empty() { None } else { Some(format!("“{q}”")) };
        let state = message_state::state(&self.state).map(|(words, _)| words);
        let chosen = [label(&CHANNELS, &self.channel), state, message_state::purpose(&self.purpose)];
        let of = self.campaign.trim().parse::<CampaignId>().ok().map(|_| "one campaign");
        let chosen = chosen.into_iter().chain([of]).flatten().map(str::to_owned);
        typed.into_iter().chain(chosen).collect::<Vec<_>>().join(", ")
    }
}

impl OutboxPage {
    fn channels(&self) -> [(&'static str, &'static str); 3] {
        CHANNELS
    }

    fn states(&self) -> [(&'static str, &'static str, &'static str); 10] {
        STATES
    }

    fn purposes(&self) -> [(&'static str, &'static str); 5] {
        PURPOSES
    }

    /// Without the campaign, all else as it is.
    fn of_all(&self) -> String {
        let query = OutboxQuery { campaign: String::new(), ..self.query.clone() };
        format!("{PATH}?{}", serde_html_form::to_string(&query).unwrap_or_default())
    }

    fn clear(&self) -> &'static str {
        if self.query.searched().is_empty() { "" } else { PATH }
    }

    fn is_empty(&self) -> bool {
        self.found == 0 && self.clear().is_empty()
    }

    fn count(&self) -> String {
        if self.found > MOST {
            format!("More than {} messages", grouped(MOST))
        } else if self.found == 1 {
            "1 message".into()
        } else {
            format!("{} messages", grouped(self.found))
        }
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
        message_state::state(&self.state).map_or("Unknown", |(words, _)| words)
    }

    fn state_tone(&self) -> &'static str {
        message_state::state(&self.state).map_or("quiet", |(_, tone)| tone)
    }

    fn purpose_label(&self) -> &'static str {
        message_state::purpose(&self.purpose).unwrap_or("Message")
    }

    /// The moment of its next try, where it is worth saying.
    fn next_try(&self) -> Option<DateTime<Utc>> {
        self.next_attempt_at.filter(|at| self.state == "queued" && *at > self.created_at)
    }

    /// Why it stands where it stands, in words.
    fn why(&self, sight: Sight) -> String {
        let error = self.error.as_deref().unwrap_or_default();
        match Skip::parse(error).filter(|_| self.state == "skipped") {
            // a sign-in code has no coupon
            Some(Skip::TooLate) if self.campaign.is_none() => "Too late".to_owned(),
            Some(skip) => skip.label().to_owned(),
            None => sight.foreign(error),
        }
    }
}

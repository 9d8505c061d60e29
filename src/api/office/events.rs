//! `/events`: what webhooks are told, to be read by cursor.

use actix_web::web::Query;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::api::{ApiError, ApiKey, ApiResult, Call, bad_limit};
use crate::schema::webhook_event;
use crate::webhooks::Kind;
use crate::webhooks::event::Event;
use crate::webhooks::kind::TEST;

/// Events of a page, where nothing else is asked for, and at most.
const PAGE: usize = 100;
const MOST: usize = 1_000;

/// Which events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// `next` of the call before; without it, from the oldest that is kept.
    #[param(example = 4711)]
    after: Option<i64>,
    /// Events of a page; 100.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<usize>,
    /// Of this kind only.
    #[serde(rename = "type")]
    #[param(rename = "type", example = "membership.opened")]
    kind: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventJson {
    /// As webhooks carry it in `webhook-id`: the same event is the same here and there.
    #[schema(example = "evt_5f2b8c0e9a3d4c6f8e1a2b3c4d5e6f70")]
    id: String,
    /// Its place in the order.
    #[schema(example = 4711)]
    number: i64,
    /// membership.opened, membership.closed, code.validated, code.reversed, delivery.state, group.coverage_gap.
    #[serde(rename = "type")]
    #[schema(example = "membership.opened")]
    kind: String,
    /// When it happened.
    timestamp: DateTime<Utc>,
    /// What is told of it, by kind.
    #[schema(value_type = Object, example = json!({
        "membership_id": 90210, "member": { "id": 7, "number": 100482 }, "group": { "id": 3, "name": "Barista club" },
        "joined_at": "2026-11-24T10:00:00.000000Z", "source": "code", "left_at": null, "left_source": null
    }))]
    data: Value,
}

/// Events in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventsJson {
    /// The oldest first.
    events: Vec<EventJson>,
    /// For `after` of the next call, also where there is nothing new.
    #[schema(example = 4711)]
    next: i64,
    /// Whether there are more already.
    more: bool,
}

impl From<Event> for EventJson {
    fn from(event: Event) -> Self {
        Self { id: event.name(), number: event.id, kind: event.kind, timestamp: event.at, data: event.payload }
    }
}

impl EventsQuery {
    fn read(&self) -> Result<(i64, usize, Option<Kind>), ApiError> {
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=MOST).contains(&limit) {
            return Err(bad_limit(MOST));
        }
        let kind = match &self.kind {
            None => None,
            Some(key) => Some(Kind::parse(key).ok_or_else(|| {
                ApiError::bad_request(format!("A type is one of {}.", Kind::ALL.map(Kind::key).join(", ")))
            })?),
        };
        Ok((self.after.unwrap_or(0), limit, kind))
    }
}

/// Reads what happened.
///
/// What webhooks are told, for programs that would rather ask, or that want to catch up: events in the order in which they
/// became visible, kept for 30 days. Send `next` as `after` the next time: nothing is left out and nothing comes twice.
/// Events are put down once a webhook wants their kind, also while it is disabled.
#[utoipa::path(get, path = "/api/v1/events", tag = "Office: events", operation_id = "listEvents", params(EventsQuery),
    responses((status = 200, description = "A page", body = EventsJson)), security(("key" = [])))]
pub async fn index(call: Call<ApiKey>, query: Query<EventsQuery>) -> ApiResult {
    let (after, limit, kind) = query.read()?;
    call.read(move |conn, _| {
        let mut found = find(conn, after, limit + 1, kind)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().map_or(after, |event| event.id);
        Ok(EventsJson { events: found.into_iter().map(EventJson::from).collect(), next, more })
    })
    .await
}

fn find(conn: &mut PgConnection, after: i64, limit: usize, kind: Option<Kind>) -> QueryResult<Vec<Event>> {
    let mut query = webhook_event::table
        .filter(webhook_event::id.gt(after).and(webhook_event::kind.ne(TEST)))
        .order(webhook_event::id)
        .limit(i64::try_from(limit).unwrap_or(1_001))
        .select(Event::as_select())
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(webhook_event::kind.eq(kind.key()));
    }
    query.load(conn)
}

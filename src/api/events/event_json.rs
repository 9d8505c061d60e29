//! Events as they are sent.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::webhooks::event::Event;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EventJson {
    /// As webhooks carry it in `webhook-id`: the same event is the same here and there.
    #[schema(example = "evt_5f2b8c0e9a3d4c6f8e1a2b3c4d5e6f70")]
    id: String,
    /// Its place in the order; a cursor.
    #[schema(example = "4711")]
    cursor: String,
    /// Which kind: `membership.opened`, `membership.closed`, `code.validated`, `code.reversed`, `delivery.state` or
    /// `group.coverage_gap`.
    #[serde(rename = "type")]
    #[schema(example = "membership.opened")]
    kind: String,
    /// When it happened.
    timestamp: DateTime<Utc>,
    /// What is told of it, by kind.
    #[schema(value_type = Object, example = json!({
        "membership_id": 90210, "member": { "id": 7, "number": 2654435761i64 }, "group": { "id": 3, "name": "Barista club" },
        "joined_at": "2026-11-24T10:00:00.000000Z", "source": "code", "left_at": null, "left_source": null
    }))]
    data: Value,
}

/// Events in their order.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EventsJson {
    /// Those after the cursor, the oldest first.
    data: Vec<EventJson>,
    /// Of the last of them, to be sent as `after` for the next; where there are none, the one that was sent.
    #[schema(example = "4711")]
    cursor: String,
    /// Whether there are more already.
    more: bool,
}

impl From<Event> for EventJson {
    fn from(event: Event) -> Self {
        Self {
            id: event.name(),
            cursor: event.id.to_string(),
            kind: event.kind,
            timestamp: event.at,
            data: event.payload,
        }
    }
}

impl EventsJson {
    /// A page of `limit` at most, cut from one more.
    pub fn cut(mut found: Vec<Event>, after: i64, limit: usize) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let cursor = found.last().map_or(after, |event| event.id).to_string();
        Self { data: found.into_iter().map(EventJson::from).collect(), cursor, more }
    }
}

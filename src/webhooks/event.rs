//! An event as it is sent: `type`, `timestamp`, `data`.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::kind::TEST;
use super::order::keep_order;
use crate::schema::{webhook_delivery, webhook_event};

/// Days for which events are kept.
pub const KEPT_DAYS: i64 = 30;

/// What happened.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = webhook_event)]
pub struct Event {
    /// Its place in the order.
    pub id: i64,
    /// What receivers know it by.
    pub key: Uuid,
    /// Key of its kind.
    pub kind: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What is told of it.
    pub payload: Value,
}

/// The body that is sent. It must be the same at each attempt, so the order of its fields is theirs here.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: String,
    data: &'a Value,
}

impl Event {
    /// The one with this place, or not found.
    pub fn find(conn: &mut PgConnection, id: i64) -> QueryResult<Self> {
        webhook_event::table.find(id).select(Self::as_select()).first(conn)
    }

    /// `webhook-id`.
    pub fn name(&self) -> String {
        name(self.key)
    }

    /// As sent.
    pub fn body(&self) -> String {
        body(&self.kind, self.at, &self.payload)
    }

    /// Sends one of no meaning to one webhook.
    pub fn test(conn: &mut PgConnection, webhook: i64, told: &str, now: DateTime<Utc>) -> QueryResult<i64> {
        keep_order(conn)?;
        let id: i64 = diesel::insert_into(webhook_event::table)
            .values((
                webhook_event::key.eq(Uuid::now_v7()),
                webhook_event::kind.eq(TEST),
                webhook_event::at.eq(now),
                webhook_event::payload.eq(json!({ "message": told })),
                webhook_event::recorded_at.eq(now),
            ))
            .returning(webhook_event::id)
            .get_result(conn)?;
        diesel::insert_into(webhook_delivery::table)
            .values((
                webhook_delivery::webhook_id.eq(webhook),
                webhook_delivery::event_id.eq(id),
                webhook_delivery::next_attempt_at.eq(now),
            ))
            .execute(conn)?;
        Ok(id)
    }
}

/// `webhook-id`: the same at each attempt.
pub(super) fn name(key: Uuid) -> String {
    format!("evt_{}", key.simple())
}

pub(super) fn body(kind: &str, at: DateTime<Utc>, payload: &Value) -> String {
    let timestamp = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    serde_json::to_string(&Body { kind, timestamp, data: payload }).unwrap_or_default()
}

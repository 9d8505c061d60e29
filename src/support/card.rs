//! All that a member's page shows, from one query.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use serde::Deserialize;
use serde_json::Value;

use super::content::{CONTENT_JSON, Content};
use super::event::{EVENTS, Event};
use crate::db::Kept;
use crate::error::AppError;
use crate::groups::kind::{GroupKind, GroupState};
use crate::ids::{GroupId, MemberId};
use crate::members::Member;
use crate::memberships::Source;

/// Rows of content, and of history, on the page.
pub const SHOWN: usize = 8;

/// A member at a glance.
#[derive(Debug, Deserialize)]
pub struct Card {
    /// Who.
    pub member: Member,
    /// The groups they are in.
    pub groups: Vec<Stay>,
    /// What they hold, the usable first.
    pub content: Vec<Content>,
    /// How much they hold in all.
    pub content_count: usize,
    /// What happened last.
    pub events: Vec<Event>,
    /// How often they used a code.
    pub validations: i64,
    /// When they last did.
    pub last_validation: Option<DateTime<Utc>>,
}

/// A group that the member is in.
#[derive(Debug, Deserialize)]
pub struct Stay {
    /// The group's key.
    pub group_id: GroupId,
    /// The group's name.
    pub name: String,
    join_type: Option<String>,
    starts_at: DateTime<Utc>,
    stops_at: Option<DateTime<Utc>>,
    /// Since when.
    pub joined_at: DateTime<Utc>,
    source: String,
    detail: Value,
}

impl Stay {
    /// Public, private or hidden.
    pub fn kind(&self) -> GroupKind {
        GroupKind::of(self.join_type.as_deref())
    }

    /// Where the group stands.
    pub fn state(&self, now: &DateTime<Utc>) -> GroupState {
        GroupState::at(*now, self.starts_at, self.stops_at)
    }

    /// How it began.
    pub fn how(&self) -> String {
        Source::words(&self.source, &self.detail)
    }
}

/// Prepared once a connection: planning it would take longer than running it.
const STATEMENT: [&str; 5] = [
    "SELECT json_build_object(
       'member', json_build_object('id', id, 'number', number, 'name', name, 'phone', phone, 'email', email,
         'sms_consent', sms_consent, 'email_consent', email_consent, 'push_consent', push_consent,
         'blocked_at', blocked_at, 'blocked_reason', blocked_reason, 'created_at', created_at, 'last_seen_at', last_seen_at, 'time_zone', time_zone, 'date_language', date_language),
       'groups', (
         SELECT coalesce(json_agg(json_build_object('group_id', member_group.id, 'name', name, 'join_type', join_type,
             'starts_at', starts_at, 'stops_at', stops_at, 'joined_at', joined_at, 'source', source, 'detail', source_detail)
           ORDER BY coalesce(stops_at <= $2, false), starts_at > $2, lower(name)), '[]')
         FROM membership JOIN member_group ON member_group.id = group_id WHERE member_id = $1 AND left_at IS NULL),
       'content_count', (SELECT count(*) FROM delivery WHERE member_id = $1 AND state <> 'skipped'),
       'content', (SELECT coalesce(json_agg(item), '[]') FROM (SELECT ",
    CONTENT_JSON,
    " ORDER BY (withdrawn_at IS NULL AND validated_at IS NULL AND failed_at IS NULL AND coalesce(expires_at, ends_at) > $2) DESC,
         delivery.issued_at DESC, campaign_id DESC LIMIT 8) AS held),
       'validations', (SELECT count(*) FROM validation WHERE member_id = $1 AND reversed_at IS NULL),
       'last_validation', (SELECT max(at) FROM validation WHERE member_id = $1 AND reversed_at IS NULL),
       'events', (SELECT coalesce(json_agg(event), '[]') FROM (SELECT * FROM (",
    EVENTS,
    ") AS event ORDER BY at DESC, place DESC LIMIT 8) AS event)
     )::text FROM member WHERE id = ",
];

impl Card {
    /// Of this member.
    pub fn load(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> Result<Self, AppError> {
        let query = sql::<Text>(&STATEMENT.concat())
            .bind::<BigInt, _>(member)
            .sql(" AND ")
            .bind::<Timestamptz, _>(now)
            .sql(" IS NOT NULL");
        let json: String = Kept(query).get_result(conn)?;
        serde_json::from_str(&json).map_err(AppError::internal)
    }
}

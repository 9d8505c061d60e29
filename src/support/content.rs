//! What a member holds: everything that was issued to them, at `/user-support/{member}/content`.

use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::Deserialize;

use crate::campaigns::channel::Channel;
use crate::db::Db;
use crate::deliveries::DeliveryState;
use crate::error::AppError;
use crate::ids::{CampaignId, MemberId};
use crate::members::{Member, Sight};
use crate::web::filters;
use crate::web::{Keyset, PageResult, Shell, Slice, show};

const PAGE: usize = 50;

/// A campaign that reached the member.
#[derive(Debug, Clone, Deserialize)]
pub struct Content {
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// As the member reads it.
    pub title: String,
    channel: String,
    /// When it reached them.
    pub issued_at: DateTime<Utc>,
    /// When it ends, or did.
    pub expires_at: Option<DateTime<Utc>>,
    /// What they show or type.
    pub code: Option<String>,
    state: String,
    validated_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    paused: bool,
    cancelled: bool,
}

/// A member's deliveries ($1) as JSON: a column `item`. What they were not given is not theirs.
pub const CONTENT_JSON: &str =
    "json_build_object('campaign_id', campaign_id, 'title', coalesce(nullif(title, ''), name),
    'channel', channel, 'issued_at', delivery.issued_at, 'expires_at', coalesce(expires_at, ends_at), 'code', code,
    'state', delivery.state, 'validated_at', validated_at, 'withdrawn_at', withdrawn_at,
    'failed_at', failed_at, 'reason', reason, 'paused', paused_at IS NOT NULL, 'cancelled', cancelled_at IS NOT NULL) AS item
  FROM delivery JOIN campaign ON campaign.id = campaign_id WHERE member_id = $1 AND delivery.state <> 'skipped'";

impl Content {
    /// Where it stands, in a word, and the word's tone.
    pub fn state(&self, now: &DateTime<Utc>) -> (&'static str, &'static str) {
        let is_over = self.expires_at.is_some_and(|end| end <= *now);
        let state = DeliveryState::parse(&self.state).unwrap_or(DeliveryState::Issued);
        if !DeliveryState::UNUSED.contains(&state) {
            return (state.label(), state.tone());
        }
        match self {
            Self { cancelled: true, .. } => ("Cancelled", "stop"),
            _ if is_over => (DeliveryState::Expired.label(), DeliveryState::Expired.tone()),
            Self { paused: true, .. } => ("Paused", "warn"),
            _ => (state.label(), state.tone()),
        }
    }

    /// When it came to where it stands; none: `state` says what will be, not what was.
    pub fn since(&self) -> Option<&DateTime<Utc>> {
        self.withdrawn_at.as_ref().or(self.validated_at.as_ref()).or(self.failed_at.as_ref())
    }

    /// Why it was withdrawn or failed.
    pub fn why(&self, sight: Sight) -> String {
        sight.foreign(self.reason.as_deref().unwrap_or_default())
    }

    /// How it reached them.
    pub fn channel(&self) -> &'static str {
        Channel::parse(&self.channel).map_or("", Channel::label)
    }

    /// The life of its code.
    pub fn code_path(&self) -> String {
        format!("/campaigns/{}/codes/{}", self.campaign_id, self.code.as_deref().unwrap_or_default())
    }

    /// The code as people read it.
    pub fn code_text(&self) -> String {
        let code = self.code.as_deref().unwrap_or_default();
        crate::codes::text::CodeText::parse(code).map(|text| text.grouped()).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "support/content.html")]
struct ContentPage {
    shell: Shell,
    member: Member,
    slice: Slice<Content>,
}

/// `GET /user-support/{member}/content`
pub async fn index(shell: Shell, db: Db, member: Path<MemberId>, keyset: Query<Keyset>) -> PageResult {
    let (id, keyset) = (member.into_inner(), keyset.into_inner());
    let (member, slice) =
        db.read(move |conn| -> Result<_, AppError> { Ok((Member::find(conn, id)?, load(conn, id, &keyset)?)) }).await?;
    show(&ContentPage { shell, member, slice })
}

fn load(conn: &mut PgConnection, member: MemberId, keyset: &Keyset) -> Result<Slice<Content>, AppError> {
    let (than, order) = if keyset.is_backwards() { (">", "ASC") } else { ("<", "DESC") };
    let key: Option<i64> = keyset.key().and_then(|key| key.parse().ok());
    let rows: Vec<String> = sql::<Text>(&format!(
        "SELECT item::text FROM (SELECT delivery.issued_at AS at, campaign_id AS place, {CONTENT_JSON}) AS held
         WHERE $2 IS NULL OR (at, place) {than} (SELECT issued_at, campaign_id FROM delivery WHERE member_id = "
    ))
    .bind::<BigInt, _>(member)
    .sql(" AND campaign_id = ")
    .bind::<diesel::sql_types::Nullable<BigInt>, _>(key)
    .sql(&format!(") ORDER BY at {order}, place {order} LIMIT {}", PAGE + 1))
    .load(conn)?;
    let rows: Result<Vec<Content>, _> = rows.iter().map(|row| serde_json::from_str(row)).collect();
    Ok(Slice::cut(rows.map_err(AppError::internal)?, keyset, PAGE, |row: &Content| row.campaign_id.to_string()))
}

/// The address of a neighbouring page.
pub fn address(member: &MemberId, side: &str, key: Option<&String>) -> Option<String> {
    let query = serde_html_form::to_string([(side, key?)]).ok()?;
    Some(format!("/user-support/{member}/content?{query}"))
}

//! A webhook that has not answered for days is disabled, and Admins are told.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::json;

use super::order::keep_order;
use super::webhook::Webhook;
use crate::accounts::notice::Notice;
use crate::audit::{self, Actor, Change};
use crate::schema::{account, setting, webhook, webhook_event};

/// So long it may fail.
pub const PATIENCE: Duration = Duration::days(3);

/// The receiver said that it is gone for good.
pub(super) fn gone(conn: &mut PgConnection, id: i64, now: DateTime<Utc>) -> QueryResult<()> {
    give_up(conn, id, "gone", "its receiver answered that it is gone for good (HTTP 410)", now)
}

/// Disables it, if it has failed for too long.
pub(super) fn if_it_has_failed_for_days(
    conn: &mut PgConnection,
    id: i64,
    words: &str,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let since: Option<DateTime<Utc>> =
        webhook::table.find(id).select(webhook::failing_since).first(conn).optional()?.flatten();
    if since.is_none_or(|since| now - since < PATIENCE) {
        return Ok(());
    }
    give_up(conn, id, "failing", &format!("no attempt has succeeded for three days. The last one: {words}"), now)
}

fn give_up(conn: &mut PgConnection, id: i64, why: &str, words: &str, now: DateTime<Utc>) -> QueryResult<()> {
    conn.transaction(|conn| {
        // before any row is locked, as whoever disables by hand does
        keep_order(conn)?;
        let Some(hook) = Webhook::lock(conn, id).optional()?.filter(Webhook::is_on) else { return Ok(()) };
        disable(conn, id, why, now)?;
        tracing::warn!(webhook = id, why = words, "a webhook is disabled");
        tell_admins(conn, &hook, words, now)?;
        let change = Change { action: "webhook disabled", before: None, after: Some(json!({ "why": words })) };
        audit::append(conn, &Actor::program("Muster"), now, &hook.subject(), &change)
    })
}

/// Nothing is sent from here on. Needs the order kept, so that it is known which event was the last.
pub fn disable(conn: &mut PgConnection, id: i64, why: &str, now: DateTime<Utc>) -> QueryResult<()> {
    let last: Option<i64> = webhook_event::table.select(diesel::dsl::max(webhook_event::id)).first(conn)?;
    diesel::update(webhook::table.find(id))
        .set((
            webhook::disabled_at.eq(now),
            webhook::disabled_why.eq(why),
            webhook::disabled_after.eq(last.unwrap_or(0)),
        ))
        .execute(conn)
        .map(|_| ())
}

fn tell_admins(conn: &mut PgConnection, hook: &Webhook, words: &str, now: DateTime<Utc>) -> QueryResult<()> {
    let (organisation, public_url): (String, String) =
        setting::table.select((setting::organisation_name, setting::public_url)).first(conn)?;
    let admins: Vec<String> = account::table
        .filter(account::role.eq("admin").and(account::disabled_at.is_null()))
        .select(account::email)
        .order(account::email)
        .load(conn)?;
    let link = format!("{public_url}{}", hook.path());
    for email in admins {
        Notice::webhook_disabled(&organisation, hook.name(), words, &link).to(&email, now).insert(conn)?;
    }
    Ok(())
}

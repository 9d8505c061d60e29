//! **Replay**: all that happened since an event or a time is sent again.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};
use serde::Deserialize;
use serde_json::json;

use super::entry::try_at_once;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::web::filters::grouped;
use crate::web::local_time::{instant_of, parse_local};
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};
use crate::webhooks::event::KEPT_DAYS;
use crate::webhooks::{Webhook, keep_order};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReplayForm {
    from: String,
    event: String,
    time: String,
}

/// From here on.
#[derive(Debug, Clone, Copy)]
enum From {
    Event(i64),
    Time(DateTime<Utc>),
}

#[derive(Template)]
#[template(path = "settings/webhooks/replay.html")]
struct ReplayPage {
    shell: Shell,
    hook: Webhook,
    form: ReplayForm,
    errors: FieldErrors,
}

/// `GET /settings/webhooks/{webhook}/replay`
pub async fn new(shell: Shell, db: Db, id: Path<i64>) -> PageResult {
    let hook = load(&db, *id).await?;
    let form = ReplayForm { from: "event".into(), ..ReplayForm::default() };
    show(&ReplayPage { shell, hook, form, errors: FieldErrors::new() })
}

/// `POST /settings/webhooks/{webhook}/replay`
pub async fn create(shell: Shell, db: Db, id: Path<i64>, form: Form<ReplayForm>) -> PageResult {
    match save(&db, &shell, *id, &form.typed).await {
        Ok((hook, 0)) => {
            see_other_with(hook.path(), &Flash::warning("There are no such events: nothing is sent again."))
        }
        Ok((hook, 1)) => see_other_with(hook.path(), &Flash::success("1 event is sent again.")),
        Ok((hook, events)) => {
            let events = grouped(i64::try_from(events).unwrap_or(i64::MAX));
            see_other_with(hook.path(), &Flash::success(format!("{events} events are sent again.")))
        }
        Err(SaveError::Rejected(errors)) => {
            let hook = load(&db, *id).await?;
            rejected(&ReplayPage { shell, hook, form: form.typed, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(db: &Db, id: i64) -> Result<Webhook, AppError> {
    db.read(move |conn| Ok(Webhook::find(conn, id)?)).await
}

async fn save(db: &Db, shell: &Shell, id: i64, form: &ReplayForm) -> Result<(Webhook, usize), SaveError> {
    let from = form.parse(shell);
    let (actor, now) = (shell.actor(), shell.now);
    db.write(move |conn| -> Result<_, SaveError> {
        keep_order(conn)?;
        let hook = Webhook::lock(conn, id)?;
        let from = from?;
        if !hook.is_on() {
            return Err(FieldErrors::one("from", "Enable the webhook first: nothing is sent to it").into());
        }
        let events = replay(conn, id, from, now)?;
        try_at_once(conn, id)?;
        let after = match from {
            From::Event(event) => json!({ "from_event": event, "events": events }),
            From::Time(at) => json!({ "from": at, "events": events }),
        };
        let change = Change { action: "webhook events replayed", before: None, after: Some(after) };
        audit::append(conn, &actor, now, &hook.subject(), &change)?;
        Ok((hook, events))
    })
    .await
}

fn replay(conn: &mut PgConnection, id: i64, from: From, now: DateTime<Utc>) -> QueryResult<usize> {
    let (event, time) = match from {
        From::Event(event) => (event, None),
        From::Time(time) => (0, Some(time)),
    };
    sql_query(
        "INSERT INTO webhook_delivery (webhook_id, event_id, next_attempt_at)
         SELECT webhook.id, event.id, $2 FROM webhook JOIN webhook_event AS event ON kinds = '{}' OR event.kind = ANY (kinds)
         WHERE webhook.id = $1 AND event.id >= $3 AND ($4::timestamptz IS NULL OR event.recorded_at >= $4)
           AND event.kind <> 'webhook.test'
         ON CONFLICT (webhook_id, event_id) DO UPDATE
           SET state = 'queued', attempts = 0, next_attempt_at = excluded.next_attempt_at, leased_until = NULL",
    )
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(event)
    .bind::<Nullable<Timestamptz>, _>(time)
    .execute(conn)
}

impl ReplayForm {
    fn parse(&self, shell: &Shell) -> Result<From, FieldErrors> {
        if self.from == "time" {
            let typed = parse_local(&self.time).and_then(|time| time.ok_or_else(|| "Enter a time".to_owned()));
            return match typed {
                Ok(local) => Ok(From::Time(instant_of(local, shell.zone()))),
                Err(words) => Err(FieldErrors::one("time", words)),
            };
        }
        match self.event.trim().parse() {
            Ok(event) if event > 0 => Ok(From::Event(event)),
            _ => Err(FieldErrors::one("event", "Enter an event’s number, as the deliveries show it")),
        }
    }
}

impl ReplayPage {
    fn kept_days(&self) -> i64 {
        KEPT_DAYS
    }
}

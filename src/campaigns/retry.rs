//! **Retry failed**: those whose message failed, and only those, are sent it again.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};
use serde::Deserialize;
use serde_json::json;

use super::differences::Act;
use super::tally::Tally;
use super::{Campaign, Status, campaign};
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::deliveries::DeliveryState;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::filters::{self, grouped};
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As ticked.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct RetryForm {
    #[serde(default)]
    uncertain: String,
}

#[derive(Template)]
#[template(path = "campaigns/retry.html")]
struct RetryPage {
    shell: Shell,
    name: String,
    path: String,
    numbers: Numbers,
    form: RetryForm,
    errors: FieldErrors,
}

/// What there is to retry.
#[derive(Clone, Copy)]
struct Numbers {
    failed: i64,
    uncertain: i64,
    bounced: i64,
    is_possible: bool,
}

/// Not of a campaign that is over.
pub fn is_possible(status: Status) -> bool {
    matches!(status, Status::Live | Status::Paused)
}

/// `GET /campaigns/{id}/retry`: what it would do.
pub async fn ask(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (found, numbers) = load(&shell, &db, *id).await?;
    if !numbers.is_possible {
        return see_other_with(found.path(), &refused(&found, shell.now));
    }
    if numbers.failed + numbers.uncertain == 0 {
        return see_other_with(found.path(), &Flash::warning("There is nothing to retry: no message failed."));
    }
    show(&RetryPage::of(shell, &found, numbers, RetryForm::default(), FieldErrors::new()))
}

/// `POST /campaigns/{id}/retry`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, form: Form<RetryForm>) -> PageResult {
    let (id, form) = (*id, form.typed);
    match save(&shell, &db, id, &form).await {
        Ok(flash) => see_other_with(campaign::path(id), &flash),
        Err(SaveError::Rejected(errors)) => {
            let (found, numbers) = load(&shell, &db, id).await?;
            rejected(&RetryPage::of(shell, &found, numbers, form, errors))
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(shell: &Shell, db: &Db, id: CampaignId) -> Result<(Campaign, Numbers), AppError> {
    let now = shell.now;
    db.snapshot(move |conn| {
        let found = Campaign::find(conn, id)?;
        let tally = Tally::load(conn, id, found.is_over(now))?;
        let numbers = Numbers {
            failed: tally.in_state(DeliveryState::Failed),
            uncertain: tally.in_state(DeliveryState::Uncertain),
            bounced: tally.in_state(DeliveryState::Bounced),
            is_possible: is_possible(found.status(now)),
        };
        Ok((found, numbers))
    })
    .await
}

async fn save(shell: &Shell, db: &Db, id: CampaignId, form: &RetryForm) -> Result<Flash, SaveError> {
    let (act, uncertain) = (Act::of(shell), form.uncertain == "on");
    db.write(move |conn| {
        let found = Campaign::lock(conn, id)?;
        if !is_possible(found.status(act.now)) {
            return Ok(refused(&found, act.now));
        }
        let (failed, maybe) = again(conn, id, uncertain, act.now)?;
        if failed + maybe == 0 {
            let left = Tally::load(conn, id, false)?.in_state(DeliveryState::Uncertain);
            return match left {
                _ if uncertain => Ok(Flash::warning("There is nothing to retry any more.")),
                0 => Ok(Flash::warning("There is nothing to retry: no message failed.")),
                _ => {
                    Err(FieldErrors::one("uncertain", "No message failed: tick this to send again to those uncertain")
                        .into())
                }
            };
        }
        let subject = Subject::new("campaign", id, found.name());
        let after = Some(json!({ "failed": failed, "uncertain": maybe }));
        audit::append(
            conn,
            &act.actor,
            act.now,
            &subject,
            &Change { action: "failed messages retried", before: None, after },
        )?;
        Ok(Flash::success(told(failed + maybe)))
    })
    .await
}

#[derive(QueryableByName)]
struct AgainRow {
    #[diesel(sql_type = BigInt)]
    failed: i64,
    #[diesel(sql_type = BigInt)]
    uncertain: i64,
}

/// One statement: message and delivery wait again, as new. What was done meanwhile by another is not done twice, since
/// both must still be in their state.
fn again(
    conn: &mut PgConnection,
    id: CampaignId,
    uncertain: bool,
    now: chrono::DateTime<chrono::Utc>,
) -> QueryResult<(i64, i64)> {
    let states: &[&str] = if uncertain { &["failed", "uncertain"] } else { &["failed"] };
    let row: AgainRow = sql_query(
        "WITH waiting AS (
           SELECT message.id, message.member_id, delivery.state FROM message
           JOIN delivery ON delivery.member_id = message.member_id AND delivery.campaign_id = message.campaign_id
             AND delivery.state = message.state
           WHERE message.campaign_id = $1 AND message.state = ANY($2) AND purpose = 'coupon'
           FOR NO KEY UPDATE OF message, delivery),
         queued AS (
           UPDATE message SET state = 'queued', attempts = 0, worker = NULL, leased_until = NULL, moved_at = $3,
             error = NULL, provider_id = NULL,
             next_attempt_at = after_quiet($3, coalesce(member.time_zone, setting.time_zone), quiet_from, quiet_until)
           FROM waiting JOIN member ON member.id = waiting.member_id, campaign, setting
           WHERE message.id = waiting.id AND campaign.id = $1),
         reopened AS (
           UPDATE delivery SET failed_at = NULL, uncertain_at = NULL, reason = NULL, queued_at = $3
           FROM waiting WHERE delivery.member_id = waiting.member_id AND delivery.campaign_id = $1)
         SELECT count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'uncertain') AS uncertain
         FROM waiting",
    )
    .bind::<BigInt, _>(id)
    .bind::<Array<Text>, _>(states)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)?;
    Ok((row.failed, row.uncertain))
}

fn told(messages: i64) -> String {
    match messages {
        1 => "1 message waits again for its turn.".to_owned(),
        many => format!("{} messages wait again for their turn.", grouped(many)),
    }
}

fn refused(found: &Campaign, now: chrono::DateTime<chrono::Utc>) -> Flash {
    Flash::warning(format!("Nothing was changed: the campaign is {}.", found.status(now).label().to_lowercase()))
}

impl RetryPage {
    fn of(shell: Shell, found: &Campaign, numbers: Numbers, form: RetryForm, errors: FieldErrors) -> Self {
        Self { name: found.name().to_owned(), path: found.path(), shell, numbers, form, errors }
    }

    fn is_ticked(&self) -> bool {
        self.form.uncertain == "on"
    }
}

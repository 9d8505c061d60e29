//! **Make more codes** for a campaign of many.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::batch::NewBatch;
use super::counts::Orders;
use super::guess_risk;
use super::owner::CodeOwner;
use super::prepare::already_made;
use crate::audit::{self, Actor, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::campaign;
use crate::web::filters::grouped;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// The most of one order.
pub(crate) const MOST: i32 = 5_000_000;

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MoreForm {
    number: String,
    /// Codes ordered when the form was made: pressed twice, it is refused the second time.
    ordered: String,
}

#[derive(Template)]
#[template(path = "codes/new.html")]
struct NewPage {
    shell: Shell,
    owner: CodeOwner,
    form: MoreForm,
    errors: FieldErrors,
}

/// `GET /campaigns/{id}/codes/new`
pub async fn new(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (owner, ordered) = load(&db, *id).await?;
    let form = MoreForm { number: String::new(), ordered };
    show(&NewPage { shell, owner, form, errors: FieldErrors::new() })
}

/// `POST /campaigns/{id}/codes/new`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, form: Form<MoreForm>) -> PageResult {
    let (owner, ordered) = load(&db, *id).await?;
    match save(&db, &shell, owner.clone(), &form.typed).await {
        Ok(flash) => see_other_with(owner.codes_path(), &flash),
        Err(SaveError::Rejected(errors)) => {
            let form = MoreForm { ordered, ..form.typed };
            rejected(&NewPage { shell, owner, form, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(db: &Db, id: CampaignId) -> Result<(CodeOwner, String), AppError> {
    db.read(move |conn| {
        let owner = CodeOwner::find(conn, id)?;
        let ordered = Orders::of(conn, id)?.requested.to_string();
        if owner.takes_more() { Ok((owner, ordered)) } else { Err(AppError::NotFound) }
    })
    .await
}

async fn save(db: &Db, shell: &Shell, owner: CodeOwner, form: &MoreForm) -> Result<Flash, SaveError> {
    let count = parse(&form.number).map_err(|message| FieldErrors::one("number", message))?;
    let (seen, actor, now) = (form.ordered.clone(), shell.actor(), shell.now);
    let finished = db.write(move |conn| order(conn, &owner, count, Some(&seen), &actor, now)).await?;
    let number = if count == 1 { "1 code".to_owned() } else { format!("{} codes", grouped(count.into())) };
    Ok(if finished {
        Flash::success(format!("{number} made."))
    } else {
        Flash::success(format!("{number} ordered. They are being made now; this page shows how far it is."))
    })
}

fn parse(number: &str) -> Result<i32, String> {
    let digits: String = number.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}' | '\u{202f}')).collect();
    let count = digits.parse().ok().filter(|count| (1..=MOST).contains(count));
    count.ok_or_else(|| "Enter a number from 1 to 5,000,000".to_owned())
}

/// Orders more codes, unless others were ordered since `seen` was. True: they are there already.
pub(crate) fn order(
    conn: &mut PgConnection,
    owner: &CodeOwner,
    count: i32,
    seen: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, SaveError> {
    // one order after the other, so that each counts those before it
    campaign::table.find(owner.id).select(campaign::id).for_no_key_update().first::<i64>(conn)?;
    let orders = Orders::of(conn, owner.id)?;
    if seen.is_some_and(|seen| orders.requested.to_string() != seen) {
        let ordered = grouped(orders.requested);
        let message =
            format!("{ordered} codes have been ordered in all, some of them just now. Check whether you need more");
        return Err(FieldErrors::one("number", message).into());
    }
    let live = already_made(conn, owner.id)? + (orders.requested - orders.made) + i64::from(count);
    guess_risk::check_generated(live.unsigned_abs(), &owner.format())
        .map_err(|message| FieldErrors::one("number", message))?;
    NewBatch { campaign: owner.id, format: owner.format(), count }.begin(conn, now)?;
    let finished = !Orders::of(conn, owner.id)?.are_being_made();
    let subject = Subject::new("campaign", owner.id, owner.name.clone());
    let change = Change { action: "more codes ordered", before: None, after: Some(json!({ "codes": count })) };
    audit::append(conn, actor, now, &subject, &change)?;
    Ok(finished)
}

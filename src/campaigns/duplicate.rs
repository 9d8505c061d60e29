//! **Duplicate**: a draft with the same answers and groups, but without codes of its own.

use actix_web::web::Path;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use uuid::Uuid;

use super::differences::{Act, Confirmed};
use super::steps::Step;
use super::{Campaign, Content};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with};

#[derive(QueryableByName)]
struct NewRow {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
}

/// `POST /campaigns/{id}/duplicate`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let (id, act, by) = (*id, Act::of(&shell), shell.account.id);
    let copy = db.write(move |conn| -> Result<_, AppError> { Ok(copy(conn, &act, id, by)?) }).await?;
    let flash = Flash::success("This is the copy, a draft. Check its codes and its time frame before you publish it.");
    see_other_with(Step::Content.path(copy), &flash)
}

fn copy(conn: &mut PgConnection, act: &Act, id: CampaignId, by: Uuid) -> QueryResult<CampaignId> {
    // a row lock: so that the groups copied are those of the row copied
    let source = Campaign::lock(conn, id)?;
    let max = i32::try_from(Content::MAX_NAME).unwrap_or(i32::MAX);
    let NewRow { id: copy } = sql_query(
        "INSERT INTO campaign (kind, channel, created_at, created_by, name, title, body, picture_id, terms, sms_sender, sms_text,
           email_subject, email_body, offer, amount, percent, buy_quantity, get_quantity, products, minimum_basket,
           pos_promotion_id, shops, barcode, code_source, validations_in_all, code_count, validations_per_member, code_prefix,
           code_length, allow_in_app_validation, tender_id, rebate_handling, merchant_remuneration, handling_fee, everyone,
           also_later, starts_at, ends_at, validity_days, weekdays, valid_from, valid_until, quiet_from, quiet_until, reminder_days, if_late, notify_push)
         SELECT kind, channel, $2, $3, CASE WHEN name = '' THEN '' ELSE left(name, $4 - char_length($5)) || $5 END, title, body,
           picture_id, terms, sms_sender, sms_text,
           email_subject, email_body, offer, amount, percent, buy_quantity, get_quantity, products, minimum_basket,
           pos_promotion_id, shops, barcode, code_source, validations_in_all, code_count, validations_per_member, code_prefix,
           code_length, allow_in_app_validation, tender_id, rebate_handling, merchant_remuneration, handling_fee, everyone,
           also_later, starts_at, ends_at, validity_days, weekdays, valid_from, valid_until, quiet_from, quiet_until, reminder_days, if_late, notify_push
         FROM campaign WHERE id = $1 RETURNING id",
    )
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(act.now)
    .bind::<SqlUuid, _>(by)
    .bind::<Integer, _>(max)
    .bind::<Text, _>(" (copy)")
    .get_result(conn)?;
    sql_query(
        "INSERT INTO campaign_group (campaign_id, group_id, included)
         SELECT $1, group_id, included FROM campaign_group WHERE campaign_id = $2",
    )
    .bind::<BigInt, _>(copy)
    .bind::<BigInt, _>(id)
    .execute(conn)?;
    let made = Campaign::find(conn, copy)?;
    let from = serde_json::json!({ "campaign": source.id, "name": source.name() });
    act.made(conn, &made, "campaign duplicated", from)?;
    Ok(copy)
}

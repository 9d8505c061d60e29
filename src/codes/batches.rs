//! **Batches**: what was made or imported together, with what became of it.

use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::owner::CodeOwner;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, CodeBatchId};
use crate::web::filters::grouped;
use crate::web::{Keyset, PageResult, Shell, Slice, filters, show};

const PAGE: usize = 50;

/// A batch, and what became of its codes.
#[derive(Debug, Clone, QueryableByName)]
pub struct BatchRow {
    /// Key.
    #[diesel(sql_type = BigInt)]
    pub id: CodeBatchId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Integer)]
    requested: i32,
    #[diesel(sql_type = Integer)]
    made: i32,
    /// When it was asked for.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    created_by: Option<String>,
    #[diesel(sql_type = Bool)]
    is_finished: bool,
    #[diesel(sql_type = Bool)]
    is_cancelled: bool,
    #[diesel(sql_type = Bool)]
    is_removed: bool,
    /// Codes that are there.
    #[diesel(sql_type = BigInt)]
    pub codes: i64,
    /// Codes that members have and have not used.
    #[diesel(sql_type = BigInt)]
    pub handed_out: i64,
    /// Uses, without those that a till holds at this moment.
    #[diesel(sql_type = BigInt)]
    pub validated: i64,
}

const BATCH: &str = "
    SELECT page.id, page.name, source, requested, made, page.created_at, account.name AS created_by,
      finished_at IS NOT NULL AS is_finished, cancelled_at IS NOT NULL AS is_cancelled, removing_at IS NOT NULL AS is_removed,
      coalesce(kept.codes, 0)::bigint AS codes, coalesce(kept.handed_out, 0)::bigint AS handed_out,
      (coalesce(kept.uses, 0) - (
        SELECT count(*) FROM reservation JOIN code ON code.text = reservation.code
        WHERE code.batch_id = page.id AND reservation.campaign_id = page.campaign_id
          AND validated_at IS NULL AND reservation.cancelled_at IS NULL AND expired_at IS NULL))::bigint AS validated
    FROM page LEFT JOIN account ON account.id = page.created_by
    LEFT JOIN LATERAL (SELECT sum(codes) AS codes, sum(handed_out) AS handed_out, sum(uses) AS uses
                       FROM code_count WHERE campaign_id = page.campaign_id AND batch_id = page.id) AS kept ON true";

impl BatchRow {
    /// A page, the newest first.
    pub fn page(conn: &mut PgConnection, campaign: CampaignId, keyset: &Keyset) -> QueryResult<Slice<Self>> {
        let (than, order) = if keyset.is_backwards() { (">", "ASC") } else { ("<", "DESC") };
        let key: Option<i64> = keyset.key().and_then(|key| key.parse().ok());
        let rows = sql_query(format!(
            "WITH page AS (SELECT * FROM code_batch WHERE campaign_id = $1 AND ($2 IS NULL OR id {than} $2)
                           ORDER BY id {order} LIMIT {})
             {BATCH} ORDER BY page.id {order}",
            PAGE + 1
        ))
        .bind::<BigInt, _>(campaign)
        .bind::<Nullable<BigInt>, _>(key)
        .load(conn)?;
        Ok(Slice::cut(rows, keyset, PAGE, |row: &Self| row.id.to_string()))
    }

    /// All, the newest first.
    pub fn all(conn: &mut PgConnection, campaign: CampaignId) -> QueryResult<Vec<Self>> {
        sql_query(format!(
            "WITH page AS (SELECT * FROM code_batch WHERE campaign_id = $1) {BATCH} ORDER BY page.id DESC"
        ))
        .bind::<BigInt, _>(campaign)
        .load(conn)
    }

    /// One of the campaign's.
    pub fn find(conn: &mut PgConnection, campaign: CampaignId, id: CodeBatchId) -> QueryResult<Self> {
        sql_query(format!("WITH page AS (SELECT * FROM code_batch WHERE campaign_id = $1 AND id = $2) {BATCH}"))
            .bind::<BigInt, _>(campaign)
            .bind::<BigInt, _>(id)
            .get_result(conn)
    }

    /// Its name, or what stands for a batch without one.
    pub fn title(&self) -> String {
        if self.name.is_empty() { format!("Batch {}", self.id) } else { self.name.clone() }
    }

    /// Who asked for it.
    pub fn maker(&self) -> &str {
        self.created_by.as_deref().unwrap_or("Publishing")
    }

    /// Whether it came from a file.
    pub fn is_imported(&self) -> bool {
        self.source == "imported"
    }

    /// Whether the worker is at it.
    pub fn is_under_way(&self) -> bool {
        !self.is_finished && !self.is_removed
    }

    /// Uses of a hundred codes; none: there are no codes.
    pub fn share(&self) -> Option<f64> {
        (self.codes > 0).then(|| 100.0 * self.validated as f64 / self.codes as f64)
    }

    fn share_words(&self) -> String {
        self.share().map(|share| format!("{share:.1} %")).unwrap_or_default()
    }

    /// Words and tone.
    pub fn state(&self) -> (String, &'static str) {
        let of = || format!("{} of {}", grouped(self.made.into()), grouped(self.requested.into()));
        match (self.is_removed, self.is_cancelled, self.is_finished) {
            (true, ..) => ("Being removed".into(), "stop"),
            (_, true, _) => (format!("Cancelled, {}", of()), "stop"),
            (.., true) => ("Complete".into(), "good"),
            _ if self.is_imported() => (format!("Being imported, {}", of()), "info"),
            _ => (format!("Being made, {}", of()), "info"),
        }
    }
}

#[derive(Template)]
#[template(path = "codes/batches.html")]
struct BatchesPage {
    shell: Shell,
    owner: CodeOwner,
    slice: Slice<BatchRow>,
}

/// `GET /campaigns/{id}/codes/batches`
pub async fn index(shell: Shell, db: Db, id: Path<CampaignId>, keyset: Query<Keyset>) -> PageResult {
    let (id, keyset) = (*id, keyset.into_inner());
    let (owner, slice) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            Ok((CodeOwner::find(conn, id)?, BatchRow::page(conn, id, &keyset)?))
        })
        .await?;
    show(&BatchesPage { shell, owner, slice })
}

impl BatchesPage {
    fn codes_of(&self, row: &BatchRow) -> String {
        format!("{}?batch={}", self.owner.codes_path(), row.id)
    }

    fn file_of(&self, row: &BatchRow) -> String {
        format!("{}/export.csv?batch={}", self.owner.codes_path(), row.id)
    }

    fn print_of(&self, row: &BatchRow) -> String {
        format!("{}?batch={}", self.owner.print_path(), row.id)
    }

    fn may_print(&self, row: &BatchRow) -> bool {
        row.codes > 0 && !row.is_under_way() && !row.is_removed
    }

    fn at(&self, row: &BatchRow, what: &str) -> String {
        format!("{}/{}/{what}", self.owner.batches_path(), row.id)
    }

    fn may_remove(&self, row: &BatchRow) -> bool {
        self.owner.is_draft() && !row.is_under_way() && !row.is_removed
    }

    fn has_menu(&self, row: &BatchRow) -> bool {
        row.is_under_way() || self.may_remove(row)
    }

    fn page(&self, side: &str, key: Option<&String>) -> Option<String> {
        key.map(|key| format!("{}?{side}={key}", self.owner.batches_path()))
    }

    fn previous(&self) -> Option<String> {
        self.page("before", self.slice.previous.as_ref())
    }

    fn next(&self) -> Option<String> {
        self.page("after", self.slice.next.as_ref())
    }
}

//! One code: what became of it, its barcode, and every use and attempt.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::web::{Path, Query};
use askama::Template;

use super::barcode::{self, Barcode};
use super::batches::BatchRow;
use super::history::{self, CodeEvent};
use super::list::CodeRow;
use super::owner::CodeOwner;
use super::text::CodeText;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::filters;
use crate::web::{Keyset, PageResult, Shell, Slice, see_other, show as answer};

#[derive(Template)]
#[template(path = "codes/show.html")]
struct ShowPage {
    shell: Shell,
    owner: CodeOwner,
    code: CodeRow,
    text: CodeText,
    barcode: Barcode,
    batch: Option<BatchRow>,
    events: String,
    slice: Slice<CodeEvent>,
}

/// `GET /campaigns/{id}/codes/{text}`: any spelling leads to the code. Support sees it too: they find it by its text.
pub async fn show(shell: Shell, db: Db, at: Path<(CampaignId, String)>, keyset: Query<Keyset>) -> PageResult {
    let (id, typed) = at.into_inner();
    let text = CodeText::parse(&typed).map_err(|_| AppError::NotFound)?;
    if text.as_str() != typed {
        return see_other(format!("/campaigns/{id}/codes/{text}"));
    }
    let (wanted, keyset) = (text.clone(), keyset.into_inner());
    let (owner, code, batch, events, slice) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let owner = CodeOwner::find(conn, id)?;
            let code = CodeRow::find(conn, id, &wanted)?;
            let batch = code.batch_id.map(|batch| BatchRow::find(conn, id, batch)).transpose()?;
            let events = history::count(conn, id, wanted.as_str())?;
            Ok((owner, code, batch, events, history::page(conn, id, wanted.as_str(), &keyset)?))
        })
        .await?;
    answer(&ShowPage { barcode: fitting(owner.barcode(), &text), shell, owner, code, text, batch, events, slice })
}

/// `GET /campaigns/{id}/codes/{text}/barcode.svg`
pub async fn picture(db: Db, at: Path<(CampaignId, String)>) -> PageResult {
    let (id, typed) = at.into_inner();
    let text = CodeText::parse(&typed).map_err(|_| AppError::NotFound)?;
    let wanted = text.clone();
    let owner = db
        .read(move |conn| -> Result<_, AppError> {
            CodeRow::find(conn, id, &wanted)?;
            Ok(CodeOwner::find(conn, id)?)
        })
        .await?;
    let svg = barcode::svg(fitting(owner.barcode(), &text), text.as_str()).map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"))
        .insert_header((CACHE_CONTROL, "private, max-age=3600"))
        .body(svg))
}

/// The barcode that was chosen, or a QR code where it cannot show this text.
fn fitting(chosen: Barcode, text: &CodeText) -> Barcode {
    if chosen.fits(text.as_str()).is_ok() { chosen } else { Barcode::Qr }
}

impl ShowPage {
    fn path(&self) -> String {
        format!("{}/{}", self.owner.codes_path(), self.text)
    }

    fn shown(&self) -> String {
        self.owner.format().shown(&self.text)
    }

    fn batch_path(&self, batch: &BatchRow) -> String {
        format!("{}?batch={}", self.owner.codes_path(), batch.id)
    }

    fn previous(&self) -> Option<String> {
        self.slice.previous.as_ref().map(|key| format!("{}?before={key}", self.path()))
    }

    fn next(&self) -> Option<String> {
        self.slice.next.as_ref().map(|key| format!("{}?after={key}", self.path()))
    }
}

//! Campaigns' pictures, as rows; and their public address.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use uuid::Uuid;

use super::image::Picture;
use crate::db::Db;
use crate::error::AppError;
use crate::schema::{campaign, picture};
use crate::web::PageResult;

/// Stores a picture; its key cannot be guessed.
pub fn insert(conn: &mut PgConnection, new: &Picture, now: DateTime<Utc>) -> QueryResult<Uuid> {
    let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    diesel::insert_into(picture::table)
        .values((
            picture::id.eq(Uuid::new_v4()),
            picture::mime.eq(new.mime),
            picture::width.eq(side(new.width)),
            picture::height.eq(side(new.height)),
            picture::bytes.eq(&new.bytes),
            picture::created_at.eq(now),
        ))
        .returning(picture::id)
        .get_result(conn)
}

/// Removes a picture that no campaign shows any more.
pub fn remove_unused(conn: &mut PgConnection, id: Uuid) -> QueryResult<()> {
    let used = exists(campaign::table.filter(campaign::picture_id.eq(id)));
    diesel::delete(picture::table.find(id).filter(not(used))).execute(conn).map(|_| ())
}

/// Its address.
pub fn path(id: Uuid) -> String {
    format!("/pictures/{id}")
}

/// `GET /pictures/{id}`: for everyone; a picture never changes under its key.
pub async fn show(db: Db, id: Path<Uuid>) -> PageResult {
    let (mime, bytes): (String, Vec<u8>) = db
        .read(move |conn| -> Result<_, AppError> {
            Ok(picture::table.find(*id).select((picture::mime, picture::bytes)).first(conn)?)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(mime)
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        // e-mails show it on the pages of others
        .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(bytes))
}

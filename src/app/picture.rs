//! Pictures of coupons. Their keys cannot be guessed and the pictures never change.

use actix_web::http::header;
use actix_web::{HttpResponse, web::Path};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::Db;
use crate::error::AppError;
use crate::schema::picture;
use crate::web::PageResult;

/// `GET /c/pictures/{id}`
pub async fn show(db: Db, id: Path<Uuid>) -> PageResult {
    let (mime, bytes): (String, Vec<u8>) = db
        .read(move |conn| -> Result<_, AppError> {
            Ok(picture::table.find(id.into_inner()).select((picture::mime, picture::bytes)).first(conn)?)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(mime)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(bytes))
}

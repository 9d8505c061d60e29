//! The script that browsers run when a notification comes, whether a page is open or not.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::error::AppError;
use crate::web::{PageResult, assets};

/// `GET /app/service-worker.js`: at this address, as it sets which pages it is for; asked anew each time, so that a
/// new edition reaches devices.
pub async fn show() -> PageResult {
    let script = assets::content("app/service-worker.js").ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(script))
}

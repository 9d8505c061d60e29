//! The three answers of a page: shown, rejected, see elsewhere.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use super::Flash;
use crate::error::AppError;

/// What a page handler returns.
pub type PageResult = Result<HttpResponse, AppError>;

/// The page, status 200.
pub fn show(page: &impl Template) -> PageResult {
    answer(StatusCode::OK, page)
}

/// The page again, with what was typed and what is wrong with it, status 422.
pub fn rejected(page: &impl Template) -> PageResult {
    answer(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// The page of something that is no longer there, and says why, status 404.
pub fn gone(page: &impl Template) -> PageResult {
    answer(StatusCode::NOT_FOUND, page)
}

/// It is done; the outcome is at this path (303).
pub fn see_other(path: impl AsRef<str>) -> PageResult {
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, path.as_ref())).finish())
}

/// It is done; the outcome is at this path, where this message is shown.
pub fn see_other_with(path: impl AsRef<str>, flash: &Flash) -> PageResult {
    let mut response = see_other(path)?;
    flash.attach(&mut response)?;
    Ok(response)
}

fn answer(status: StatusCode, page: &impl Template) -> PageResult {
    let html = page.render().map_err(AppError::internal)?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(html))
}

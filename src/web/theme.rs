//! Light or dark, where no script does it at once: a cookie, and back to the page.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{Form, PageResult};
use crate::error::AppError;

/// Which of the two.
#[derive(Deserialize)]
pub struct ThemeForm {
    #[serde(default)]
    theme: String,
}

/// `POST /theme`
pub async fn update(req: HttpRequest, form: Form<ThemeForm>) -> PageResult {
    if !matches!(form.typed.theme.as_str(), "light" | "dark") {
        return Err(AppError::BadRequest("The theme is light or dark.".into()));
    }
    // scripts write it too, so it is not HttpOnly
    let cookie = Cookie::build("theme", form.typed.theme)
        .path("/")
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish();
    Ok(HttpResponse::SeeOther().cookie(cookie).insert_header((header::LOCATION, came_from(&req))).finish())
}

/// The path of the page the form was on; only the path, so that it leads nowhere else.
fn came_from(req: &HttpRequest) -> String {
    let referer = req.headers().get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    path.filter(|path| !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control()))
        .unwrap_or_else(|| "/".into())
}

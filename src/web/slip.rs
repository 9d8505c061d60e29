//! What one page hands to the next in a short-lived cookie: nothing of it is stored, nothing stands in the address.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::AppError;

/// Reads a slip; one that was tampered with beyond reading is none.
pub fn read<T: DeserializeOwned>(req: &HttpRequest, name: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(req.cookie(name)?.value()).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Puts a slip on an answer, for the pages under a path.
pub fn attach(
    response: &mut HttpResponse,
    name: &str,
    path: &str,
    https: bool,
    slip: &impl Serialize,
) -> Result<(), AppError> {
    let json = serde_json::to_vec(slip).map_err(AppError::internal)?;
    let cookie = Cookie::build(name, URL_SAFE_NO_PAD.encode(json))
        .path(path)
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(Duration::minutes(15))
        .finish();
    response.add_cookie(&cookie).map_err(AppError::internal)
}

/// Takes a slip away.
pub fn remove(response: &mut HttpResponse, name: &str, path: &str) -> Result<(), AppError> {
    let mut gone = Cookie::build(name, "").path(path).finish();
    gone.make_removal();
    response.add_cookie(&gone).map_err(AppError::internal)
}

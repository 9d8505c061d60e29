//! Form tokens. Signed in: a random token kept in the session. Before: a random cookie, whose HMAC is the
//! token (OWASP's signed double-submit cookie), so that visitors cost no database row.

use actix_session::SessionExt;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, ResponseError, web::Data};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::Sha256;

use crate::error::AppError;
use crate::serve::Muster;

const COOKIE: &str = "muster_visitor";

#[derive(Clone)]
struct VisitorKey(String);

/// 192 random bits.
pub fn random_token() -> String {
    let mut bytes = [0u8; 24];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The token that this visitor's forms carry.
pub fn token(req: &HttpRequest) -> String {
    if let Ok(Some(token)) = req.get_session().get::<String>("csrf") {
        return token;
    }
    let key = req.extensions().get::<VisitorKey>().map(|key| key.0.clone());
    match (key, req.app_data::<Data<Muster>>()) {
        (Some(key), Some(muster)) => sign(&muster.config.secret, &key),
        _ => String::new(),
    }
}

/// Whether a form's token is this visitor's.
pub fn is_valid(req: &HttpRequest, sent: &str) -> bool {
    let expected = token(req);
    // lengths are no secret; the bytes are compared in constant time
    !expected.is_empty()
        && expected.len() == sent.len()
        && expected.bytes().zip(sent.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn sign(secret: &[u8], key: &str) -> String {
    match Hmac::<Sha256>::new_from_slice(secret) {
        Ok(mut mac) => {
            mac.update(b"form token ");
            mac.update(key.as_bytes());
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        }
        Err(_) => String::new(),
    }
}

/// Gives visitors who are not signed in the cookie behind their token, and refuses what another site sends.
pub async fn protect<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let changes = !matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && comes_from_elsewhere(&req) {
        let answer = AppError::Forbidden("This form was sent by another site. Open the page here and try again.")
            .error_response();
        return Ok(req.into_response(answer.map_into_right_body()));
    }
    let https = req.app_data::<Data<Muster>>().is_some_and(|muster| muster.config.is_https());
    let name = super::cookies::name(COOKIE, https);
    let known = req.cookie(&name).map(|cookie| cookie.value().to_owned());
    let fresh = known.is_none() && req.get_session().entries().is_empty();
    let key = known.unwrap_or_else(random_token);
    req.extensions_mut().insert(VisitorKey(key.clone()));
    let mut response = next.call(req).await?.map_into_left_body();
    if fresh {
        let cookie = Cookie::build(name, key).path("/").http_only(true).secure(https).same_site(SameSite::Lax).finish();
        response.response_mut().add_cookie(&cookie).map_err(AppError::internal)?;
    }
    Ok(response)
}

/// Browsers say where a request comes from: Sec-Fetch-Site on trustworthy origins, Origin everywhere.
fn comes_from_elsewhere(req: &ServiceRequest) -> bool {
    let text = |name: &str| req.headers().get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = req.connection_info().host().to_owned();
            origin.split_once("://").is_none_or(|(_, from)| from != host)
        }
        (None, None) => false,
    }
}

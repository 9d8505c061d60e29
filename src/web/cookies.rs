//! Cookies over https: bound to this very host, and sent nowhere else.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderValue, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::serve::Muster;

/// The name under which a cookie that proves something is kept. Over https its prefix has the browser refuse it from any
/// other host, from a subdomain too (RFC 6265bis, `__Host-`).
pub fn name(base: &str, https: bool) -> String {
    if https { format!("__Host-{base}") } else { base.to_owned() }
}

/// Over https no cookie goes without `Secure`, whoever made it.
pub async fn secure<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let https = req.app_data::<Data<Muster>>().is_some_and(|muster| muster.config.is_https());
    let mut response = next.call(req).await?;
    if https {
        let headers = response.headers_mut();
        let all: Vec<HeaderValue> = headers.remove(SET_COOKIE).collect();
        for value in all {
            headers.append(SET_COOKIE, marked(&value).unwrap_or(value));
        }
    }
    Ok(response)
}

fn marked(value: &HeaderValue) -> Option<HeaderValue> {
    let mut cookie = Cookie::parse_encoded(value.to_str().ok()?).ok()?.into_owned();
    cookie.set_secure(true);
    HeaderValue::from_str(&cookie.encoded().to_string()).ok()
}

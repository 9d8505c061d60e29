//! A message that the next page shows, carried by a short-lived cookie.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

const COOKIE: &str = "muster_flash";

/// What was done, and what comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// "success", "warning" or "danger".
    pub kind: String,
    /// One or two sentences.
    pub text: String,
    /// Words and address of a way to go on from here.
    pub link: Option<(String, String)>,
}

impl Flash {
    /// It worked.
    pub fn success(text: impl Into<String>) -> Self {
        Self { kind: "success".into(), text: text.into(), link: None }
    }

    /// It worked, but look at this.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { kind: "warning".into(), text: text.into(), link: None }
    }

    /// It was refused.
    pub fn danger(text: impl Into<String>) -> Self {
        Self { kind: "danger".into(), text: text.into(), link: None }
    }

    /// With a link on this site.
    pub fn with_link(mut self, words: impl Into<String>, path: impl Into<String>) -> Self {
        self.link = Some((words.into(), path.into()));
        self
    }

    /// The message that came with this request.
    pub fn of(req: &HttpRequest) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(req.cookie(COOKIE)?.value()).ok()?;
        let flash: Self = serde_json::from_slice(&bytes).ok()?;
        // a cookie can be planted: it shall not lead off this site
        let leads_away = flash.link.as_ref().is_some_and(|(_, path)| !path.starts_with('/') || path.starts_with("//"));
        (!leads_away).then_some(flash)
    }

    /// Puts it on a redirect.
    pub(super) fn attach(&self, response: &mut HttpResponse) -> Result<(), AppError> {
        let json = serde_json::to_vec(self).map_err(AppError::internal)?;
        let cookie = Cookie::build(COOKIE, URL_SAFE_NO_PAD.encode(json))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::minutes(2))
            .finish();
        response.add_cookie(&cookie).map_err(AppError::internal)
    }
}

/// Forgets the message once a page has shown it.
pub async fn forget(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let carried = req.cookie(COOKIE).is_some();
    let mut response = next.call(req).await?;
    let page = response.response().content_type_is_page();
    if carried && page && response.status() != StatusCode::SEE_OTHER {
        let mut gone = Cookie::build(COOKIE, "").path("/").finish();
        gone.make_removal();
        response.response_mut().add_cookie(&gone).map_err(AppError::internal)?;
    }
    Ok(response)
}

trait ContentTypeIsPage {
    fn content_type_is_page(&self) -> bool;
}

impl<B> ContentTypeIsPage for HttpResponse<B> {
    fn content_type_is_page(&self) -> bool {
        self.headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("text/html"))
    }
}

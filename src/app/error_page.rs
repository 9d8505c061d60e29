//! Errors in the app's own looks; as a problem document for scripts.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;
use serde_json::json;

use crate::error::AppError;
use crate::web::{MemberShell, wrong_method};

#[derive(Template)]
#[template(path = "app/error.html")]
struct ErrorPage {
    shell: MemberShell,
    title: String,
    text: String,
    request_id: String,
}

/// Wrapped around the app's addresses.
pub async fn dress<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let response = next.call(req).await?;
    let bare = wrong_method::is_bare(&response).then_some(&AppError::WrongMethod);
    match response.response().error().and_then(|error| error.as_error::<AppError>()).or(bare).map(Told::of) {
        None => Ok(response.map_into_left_body()),
        Some(told) => {
            let (req, bare) = response.into_parts();
            let mut answer = told.answer(&req).await?;
            *answer.status_mut() = bare.status();
            for kept in bare.headers().iter().filter(|(name, _)| **name == header::RETRY_AFTER) {
                answer.headers_mut().insert(kept.0.clone(), kept.1.clone());
            }
            Ok(ServiceResponse::new(req, answer.map_into_right_body()))
        }
    }
}

struct Told {
    title: String,
    text: String,
    request_id: String,
}

impl Told {
    fn of(error: &AppError) -> Self {
        let request_id = if let AppError::Internal(id) = error { id.clone() } else { String::new() };
        Self { title: error.title().to_owned(), text: error.text(), request_id }
    }

    async fn answer(self, req: &HttpRequest) -> Result<HttpResponse, actix_web::Error> {
        if wants_json(req) {
            let problem = json!({ "title": self.title, "detail": self.text });
            return Ok(HttpResponse::Ok().content_type("application/problem+json").body(problem.to_string()));
        }
        let shell = MemberShell::from_request(req, &mut Payload::None).await?;
        let page = ErrorPage { shell, title: self.title, text: self.text, request_id: self.request_id };
        Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(page.render().map_err(AppError::internal)?))
    }
}

/// Whether a script asks, not a person.
pub fn wants_json(req: &HttpRequest) -> bool {
    let accept = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|value| value.starts_with("application/json"))
}

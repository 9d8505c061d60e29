//! Who may pass: wrapped around addresses in `routes.rs`.

use actix_session::SessionExt;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError};

use crate::accounts::Role;
use crate::error::AppError;
use crate::sessions::{SignedIn, SignedInMember, second_factor};

type Passed<B> = Result<ServiceResponse<EitherBody<B>>, Error>;

/// Every signed-in dashboard user.
pub async fn everyone<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    pass(req, next, &[Role::Admin, Role::Marketer, Role::Support]).await
}

/// Admins and marketers.
pub async fn marketers<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    pass(req, next, &[Role::Admin, Role::Marketer]).await
}

/// Admins.
pub async fn admins<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    pass(req, next, &[Role::Admin]).await
}

/// Signed-in members, in the app.
pub async fn members<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    if SignedInMember::of(&req.get_session()).is_some() {
        return next.call(req).await.map(ServiceResponse::map_into_left_body);
    }
    Ok(sign_in_first(req, "/app/sign-in"))
}

async fn pass<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>, roles: &[Role]) -> Passed<B> {
    match SignedIn::of(&req.get_session()) {
        Some(account) if account.lacks_factor && !adds_factor(req.path()) => {
            let answer = HttpResponse::SeeOther().insert_header((header::LOCATION, second_factor::ADD)).finish();
            Ok(req.into_response(answer.map_into_right_body()))
        }
        Some(account) if roles.contains(&account.role()) => {
            next.call(req).await.map(ServiceResponse::map_into_left_body)
        }
        // an answer, not an error: so that it passes through the outer layers and gets their headers
        Some(_) => {
            let answer =
                AppError::Forbidden("Your role does not allow this. Ask an Admin if you need it.").error_response();
            Ok(req.into_response(answer.map_into_right_body()))
        }
        None => Ok(sign_in_first(req, "/sign-in")),
    }
}

/// Where someone may go who must add a second factor first.
fn adds_factor(path: &str) -> bool {
    matches!(path, "/sign-out" | "/theme")
        || path.starts_with(second_factor::ADD)
        || path.starts_with("/my-account/passkeys")
}

/// To the sign-in page, and after it back to where one wanted to go.
fn sign_in_first<B>(req: ServiceRequest, page: &str) -> ServiceResponse<EitherBody<B>> {
    let wanted = req.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let location = if req.method() == Method::GET && wanted != "/" {
        let query = serde_html_form::to_string([("next", wanted)]).unwrap_or_default();
        format!("{page}?{query}")
    } else {
        page.to_owned()
    };
    req.into_response(
        HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish().map_into_right_body(),
    )
}

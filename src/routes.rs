//! Every address, under the guard that protects it.

use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_web::cookie::{Key, SameSite, time::Duration};
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, get, post, resource, scope};

use crate::sessions::{Audience, SessionRows};
use crate::web::guard::{everyone, marketers};
use crate::{Muster, error::AppError, overview, sessions, settings, web};

/// All addresses.
pub fn configure(config: &mut ServiceConfig, muster: &Muster) {
    config
        .route("/healthz", get().to(overview::health::check))
        .route("/static/{edition}/{file:.*}", get().to(web::assets::file))
        .route("/favicon.ico", get().to(web::assets::favicon))
        .route("/organisation.css", get().to(settings::stylesheet::show))
        .service(dashboard(muster));
}

fn dashboard(muster: &Muster) -> impl actix_web::dev::HttpServiceFactory + use<> {
    scope("")
        // the outermost is named last: the session is read before anything else
        .wrap(from_fn(web::csrf::protect))
        .wrap(cookies(muster, Audience::Dashboard))
        .service(resource("/sign-in").get(sessions::new::new).post(sessions::new::create))
        .service(resource("/sign-out").wrap(from_fn(everyone)).route(post().to(sessions::destroy::destroy)))
        .service(resource("/theme").wrap(from_fn(everyone)).route(post().to(web::theme::update)))
        .service(resource("/").wrap(from_fn(everyone)).get(overview::index::index))
        .service(resource("/marketers-only").wrap(from_fn(marketers)).get(overview::index::index))
        .default_service(actix_web::web::to(not_found))
}

async fn not_found() -> Result<actix_web::HttpResponse, AppError> {
    Err(AppError::NotFound)
}

fn cookies(muster: &Muster, audience: Audience) -> SessionMiddleware<SessionRows> {
    let (name, ttl) = match audience {
        Audience::Dashboard => ("muster_session", Duration::hours(12)),
        Audience::App => ("muster_member", Duration::days(90)),
    };
    // stretched to the length that signing needs; the configured secret has at least 32 characters
    let key = Key::derive_from(&muster.config.secret);
    SessionMiddleware::builder(SessionRows::new(muster.db.clone(), muster.clock.clone(), audience), key)
        .cookie_name(name.to_owned())
        .cookie_secure(muster.config.is_https())
        .cookie_same_site(SameSite::Lax)
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(PersistentSession::default().session_ttl(ttl))
        .build()
}

//! Every address, under the guard that protects it.

use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_web::cookie::{Key, SameSite, time::Duration};
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, get, post, resource, scope};

use crate::sessions::{Audience, SessionRows};
use crate::web::guard::{everyone, marketers};
use crate::{Muster, campaigns, error::AppError, overview, sessions, settings, web};

/// All addresses.
pub fn configure(config: &mut ServiceConfig, muster: &Muster) {
    config
        .route("/healthz", get().to(overview::health::check))
        .route("/static/{edition}/{file:.*}", get().to(web::assets::file))
        .route("/favicon.ico", get().to(web::assets::favicon))
        .route("/organisation.css", get().to(settings::stylesheet::show))
        .route("/pictures/{id}", get().to(campaigns::picture::show))
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
        .configure(campaign_pages)
        .default_service(actix_web::web::to(not_found))
}

fn campaign_pages(config: &mut ServiceConfig) {
    use campaigns::steps::{content, pos_input, receivers, review, time_settings};
    use campaigns::{audience_page, cancel, delete, duplicate, end_now, index, new, pause, progress, publish, show};
    let guarded = |path: &str| resource(path.to_owned()).wrap(from_fn(marketers));
    config
        .service(guarded("/campaigns").get(index::index).post(new::create))
        .service(guarded("/campaigns/new").get(new::new))
        .service(guarded("/campaigns/{id}").get(show::show_campaign))
        .service(guarded("/campaigns/{id}/content").get(content::edit).post(content::update))
        .service(guarded("/campaigns/{id}/pos-input").get(pos_input::edit).post(pos_input::update))
        .service(guarded("/campaigns/{id}/receivers").get(receivers::edit).post(receivers::update))
        .service(guarded("/campaigns/{id}/receivers/arithmetic").get(receivers::arithmetic))
        .service(guarded("/campaigns/{id}/time-settings").get(time_settings::edit).post(time_settings::update))
        .service(guarded("/campaigns/{id}/review").get(review::show_review))
        .service(guarded("/campaigns/{id}/publication").post(publish::create))
        .service(guarded("/campaigns/{id}/pause").post(pause::pause))
        .service(guarded("/campaigns/{id}/resume").post(pause::resume))
        .service(guarded("/campaigns/{id}/cancel").get(cancel::ask).post(cancel::create))
        .service(guarded("/campaigns/{id}/end").get(end_now::ask).post(end_now::create))
        .service(guarded("/campaigns/{id}/duplicate").post(duplicate::create))
        .service(guarded("/campaigns/{id}/delete").get(delete::ask).post(delete::destroy))
        .service(guarded("/campaigns/{id}/progress").get(progress::show_progress))
        .service(guarded("/campaigns/{id}/deliveries").get(campaigns::receivers_page::index))
        .service(guarded("/campaigns/{id}/audience/{part}").get(audience_page::show_part));
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

//! Every address, under the guard that protects it.

use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_web::cookie::{Key, SameSite, time::Duration};
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, get, post, resource, scope};

use crate::sessions::{Audience, SessionRows};
use crate::web::guard::{admins, everyone, marketers, members};
use crate::{app, codes, deliveries, error::AppError, groups, Muster, overview, sessions, settings, web};

/// All addresses.
pub fn configure(config: &mut ServiceConfig, muster: &Muster) {
    config
        .route("/healthz", get().to(overview::health::check))
        .route("/static/{edition}/{file:.*}", get().to(web::assets::file))
        .route("/favicon.ico", get().to(web::assets::favicon))
        .route("/organisation.css", get().to(settings::stylesheet::show))
        .service(coupon_links())
        .service(member_app(muster))
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
        .service(resource("/settings").wrap(from_fn(marketers)).get(settings::general::first_tab))
        .service(
            resource("/settings/general")
                .wrap(from_fn(marketers))
                .get(settings::general::edit)
                .post(settings::general::update),
        )
        .service(user_groups())
        // codes are spelled in capitals, so none of them is taken for these words
        .service(resource("/campaigns/{id}/codes").wrap(from_fn(marketers)).get(codes::index::index))
        .service(resource("/campaigns/{id}/codes/progress").wrap(from_fn(marketers)).get(codes::index::progress))
        .service(resource("/campaigns/{id}/codes/export.csv").wrap(from_fn(marketers)).get(codes::export::show))
        .service(
            resource("/campaigns/{id}/codes/new")
                .wrap(from_fn(marketers))
                .get(codes::new::new)
                .post(codes::new::create),
        )
        .service(resource("/campaigns/{id}/codes/{text}").wrap(from_fn(marketers)).get(codes::show::show))
        .service(
            resource("/campaigns/{id}/codes/{text}/barcode.svg").wrap(from_fn(marketers)).get(codes::show::picture),
        )
        .service(resource("/settings/channels/outbox").wrap(from_fn(admins)).get(deliveries::outbox::index))
        .default_service(actix_web::web::to(not_found))
}

fn user_groups() -> impl actix_web::dev::HttpServiceFactory {
    scope("/settings/user-groups")
        .wrap(from_fn(marketers))
        .service(resource("").get(groups::index::index).post(groups::new::create))
        .service(resource("/new").get(groups::new::new))
        .service(resource("/{id}").get(groups::show::show).post(groups::edit::update))
        .service(resource("/{id}/edit").get(groups::edit::edit))
        .service(resource("/{id}/end").get(groups::end::new).post(groups::end::create))
        .service(resource("/{id}/delete").get(groups::destroy::new).post(groups::destroy::create))
        .service(resource("/{id}/coverage").get(groups::extend::new).post(groups::extend::create))
        .service(resource("/{id}/members").post(groups::add_member::create))
        .service(resource("/{id}/members.csv").get(groups::export::show))
        .service(
            resource("/{id}/members/{member}/removal")
                .get(groups::remove_member::new)
                .post(groups::remove_member::create),
        )
}

/// The member app.
fn member_app(muster: &Muster) -> impl actix_web::dev::HttpServiceFactory + use<> {
    scope("/app")
        .wrap(from_fn(app::error_page::dress))
        .wrap(from_fn(web::csrf::protect))
        .wrap(cookies(muster, Audience::App))
        .service(resource("/manifest.webmanifest").get(app::manifest::show))
        .service(resource("/sign-in").get(app::sign_in::new).post(app::sign_in::create))
        .service(resource("/sign-in/code").get(app::sign_in_code::new).post(app::sign_in_code::create))
        .service(
            scope("")
                .wrap(from_fn(members))
                .service(resource("").get(app::home::index))
                .service(resource("/coupons").get(app::coupons::index))
                .service(resource("/coupons/{campaign}").get(app::coupons::show))
                .service(resource("/groups").get(app::groups::index))
                .service(resource("/groups/{group}/membership").post(app::membership::update))
                .service(resource("/groups/{group}/leave").get(app::leave::new))
                .service(resource("/code").get(app::code::new).post(app::code::create))
                .service(resource("/profile").get(app::profile::edit).post(app::profile::update))
                .service(resource("/profile/contact").get(app::contact_change::new).post(app::contact_change::create))
                .service(resource("/profile/delete").get(app::delete_account::new).post(app::delete_account::create))
                .service(resource("/sign-out").post(app::sign_out::create))
                .default_service(actix_web::web::to(not_found)),
        )
}

/// What SMS and e-mails link to: no sign-in, no cookies.
fn coupon_links() -> impl actix_web::dev::HttpServiceFactory {
    scope("/c")
        .wrap(from_fn(app::error_page::dress))
        .service(resource("/pictures/{id}").get(app::picture::show))
        .service(resource("/{token}").get(app::coupon_link::show))
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

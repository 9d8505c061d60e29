//! Every address, under the guard that protects it.

use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_web::cookie::{Key, SameSite, time::Duration};
use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, get, post, resource, scope, to};

use crate::sessions::{Audience, SessionRows};
use crate::web::guard;
use crate::web::limits::TakesFiles;
use crate::{Muster, accounts, api, app, audit, campaigns, channels, codes, deliveries, error::AppError};
use crate::{groups, members, my_account, openid, overview, passkeys, sessions, settings, support, web};

/// All addresses.
pub fn configure(config: &mut ServiceConfig, muster: &Muster) {
    config
        .route("/healthz", get().to(overview::health::check))
        .route("/static/{edition}/{file:.*}", get().to(web::assets::file))
        .route("/favicon.ico", get().to(web::assets::favicon))
        .route("/organisation.css", get().to(settings::stylesheet::show))
        .route("/pictures/{id}", get().to(campaigns::picture::show))
        .service(api::pos::tills())
        .service(api::app::apps())
        .service(api::office::office())
        .service(api::docs::docs())
        .service(coupon_links())
        .service(hooks())
        .service(member_app(muster))
        .service(dashboard(muster));
}

/// What SMS and e-mails link to: no sign-in, no cookies.
fn coupon_links() -> impl HttpServiceFactory {
    scope("/c")
        .wrap(from_fn(app::error_page::dress))
        .service(resource("/{token}").get(app::coupon_link::show).head(app::coupon_link::show))
        .service(resource("/test/{token}").get(app::test_coupon::show))
        // one click in a mail program, so no token of a form: the address itself is secret
        .service(resource("/{token}/unsubscribe").get(app::unsubscribe::new).post(app::unsubscribe::create))
        .default_service(to(not_found))
}

/// What providers report to: the secret in the address is all they need.
fn hooks() -> impl HttpServiceFactory {
    use channels::reports::{email_hook, sms_hook};
    scope("/hooks")
        .service(resource("/sms/{secret}").get(sms_hook::receive).post(sms_hook::receive))
        .service(resource("/email/{secret}").post(email_hook::receive))
        .default_service(to(not_found))
}

/// The member app.
fn member_app(muster: &Muster) -> impl HttpServiceFactory + use<> {
    use app::{code, contact_change, coupons, delete_account, notifications, profile, sign_in, sign_in_code};
    scope("/app")
        .wrap(from_fn(app::error_page::dress))
        .wrap(from_fn(web::csrf::protect))
        .wrap(cookies(muster, Audience::App))
        .service(resource("/manifest.webmanifest").get(app::manifest::show))
        .service(resource("/service-worker.js").get(app::service_worker::show))
        .service(resource("/sign-in").get(sign_in::new).post(sign_in::create))
        .service(resource("/sign-in/code").get(sign_in_code::new).post(sign_in_code::create))
        .service(
            scope("")
                .wrap(from_fn(guard::members))
                .service(resource("").get(app::home::index))
                .service(resource("/coupons").get(coupons::index))
                .service(resource("/coupons/{campaign}").get(coupons::show))
                .service(resource("/groups").get(app::groups::index))
                .service(resource("/groups/{group}/membership").post(app::membership::update))
                .service(resource("/groups/{group}/leave").get(app::leave::new))
                .service(resource("/code").get(code::new).post(code::create))
                .service(resource("/profile/card").get(app::card::show).post(app::card::renew))
                .service(resource("/profile/card/new").get(app::card::ask))
                .service(resource("/notifications").get(notifications::show).post(notifications::create))
                .service(resource("/notifications/removal").post(notifications::destroy))
                .service(resource("/profile").get(profile::edit).post(profile::update))
                .service(resource("/profile/contact").get(contact_change::new).post(contact_change::create))
                .service(resource("/profile/delete").get(delete_account::new).post(delete_account::create))
                .service(resource("/sign-out").post(app::sign_out::create))
                .default_service(to(not_found)),
        )
}

fn dashboard(muster: &Muster) -> impl HttpServiceFactory + use<> {
    scope("")
        // the outermost is named last: the session is read before anything else
        .wrap(from_fn(web::csrf::protect))
        .wrap(cookies(muster, Audience::Dashboard))
        .configure(for_visitors)
        .configure(for_everyone)
        .configure(for_marketers)
        .configure(for_admins)
        .default_service(to(not_found))
}

/// Those who are about to sign in.
fn for_visitors(config: &mut ServiceConfig) {
    use accounts::invitation_accept;
    use sessions::{new, reset, reset_ask, second_factor};
    config
        .service(resource("/sign-in").get(new::new).post(new::create))
        .service(resource("/sign-in/second-factor").get(second_factor::new).post(second_factor::create))
        .service(resource("/sign-in/passkey/challenge").post(passkeys::sign_in::ask))
        .service(resource("/sign-in/passkey").post(passkeys::sign_in::create))
        .service(resource("/sign-in/openid").get(openid::begin::new))
        .service(resource("/sign-in/openid/callback").get(openid::callback::show))
        .service(resource("/password-reset").get(reset_ask::new).post(reset_ask::create))
        .service(resource("/password-reset/{token}").get(reset::edit).post(reset::update))
        .service(resource("/invitation/{token}").get(invitation_accept::new).post(invitation_accept::create));
}

/// Every signed-in dashboard user.
fn for_everyone(config: &mut ServiceConfig) {
    use support::{block, content, find, groups, history, show};
    let at = |path: &str| resource(path.to_owned()).wrap(from_fn(guard::everyone));
    config
        .service(at("/").get(overview::index::index))
        .service(at("/sign-out").route(post().to(sessions::destroy::destroy)))
        .service(at("/theme").route(post().to(web::theme::update)))
        .service(at("/user-support").get(find::index))
        .service(at("/user-support/{member}").get(show::show))
        .service(at("/user-support/{member}/user-groups").get(groups::edit).post(groups::update))
        .service(at("/user-support/{member}/content").get(content::index))
        .service(at("/user-support/{member}/history").get(history::index))
        .service(at("/user-support/{member}/block").get(block::new).post(block::create))
        .service(at("/user-support/{member}/unblock").get(block::edit).post(block::destroy))
        .service(at("/user-support/{member}/why").get(campaigns::why::choose::index))
        .service(at("/user-support/{member}/why/{campaign}").get(campaigns::why::show::of_member))
        .service(at("/members").get(members::index::index));
    own_account(config);
}

/// **My account**, of whoever is signed in.
fn own_account(config: &mut ServiceConfig) {
    use my_account::{name, password, recovery_codes, second_factor, second_factor_remove, sessions, show};
    let at = |path: &str| resource(format!("/my-account{path}")).wrap(from_fn(guard::everyone));
    config
        .service(at("").get(show::index).post(name::update))
        .service(at("/password").get(password::edit).post(password::update))
        .service(at("/second-factor").get(second_factor::new).post(second_factor::create))
        .service(at("/second-factor/remove").get(second_factor_remove::ask).post(second_factor_remove::create))
        .service(at("/recovery-codes").get(recovery_codes::new).post(recovery_codes::create))
        .service(at("/openid").get(openid::link::new).post(openid::link::create))
        .service(at("/openid/remove").get(openid::unlink::ask).post(openid::unlink::create))
        .service(at("/passkeys/challenge").post(passkeys::new::ask))
        .service(at("/passkeys/new").get(passkeys::new::new).post(passkeys::new::create))
        .service(at("/passkeys/{passkey}/remove").get(passkeys::remove::ask).post(passkeys::remove::create))
        .service(at("/sessions/end-others").post(sessions::end_others))
        .service(at("/sessions/{session}/end").post(sessions::end));
}

/// Admins and marketers.
fn for_marketers(config: &mut ServiceConfig) {
    let at = |path: &str| resource(path.to_owned()).wrap(from_fn(guard::marketers));
    config
        .service(at("/members/new").get(members::new::new).post(members::new::create))
        .service(at("/members/{member}/edit").get(members::edit::edit).post(members::edit::update))
        .service(at("/settings").get(settings::general::first_tab))
        .service(at("/settings/general").get(settings::general::edit).post(settings::general::update));
    user_groups(config);
    campaign_pages(config);
    code_pages(config);
    // after "/members/new", which it would take for a key
    config.service(resource("/members/{member}").wrap(from_fn(guard::everyone)).get(members::index::show_member));
}

/// Admins.
fn for_admins(config: &mut ServiceConfig) {
    use channels::{email::page as email, push_page as push, sms::page as sms, test_send};
    use settings::api_keys::{revoke, rotate};
    let at = |path: &str| resource(path.to_owned()).wrap(from_fn(guard::admins));
    config
        .service(at("/settings/channels").get(channels::index::index))
        .service(at("/settings/channels/outbox").get(deliveries::outbox::index))
        .service(at("/settings/api-keys").get(settings::api_keys::index::index).post(settings::api_keys::new::create))
        .service(at("/settings/api-keys/new").get(settings::api_keys::new::new))
        .service(at("/settings/api-keys/{key}/rotation").get(rotate::new).post(rotate::create))
        .service(at("/settings/api-keys/{key}/revocation").get(revoke::new).post(revoke::create))
        .service(at("/settings/channels/email").get(email::edit).post(email::update))
        .service(at("/settings/channels/sms").get(sms::edit).post(sms::update))
        .service(at("/settings/channels/push").get(push::edit).post(push::update))
        .service(at("/settings/channels/{channel}/test").get(test_send::new).post(test_send::create))
        .service(at("/settings/audit-log").get(audit::index::index))
        .service(at("/settings/audit-log/export.csv").get(audit::export::show))
        .service(at("/settings/audit-log/verification").get(audit::verification::show))
        .service(at("/settings/audit-log/{entry}").get(audit::show::show));
    dashboard_users(config);
    webhook_pages(config);
}

fn webhook_pages(config: &mut ServiceConfig) {
    use settings::webhooks::{delete, disable, edit, entry, index, new, replay, rotate, show, test_event};
    let at = |path: &str| resource(format!("/settings/webhooks{path}")).wrap(from_fn(guard::admins));
    config
        .service(at("").get(index::index).post(new::create))
        .service(at("/new").get(new::new))
        .service(at("/{webhook}").get(show::show_webhook).post(edit::update))
        .service(at("/{webhook}/edit").get(edit::edit))
        .service(at("/{webhook}/secret").get(rotate::new).post(rotate::create))
        .service(at("/{webhook}/test").post(test_event::create))
        .service(at("/{webhook}/replay").get(replay::new).post(replay::create))
        .service(at("/{webhook}/disabling").get(disable::ask).post(disable::create))
        .service(at("/{webhook}/enabling").post(disable::destroy))
        .service(at("/{webhook}/deletion").get(delete::ask).post(delete::create))
        .service(at("/{webhook}/deliveries/{event}").get(entry::show_entry).post(entry::resend));
}

fn dashboard_users(config: &mut ServiceConfig) {
    use accounts::invitation_withdraw as withdraw;
    use accounts::{disable, edit, factor_reset, factor_rule, index, invitation_again, invite};
    let at = |path: &str| resource(format!("/settings/dashboard-users{path}")).wrap(from_fn(guard::admins));
    config
        .service(at("").get(index::index))
        .service(at("/new").get(invite::new).post(invite::create))
        .service(at("/second-factor").post(factor_rule::update))
        .service(at("/invitations/{invitation}/again").post(invitation_again::create))
        .service(at("/invitations/{invitation}/withdraw").get(withdraw::ask).post(withdraw::create))
        .service(at("/{account}").get(edit::edit).post(edit::update))
        .service(at("/{account}/disable").get(disable::ask).post(disable::create))
        .service(at("/{account}/enable").post(disable::destroy))
        .service(at("/{account}/second-factor").get(factor_reset::ask).post(factor_reset::create));
}

fn user_groups(config: &mut ServiceConfig) {
    use groups::{add_member, destroy, edit, end, export, extend, index, new, remove_member, show};
    let at = |path: &str| resource(format!("/settings/user-groups{path}")).wrap(from_fn(guard::marketers));
    config
        .service(at("").get(index::index).post(new::create))
        .service(at("/new").get(new::new))
        .service(at("/{id}").get(show::show).post(edit::update))
        .service(at("/{id}/edit").get(edit::edit))
        .service(at("/{id}/end").get(end::new).post(end::create))
        .service(at("/{id}/delete").get(destroy::new).post(destroy::create))
        .service(at("/{id}/coverage").get(extend::new).post(extend::create))
        .service(at("/{id}/members").post(add_member::create))
        .service(at("/{id}/members.csv").get(export::show))
        .service(at("/{id}/members/{member}/removal").get(remove_member::new).post(remove_member::create));
}

fn campaign_pages(config: &mut ServiceConfig) {
    use campaigns::steps::{code_risk, content, pos_input, receivers, review, time_settings};
    use campaigns::{
        audience_page, cancel, delete, dry_run, duplicate, end_now, index, live, new, pause, publish, show,
    };
    use campaigns::{receivers_export, receivers_page, release, retry, test_send, why};
    let at = |path: &str| resource(format!("/campaigns{path}")).wrap(from_fn(guard::marketers));
    config
        .service(at("").get(index::index).post(new::create))
        .service(at("/new").get(new::new))
        .service(at("/{id}").get(show::show_campaign))
        .service(at("/{id}/content").app_data(TakesFiles).get(content::edit).post(content::update))
        .service(at("/{id}/pos-input").get(pos_input::edit).post(pos_input::update))
        .service(at("/{id}/pos-input/guess-risk").get(code_risk::show_risk))
        .service(at("/{id}/receivers").get(receivers::edit).post(receivers::update))
        .service(at("/{id}/receivers/arithmetic").get(receivers::arithmetic))
        .service(at("/{id}/time-settings").get(time_settings::edit).post(time_settings::update))
        .service(at("/{id}/review").get(review::show_review))
        .service(at("/{id}/test").post(test_send::send::create))
        .service(at("/{id}/tests").get(test_send::sent::index))
        .service(at("/{id}/dry-run").get(dry_run::page::show_run).post(dry_run::page::create))
        .service(at("/{id}/publication").post(publish::create))
        .service(at("/{id}/pause").post(pause::pause))
        .service(at("/{id}/resume").post(pause::resume))
        .service(at("/{id}/cancel").get(cancel::ask).post(cancel::create))
        .service(at("/{id}/end").get(end_now::ask).post(end_now::create))
        .service(at("/{id}/duplicate").post(duplicate::create))
        .service(at("/{id}/delete").get(delete::ask).post(delete::destroy))
        .service(at("/{id}/progress").get(live::show_part))
        .service(at("/{id}/deliveries").get(receivers_page::index))
        .service(at("/{id}/deliveries.csv").get(receivers_export::show))
        .service(at("/{id}/release").get(release::ask).post(release::create))
        .service(at("/{id}/retry").get(retry::ask).post(retry::create))
        .service(at("/{id}/why").get(why::find::index))
        .service(at("/{id}/why/{member}").get(why::show::of_campaign))
        .service(at("/{id}/audience/{part}").get(audience_page::show_part));
}

fn code_pages(config: &mut ServiceConfig) {
    use codes::import::{apply, ask, cancel, refused};
    use codes::{batches, batches_export, export, import, index, new, print, stop_batch};
    let at = |path: &str| resource(format!("/campaigns/{{id}}/codes{path}")).wrap(from_fn(guard::marketers));
    config
        .service(at("").get(index::index))
        // codes are spelled in capitals, so none of them is taken for these words
        .service(at("/progress").get(index::progress))
        .service(at("/export.csv").get(export::show))
        .service(at("/new").get(new::new).post(new::create))
        .service(at("/print").get(print::page::new).post(print::page::create))
        .service(at("/print/preview").get(print::preview::show_part))
        .service(at("/print/sheet.svg").get(print::preview::show_sheet))
        .service(at("/batches").get(batches::index))
        .service(at("/batches.csv").get(batches_export::show))
        .service(at("/batches/{batch}/cancel").get(stop_batch::ask_cancel).post(stop_batch::cancel))
        .service(at("/batches/{batch}/remove").get(stop_batch::ask_remove).post(stop_batch::remove))
        .service(at("/import").get(import::new::new).post(import::new::create))
        .service(at("/imports/{import}").get(import::show::show))
        .service(at("/imports/{import}/progress").get(import::show::progress))
        .service(at("/imports/{import}/check").post(ask::create))
        .service(at("/imports/{import}/application").post(apply::create))
        .service(at("/imports/{import}/cancel").post(cancel::create))
        .service(at("/imports/{import}/refused.csv").get(refused::show));
    one_code(config);
}

/// Whoever finds a code by its text may see what happened to it.
fn one_code(config: &mut ServiceConfig) {
    use codes::show;
    let at = |path: &str| resource(format!("/campaigns/{{id}}/codes{path}")).wrap(from_fn(guard::everyone));
    config
        .service(at("/{text}").get(show::show))
        // the picture of the barcode
        .service(at("/{text}/barcode.svg").get(show::picture));
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
        .cookie_name(web::cookies::name(name, muster.config.is_https()))
        .cookie_secure(muster.config.is_https())
        .cookie_same_site(SameSite::Lax)
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(PersistentSession::default().session_ttl(ttl))
        .build()
}

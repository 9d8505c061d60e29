//! The members' apps' part of the OpenAPI document.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{card, codes, contact_changes, coupons, groups, me, push_subscriptions, sign_in_codes, sign_ins};

/// Merged into the document of all APIs.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        sign_in_codes::create,
        sign_ins::create,
        sign_ins::refresh,
        sign_ins::destroy,
        me::show,
        me::update,
        me::destroy,
        me::consents,
        card::show,
        card::create,
        contact_changes::create,
        contact_changes::confirm,
        groups::index,
        groups::join,
        groups::leave,
        codes::create,
        coupons::index,
        coupons::show,
        coupons::see,
        push_subscriptions::index,
        push_subscriptions::put,
        push_subscriptions::destroy,
    ),
    tags(
        (name = "App: sign in", description = "A one-time code to the member’s phone or e-mail becomes a token."),
        (name = "App: me", description = "The member’s own data."),
        (name = "App: groups", description = "Groups that run now; joining and leaving."),
        (name = "App: codes and coupons", description = "Codes that are typed in, coupons that are held."),
        (name = "App: push", description = "Devices that take notifications."),
    ),
    modifiers(&Tokens),
)]
pub struct AppDocument;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An access token of a sign-in"));
        let scheme = SecurityScheme::Http(token.build());
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

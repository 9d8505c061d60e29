//! The addresses of `/api/app/v1`. `/games` is kept for games.

use actix_web::Resource;
use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{scope, to};

use super::member::members;
use super::{card, codes, contact_changes, coupons, groups, me, push_subscriptions, sign_in_codes, sign_ins};
use crate::api::address::{at, not_found, path_config, query_config};
use crate::api::guard::anyone;

/// All of them: a few for anyone, most for members with a token.
pub fn apps() -> impl HttpServiceFactory {
    scope("/api/app/v1")
        .app_data(path_config())
        .app_data(query_config())
        .service(at("/sign-in-codes", "POST").post(sign_in_codes::create).wrap(from_fn(anyone)))
        .service(at("/sign-ins", "POST").post(sign_ins::create).wrap(from_fn(anyone)))
        .service(at("/sign-ins/refresh", "POST").post(sign_ins::refresh).wrap(from_fn(anyone)))
        .service(
            scope("")
                .wrap(from_fn(members))
                .service(at("/sign-ins/current", "DELETE").delete(sign_ins::destroy))
                .service(me_resource())
                .service(at("/me/consents", "PUT").put(me::consents))
                .service(at("/me/card", "GET, POST").get(card::show).post(card::create))
                .service(at("/me/contact-changes", "POST").post(contact_changes::create))
                .service(at("/me/contact-changes/confirmation", "POST").post(contact_changes::confirm))
                .service(at("/groups", "GET").get(groups::index))
                .service(at("/groups/{group}/membership", "PUT, DELETE").put(groups::join).delete(groups::leave))
                .service(at("/codes", "POST").post(codes::create))
                .service(at("/coupons", "GET").get(coupons::index))
                .service(at("/coupons/{campaign}", "GET").get(coupons::show))
                .service(at("/coupons/{campaign}/seen", "PUT").put(coupons::see))
                .service(
                    at("/push-subscriptions", "GET, PUT").get(push_subscriptions::index).put(push_subscriptions::put),
                )
                .service(at("/push-subscriptions/{id}", "DELETE").delete(push_subscriptions::destroy))
                .default_service(to(not_found)),
        )
}

fn me_resource() -> Resource {
    at("/me", "GET, PATCH, DELETE").get(me::show).patch(me::update).delete(me::destroy)
}

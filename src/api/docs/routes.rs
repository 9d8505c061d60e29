//! Addresses under `/api` that belong to no version of an API.

use actix_web::dev::HttpServiceFactory;
use actix_web::web::{scope, to};

use super::page;
use crate::api::address::{at, not_found};

/// The documentation; anything else under `/api` is not there.
pub fn docs() -> impl HttpServiceFactory {
    scope("/api")
        .service(at("/openapi.json", "GET").get(page::json))
        .service(at("/docs", "GET").get(page::index))
        .default_service(to(not_found))
}

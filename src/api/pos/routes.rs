//! The addresses of `/api/pos/v1`.

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{scope, to};

use super::{lookups, reservations, validations};
use crate::api::address::{at, not_found, path_config, query_config};
use crate::api::guard;

/// All of them, for keys of tills.
pub fn tills() -> impl HttpServiceFactory {
    scope("/api/pos/v1")
        .wrap(from_fn(guard::tills))
        .app_data(path_config())
        .app_data(query_config())
        .service(at("/lookups", "POST").post(lookups::create))
        .service(at("/reservations", "POST").post(reservations::create))
        .service(at("/reservations/{id}", "GET").get(reservations::show))
        .service(at("/reservations/{id}/validation", "POST").post(reservations::validate))
        .service(at("/reservations/{id}/cancellation", "POST").post(reservations::cancel))
        .service(at("/validations", "POST").post(validations::create))
        .service(at("/validations/{id}/reversal", "POST").post(validations::reverse))
        .default_service(to(not_found))
}

//! The addresses of `/api/v1`.

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{scope, to};

use super::{campaigns, codes, deliveries, events, groups, members, members_bulk, memberships_bulk, reports};
use crate::api::address::{at, not_found, path_config, query_config};
use crate::api::guard;

/// All of them, for keys of the back office; those for reading only GET.
pub fn office() -> impl HttpServiceFactory {
    scope("/api/v1")
        .wrap(from_fn(guard::office))
        .app_data(path_config())
        .app_data(query_config())
        .service(at("/members", "GET").get(members::index))
        .service(at("/members/bulk", "POST").post(members_bulk::create))
        .service(at("/members/{member}", "GET, PUT").get(members::show).put(members::put))
        .service(at("/groups", "GET").get(groups::index))
        .service(at("/groups/{group}", "GET").get(groups::show))
        .service(at("/memberships/bulk", "POST").post(memberships_bulk::create))
        .service(at("/events", "GET").get(events::index))
        .service(at("/campaigns", "GET").get(campaigns::index))
        .service(at("/campaigns/{campaign}/deliveries", "POST").post(deliveries::create))
        .service(at("/campaigns/{campaign}/codes", "GET, POST").get(codes::index).post(codes::create))
        .service(at("/codes/{code}", "GET").get(codes::show))
        .service(at("/reports/groups/{group}/members", "GET").get(reports::group_members))
        .service(at("/reports/campaigns/{campaign}/deliveries", "GET").get(reports::deliveries))
        .service(at("/reports/validations", "GET").get(reports::validations))
        .default_service(to(not_found))
}

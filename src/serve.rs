//! The web server, as production and tests both start it.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use tracing_actix_web::TracingLogger;

use crate::api::RateLimits;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::error::AppError;
use crate::sealed::Keys;
use crate::settings::OrganisationHandle;
use crate::{openid, routes, settings, web as pages};

/// What every part of a running Muster shares.
#[derive(Clone)]
pub struct Muster {
    /// How it is run.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The organisation's name, zone, colour.
    pub organisation: OrganisationHandle,
    /// Seals stored secrets.
    pub keys: Keys,
    /// By which dashboard users may sign in too.
    pub openid: Option<openid::Provider>,
}

/// Starts serving on a listener that is already bound; the future ends when the server does.
pub fn serve(muster: Muster, listener: TcpListener) -> std::io::Result<Server> {
    let told = muster
        .db
        .blocking(|conn| -> Result<_, AppError> { Ok(settings::public_url::store(conn, &muster.config.public_url)?) });
    told.map_err(std::io::Error::other)?;
    let threads = muster.config.threads;
    // so that requests wait in the queue, not for a connection
    let blocking = usize::try_from(muster.config.connections).unwrap_or(8).div_ceil(threads);
    let https = muster.config.is_https();
    let limits = Data::new(RateLimits::new(muster.config.api_requests));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(muster.clone()))
            .app_data(Data::new(muster.db.clone()))
            .app_data(muster.config.patience)
            .app_data(limits.clone())
            .app_data(web::PathConfig::default().error_handler(|_, _| AppError::NotFound.into()))
            .app_data(web::QueryConfig::default().error_handler(|_, _| {
                AppError::BadRequest("The address has a value that cannot be read.".into()).into()
            }))
            .wrap(from_fn(pages::limits::hurry))
            .wrap(from_fn(pages::wrong_method::dress))
            .wrap(from_fn(pages::flash::forget))
            .wrap(from_fn(pages::cookies::secure))
            .wrap(Compress::default())
            .wrap(pages::headers::security(https))
            .wrap(TracingLogger::<pages::request_span::RequestSpan>::new())
            .configure(|config| routes::configure(config, &muster))
    })
    // without it, compressed answers stall for 40 ms (Nagle's algorithm against delayed acknowledgements)
    .tcp_nodelay(true)
    .workers(threads)
    .worker_max_blocking_threads(blocking)
    .shutdown_timeout(10)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

impl actix_web::FromRequest for Db {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self, AppError>>;

    fn from_request(req: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(
            req.app_data::<Data<Db>>().map(|db| db.get_ref().clone()).ok_or_else(|| AppError::internal("no database")),
        )
    }
}

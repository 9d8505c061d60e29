//! The visitor's address, for throttles and the audit log.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};

use crate::serve::Muster;

/// The address a request came from; behind a trusted proxy, the one the proxy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl Address {
    /// Of this request.
    pub fn of(req: &HttpRequest) -> Self {
        let trusted = req.app_data::<Data<Muster>>().is_some_and(|muster| muster.config.trust_proxy);
        let address = if trusted {
            // the last entry is the proxy's own word; those before it are the visitor's
            req.headers()
                .get("x-forwarded-for")
                .and_then(|value| value.to_str().ok())
                .and_then(|list| list.rsplit(',').next())
                .map(|last| last.trim().to_owned())
        } else {
            None
        };
        Self(address.or_else(|| req.peer_addr().map(|peer| peer.ip().to_string())).unwrap_or_default())
    }
}

impl FromRequest for Address {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

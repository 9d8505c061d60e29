//! The visitor's address, for throttles and the audit log.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};

use crate::serve::Muster;

/// The address a request came from; behind a trusted proxy, the one the proxy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl Address {
    /// Of this request.
    pub fn of(req: &HttpRequest) -> Self {
        let hops = req.app_data::<Data<Muster>>().map_or(0, |muster| muster.config.trusted_hops);
        let headers = req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        let forwarded = seen_by(hops, headers);
        let peer = || req.peer_addr().map(|peer| peer.ip());
        Self(forwarded.or_else(peer).map(|address| address.to_string()).unwrap_or_default())
    }
}

/// What the outermost of our own proxies saw: the entry that many places from the end. Those before it are the visitor's
/// own words. None: no proxy is trusted, or this request did not come through all of them.
fn seen_by<'a>(hops: usize, headers: impl Iterator<Item = &'a str>) -> Option<IpAddr> {
    let entries: Vec<&str> = headers.flat_map(|list| list.split(',')).map(str::trim).collect();
    let place = entries.len().checked_sub(hops).filter(|_| hops > 0)?;
    entries.get(place)?.parse().ok()
}

impl FromRequest for Address {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_entries_of_our_own_proxies_are_believed() {
        let seen = |hops, headers: &[&str]| seen_by(hops, headers.iter().copied()).map(|address| address.to_string());
        assert_eq!(seen(0, &["192.0.2.1"]), None);
        assert_eq!(seen(1, &["192.0.2.1"]).as_deref(), Some("192.0.2.1"));
        assert_eq!(
            seen(1, &["6.6.6.6, 192.0.2.1"]).as_deref(),
            Some("192.0.2.1"),
            "the first is the visitor's invention"
        );
        assert_eq!(seen(2, &["6.6.6.6", "2001:db8::1, 192.0.2.1"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(seen(2, &["192.0.2.1"]), None, "it came past a proxy");
        assert_eq!(seen(1, &["evil\"<x>"]), None);
        assert_eq!(seen(1, &[]), None);
    }
}

//! An HTTP client that reaches the open internet only, wherever a name leads at the moment of the call.

use std::time::Duration;

use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, config::Config};

use super::address::is_public;

/// Looks names up, and keeps of what they lead to only what is public: asked at each call, so a name that changes its
/// mind between a check and the call gains nothing.
#[derive(Debug, Default)]
struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        found.iter().filter(|address| is_public(address.ip())).for_each(|address| kept.push(*address));
        if kept.is_empty() { Err(Error::HostNotFound) } else { Ok(kept) }
    }
}

/// The client: no redirects, no proxy that would look names up by itself, little patience. A refusal is an answer.
pub fn agent(private_network: bool, patience: Duration) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .https_only(!private_network)
        .max_response_header_size(16 * 1024)
        .timeout_connect(Some(Duration::from_secs(5)))
        .timeout_global(Some(patience))
        .max_idle_connections(8)
        .max_idle_connections_per_host(2)
        .build();
    if private_network {
        return config.new_agent();
    }
    Agent::with_parts(config, DefaultConnector::default(), PublicOnly::default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn names_that_lead_home_are_not_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"] {
            let error =
                agent(false, Duration::from_secs(5)).post(format!("https://{host}:{port}/")).send("x").unwrap_err();
            assert!(matches!(error, Error::HostNotFound), "{host}: {error}");
        }
        assert!(listener.accept().is_err(), "nobody knocked");
    }
}

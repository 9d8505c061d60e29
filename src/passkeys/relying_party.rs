//! This site, as passkeys know it.

use sha2::{Digest, Sha256};

/// A key belongs to a name of a site: it signs for no other, so that a forged page gets nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host's name.
    pub id: String,
    /// With scheme and port.
    pub origin: String,
}

impl RelyingParty {
    /// Of the address people use; none where browsers offer no passkeys: at an IP address, and without https but on
    /// this machine.
    pub fn of(public_url: &str) -> Option<Self> {
        let (scheme, rest) = public_url.split_once("://")?;
        let authority = rest.split('/').next()?;
        if authority.starts_with('[') {
            return None;
        }
        let host = authority.split(':').next()?.to_lowercase();
        let is_local = host == "localhost" || host.ends_with(".localhost");
        let is_name = !host.is_empty() && !host.rsplit('.').next()?.chars().all(|c| c.is_ascii_digit());
        let origin = format!("{scheme}://{}", authority.to_lowercase());
        (is_name && (scheme == "https" || is_local)).then_some(Self { id: host, origin })
    }

    /// As keys write it.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.id.as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_a_name() {
        let of = |url: &str| RelyingParty::of(url).map(|site| (site.id, site.origin));
        let site = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        assert_eq!(of("https://crm.example.com"), site("crm.example.com", "https://crm.example.com"));
        assert_eq!(of("https://CRM.example.com:8443/x"), site("crm.example.com", "https://crm.example.com:8443"));
        assert_eq!(of("http://localhost:8080"), site("localhost", "http://localhost:8080"));
        for none in ["http://crm.example.com", "http://127.0.0.1:8080", "https://10.0.0.1", "https://[::1]:8443", "x"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}

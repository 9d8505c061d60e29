//! Where a webhook may lead: the open internet, not what stands beside us.

use std::time::Duration;

use ureq::Agent;

use crate::channels::push::address::Endpoint;
use crate::channels::push::guarded;

/// Which addresses may be called: those of the open internet by https; or, where it is configured, any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// http and addresses of private networks, too.
    pub private_network: bool,
    /// How long a receiver may take for everything together.
    pub patience: Duration,
}

impl Default for Target {
    fn default() -> Self {
        Self { private_network: false, patience: Duration::from_secs(15) }
    }
}

impl Target {
    /// Checks what was typed, as far as the text tells. Where the name leads is checked at each call.
    pub fn parse(self, raw: &str) -> Result<String, String> {
        let raw = raw.trim();
        if raw.is_empty() {
            return Err("Enter an address that begins with https://".into());
        }
        match Endpoint::parse(raw, self.private_network) {
            Ok(endpoint) => Ok(endpoint.uri.to_string()),
            Err(_) if raw.len() > Endpoint::MAX => Err(format!("Use at most {} characters", Endpoint::MAX)),
            Err(_) if self.private_network || Endpoint::parse(raw, true).is_err() => {
                Err("Enter an address like https://example.com/muster, without a user name".into())
            }
            Err(_) => Err(
                "Enter an address of the open internet that begins with https://; others are refused unless Muster is run with --webhooks-private-network"
                    .into(),
            ),
        }
    }

    /// Whether it may still be called: the configuration may have changed since it was saved.
    pub fn allows(self, url: &str) -> bool {
        Endpoint::parse(url, self.private_network).is_ok()
    }

    /// The client. Names that lead to private addresses are not found.
    pub fn agent(self) -> Agent {
        guarded::agent(self.private_network, self.patience)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_the_open_internet_unless_configured() {
        let (open, any) = (Target::default(), Target { private_network: true, ..Target::default() });
        assert_eq!(open.parse(" https://example.com/hook?a=b ").unwrap(), "https://example.com/hook?a=b");
        for private in [
            "http://example.com/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "http://10.0.0.1:81/x",
        ] {
            assert!(open.parse(private).unwrap_err().contains("--webhooks-private-network"), "{private}");
            assert!(any.parse(private).is_ok() && any.allows(private) && !open.allows(private));
        }
        for wrong in [
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a:b@example.com/",
            "https://exa mple.com/",
            "javascript:x",
        ] {
            assert!(open.parse(wrong).unwrap_err().starts_with("Enter an address like"), "{wrong}");
            assert!(any.parse(wrong).is_err());
        }
        assert_eq!(
            open.parse(&format!("https://example.com/{}", "x".repeat(2_000))).unwrap_err(),
            "Use at most 2000 characters"
        );
    }
}

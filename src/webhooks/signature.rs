//! Standard Webhooks signatures (`v1`): HMAC-SHA256 of id, time and body, so that receivers know that it was us, and that it
//! is not an old message sent again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use rand::RngExt;
use sha2::Sha256;

use crate::sealed::{Keys, Unreadable};

/// What every secret begins with, as it is shown.
pub const PREFIX: &str = "whsec_";
/// For what it is sealed.
const PURPOSE: &str = "webhook";

/// What sender and receiver share.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A new one.
    pub fn random() -> Self {
        Self(rand::rng().random::<[u8; 32]>().to_vec())
    }

    /// As it is shown once: `whsec_…`.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// Reads what `text` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text.strip_prefix(PREFIX)?).ok().map(Self)
    }

    /// As it is stored.
    pub fn seal(&self, keys: &Keys) -> Result<Vec<u8>, Unreadable> {
        keys.seal(PURPOSE, &self.0)
    }

    /// As it was stored.
    pub fn open(keys: &Keys, sealed: &[u8]) -> Result<Self, Unreadable> {
        keys.open(PURPOSE, sealed).map(Self)
    }

    /// `v1,…` of a message.
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        // any length of key will do
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// Never shows itself.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The example that Standard Webhooks' libraries are tested with.
    #[test]
    fn it_signs_as_standard_webhooks_says() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_shown_once_and_stored_sealed() {
        let (secret, keys) = (Secret::random(), Keys::parse(&Keys::random_text()).unwrap());
        assert_eq!(Secret::parse(&secret.text()).unwrap(), secret);
        assert!(secret.text().starts_with("whsec_") && secret.text().len() == 50);
        let sealed = secret.seal(&keys).unwrap();
        assert_eq!(Secret::open(&keys, &sealed).unwrap(), secret);
        assert!(keys.open("smtp", &sealed).is_err(), "good for nothing else");
        assert_eq!(Secret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), None);
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}

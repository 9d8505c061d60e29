//! Who sends, proved to push services: RFC 8292.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;

/// A push service refuses more than 24 hours; half of it leaves room for clocks that differ.
const VALID: Duration = Duration::hours(12);

/// The key pair that an installation's subscriptions are bound to.
#[derive(Clone)]
pub struct VapidKey(SigningKey);

impl VapidKey {
    /// A new one.
    pub fn random() -> Self {
        Self(SigningKey::random(&mut aes_gcm::aead::OsRng))
    }

    /// From what `private_bytes` gave.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        SigningKey::from_slice(bytes).ok().map(Self)
    }

    /// To be kept secret.
    pub fn private_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    /// The uncompressed point in base64url, as `PushManager.subscribe` takes it.
    pub fn public_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().to_encoded_point(false).as_bytes())
    }

    /// The Authorization header for push services at this origin ("https://push.example.com").
    pub fn authorization(&self, origin: &str, subject: &str, now: DateTime<Utc>) -> String {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({ "aud": origin, "exp": (now + VALID).timestamp(), "sub": subject });
        let signed = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims));
        let signature: Signature = self.0.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public_text())
    }
}

//! What the browser says of a ceremony: which, for which challenge, on which site.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Invalid, RelyingParty};

/// The JSON that the key signs the hash of.
pub struct ClientData {
    /// As it was sent.
    pub challenge: Vec<u8>,
    /// Of the JSON as it came.
    pub hash: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Json {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

impl ClientData {
    /// Reads and checks it. `kind`: "webauthn.create" or "webauthn.get".
    pub fn read(bytes: &[u8], kind: &str, site: &RelyingParty) -> Result<Self, Invalid> {
        let json: Json = serde_json::from_slice(bytes).map_err(|_| Invalid("client data is no JSON"))?;
        if json.r#type != kind {
            return Err(Invalid("another ceremony"));
        }
        if json.origin != site.origin || json.cross_origin {
            return Err(Invalid("another site"));
        }
        let challenge = URL_SAFE_NO_PAD.decode(&json.challenge).map_err(|_| Invalid("challenge is no base64"))?;
        Ok(Self { challenge, hash: Sha256::digest(bytes).to_vec() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn only_our_own_ceremony_on_our_own_site_counts() {
        let site = RelyingParty::of("https://crm.example.com").unwrap();
        let read = |kind: &str, origin: &str, more: &str| {
            let json = format!(r#"{{"type":"{kind}","challenge":"AAEC","origin":"{origin}"{more}}}"#);
            ClientData::read(json.as_bytes(), "webauthn.get", &site)
        };
        let good = read("webauthn.get", "https://crm.example.com", r#","other":1"#).unwrap();
        assert_eq!(good.challenge, [0, 1, 2]);
        for (kind, origin, more) in [
            ("webauthn.create", "https://crm.example.com", ""),
            ("webauthn.get", "https://evil.example", ""),
            ("webauthn.get", "https://crm.example.com:8443", ""),
            ("webauthn.get", "http://crm.example.com", ""),
            ("webauthn.get", "https://crm.example.com", r#","crossOrigin":true"#),
        ] {
            assert!(read(kind, origin, more).is_err(), "{kind} {origin} {more}");
        }
        assert!(ClientData::read(b"", "webauthn.get", &site).is_err());
    }
}

//! A key signs in: what the browser is asked, and its answer checked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::authenticator_data::AuthenticatorData;
use super::client_data::ClientData;
use super::cose_key::CoseKey;
use super::registration::allowed;
use super::{Invalid, Passkey, RelyingParty};

/// What `navigator.credentials.get` is given. After the password one of the account's keys will do, whoever holds it;
/// alone it must know the person, and is found by the browser itself.
pub fn options(site: &RelyingParty, after_password: Option<&[Passkey]>, challenge: &[u8]) -> Json {
    json!({
        "challenge": URL_SAFE_NO_PAD.encode(challenge),
        "rpId": site.id,
        "allowCredentials": after_password.map(allowed).unwrap_or_default(),
        "userVerification": if after_password.is_some() { "discouraged" } else { "required" },
        "timeout": 300_000,
    })
}

/// The browser's answer, bytes in base64url.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AssertionForm {
    pub credential: String,
    pub client_data: String,
    pub authenticator_data: String,
    pub signature: String,
}

/// The same, read: not yet checked against the key.
pub struct Assertion {
    /// By which the authenticator knows its key.
    pub credential_id: Vec<u8>,
    /// What was signed.
    pub challenge: Vec<u8>,
    /// What the key says.
    pub data: AuthenticatorData,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Assertion {
    /// Reads it: it is of this ceremony and for this site.
    pub fn read(form: &AssertionForm, site: &RelyingParty) -> Result<Self, Invalid> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Invalid("no base64"));
        let client = ClientData::read(&bytes(&form.client_data)?, "webauthn.get", site)?;
        let raw = bytes(&form.authenticator_data)?;
        Ok(Self {
            credential_id: bytes(&form.credential)?,
            challenge: client.challenge,
            data: AuthenticatorData::read(&raw, site)?,
            message: [raw, client.hash].concat(),
            signature: bytes(&form.signature)?,
        })
    }

    /// Whether this key signed it.
    pub fn is_of(&self, key: &Passkey) -> bool {
        CoseKey::read(&key.public_key).is_ok_and(|key| key.has_signed(&self.message, &self.signature))
    }
}

//! A new key: what the browser is asked, and its answer checked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::authenticator_data::AuthenticatorData;
use super::cbor::Value;
use super::client_data::ClientData;
use super::cose_key::ALGORITHMS;
use super::passkey::NewPasskey;
use super::{Invalid, Passkey, RelyingParty};
use crate::sessions::SignedIn;

/// What `navigator.credentials.create` is given; bytes in base64url.
pub fn options(site: &RelyingParty, organisation: &str, who: &SignedIn, known: &[Passkey], challenge: &[u8]) -> Json {
    json!({
        "challenge": URL_SAFE_NO_PAD.encode(challenge),
        "rp": { "id": site.id, "name": organisation },
        "user": { "id": URL_SAFE_NO_PAD.encode(who.id.as_bytes()), "name": who.email, "displayName": who.name },
        "pubKeyCredParams": ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg })),
        "excludeCredentials": allowed(known),
        "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
        "attestation": "none",
        "timeout": 300_000,
    })
}

/// Keys by the ids that their authenticators know them by.
pub(super) fn allowed(known: &[Passkey]) -> Vec<Json> {
    let id = |key: &Passkey| URL_SAFE_NO_PAD.encode(&key.credential_id);
    known.iter().map(|key| json!({ "type": "public-key", "id": id(key) })).collect()
}

/// The new key, and the challenge it was made for. Who made the authenticator is not asked, so what is said of it is
/// not read.
pub fn read(client_data: &[u8], attestation: &[u8], site: &RelyingParty) -> Result<(NewPasskey, Vec<u8>), Invalid> {
    let client = ClientData::read(client_data, "webauthn.create", site)?;
    let (object, _) = Value::read(attestation)?;
    let data = object.get(&Value::Text("authData".into())).and_then(Value::bytes);
    let data = AuthenticatorData::read(data.ok_or(Invalid("no authenticator data"))?, site)?;
    let (credential_id, public_key) = data.made.ok_or(Invalid("no new key"))?;
    Ok((NewPasskey { credential_id, public_key, sign_count: data.sign_count }, client.challenge))
}

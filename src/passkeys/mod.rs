//! Passkeys (WebAuthn): keys of phones, computers and security keys, as first or second factor. A small part of the
//! standard: no attestation; ES256, EdDSA and RS256.

pub mod assertion;
pub mod authenticator_data;
pub mod cbor;
pub mod challenge;
pub mod client_data;
pub mod cose_key;
pub mod new;
pub mod passkey;
pub mod registration;
pub mod relying_party;
pub mod remove;
pub mod sign_in;

pub use passkey::Passkey;
pub use relying_party::RelyingParty;

/// What a browser sent is not what the standard asks for, or not meant for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid answer of a passkey: {0}")]
pub struct Invalid(pub &'static str);

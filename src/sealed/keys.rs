//! Secrets at rest: passwords of providers, private keys, seeds of second factors. Sealed with AES-256-GCM under a key
//! that is configured, so that who reads the database alone reads none of them.

use std::fmt;
use std::sync::Arc;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rand::RngExt;
use sha2::{Digest, Sha256};

/// Marks the layout: this byte, four of the key's id, twelve of nonce, then the ciphertext with its tag.
const LAYOUT: u8 = 1;
const HEAD: usize = 1 + 4 + 12;

/// The keys of this installation: the first seals, all open, so that a key can be changed while secrets of the old one
/// are still there.
#[derive(Clone)]
pub struct Keys(Arc<Vec<Key>>);

struct Key {
    /// The beginning of the key's SHA-256.
    id: [u8; 4],
    cipher: Aes256Gcm,
}

/// What was sealed cannot be read: another key, another purpose, or it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret cannot be read with the configured MUSTER_SECRET_KEY")]
pub struct Unreadable;

/// What is wrong with a configured key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "MUSTER_SECRET_KEY must be 32 bytes in base64, or several such keys with commas between them, the newest first"
)]
pub struct NotAKey;

impl Keys {
    /// One key, or several with commas between them, each 32 bytes in base64; the first seals.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let keys: Result<Vec<Key>, NotAKey> = text.trim().split(',').map(|key| Key::parse(key.trim())).collect();
        Ok(Self(Arc::new(keys?)))
    }

    /// A new key as `parse` reads it.
    pub fn random_text() -> String {
        STANDARD_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
    }

    /// Seals. `purpose` is part of the seal: what was sealed for one thing cannot be put in the place of another.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let key = self.0.first().ok_or(Unreadable)?;
        let nonce: [u8; 12] = rand::rng().random();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = key.cipher.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| Unreadable)?;
        Ok([&[LAYOUT][..], &key.id, &nonce, &sealed].concat())
    }

    /// Opens what `seal` made for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let (head, text) = sealed.split_at_checked(HEAD).ok_or(Unreadable)?;
        let key = self.0.iter().find(|key| head[0] == LAYOUT && head[1..5] == key.id).ok_or(Unreadable)?;
        let payload = Payload { msg: text, aad: purpose.as_bytes() };
        key.cipher.decrypt(Nonce::from_slice(&head[5..]), payload).map_err(|_| Unreadable)
    }

    /// Whether this was sealed with the newest key.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        self.0.first().is_some_and(|key| sealed.get(1..5) == Some(&key.id[..]))
    }

    /// The ids of the keys, the one that seals first; a seal's bytes 2 to 5 are the id of its key.
    pub fn ids(&self) -> impl Iterator<Item = [u8; 4]> {
        self.0.iter().map(|key| key.id)
    }
}

impl Key {
    fn parse(text: &str) -> Result<Self, NotAKey> {
        let bytes = STANDARD_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| NotAKey)?;
        let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| NotAKey)?;
        let digest = Sha256::digest(&bytes);
        Ok(Self { id: [digest[0], digest[1], digest[2], digest[3]], cipher })
    }
}

/// Never shows a key.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    fn keys() -> Keys {
        Keys::parse(&Keys::random_text()).unwrap()
    }

    #[test]
    fn keys_are_32_bytes_in_base64() {
        for wrong in ["", "short", "a,b", &"A".repeat(42), "not base64 at all, but long enough to be one!!!!"] {
            assert!(Keys::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Keys::parse(&format!("{}=, {}", Keys::random_text(), Keys::random_text())).is_ok());
        assert_eq!(format!("{:?}", keys()), "Keys(1)");
    }

    #[test]
    fn an_old_key_opens_and_a_new_one_seals() {
        let (old, new) = (Keys::random_text(), Keys::random_text());
        let sealed = Keys::parse(&old).unwrap().seal("smtp", b"secret").unwrap();
        let both = Keys::parse(&format!("{new},{old}")).unwrap();
        assert_eq!(both.open("smtp", &sealed).unwrap(), b"secret");
        assert!(!both.is_current(&sealed));
        assert!(both.is_current(&both.seal("smtp", b"secret").unwrap()));
        assert_eq!(Keys::parse(&new).unwrap().open("smtp", &sealed), Err(Unreadable));
    }

    proptest! {
        #[test]
        fn only_what_was_sealed_opens(plain in proptest::collection::vec(any::<u8>(), 0..100), place in 0usize..200, change in 1u8..) {
            let keys = keys();
            let mut sealed = keys.seal("a", &plain).unwrap();
            prop_assert_eq!(keys.open("a", &sealed).unwrap(), plain);
            prop_assert_eq!(keys.open("b", &sealed), Err(Unreadable));
            let place = place % sealed.len();
            sealed[place] ^= change;
            prop_assert_eq!(keys.open("a", &sealed), Err(Unreadable));
            prop_assert_eq!(keys.open("a", &sealed[..place]), Err(Unreadable));
        }
    }
}

//! The token in a link that is sent by e-mail: who has the link may use it once. Only its hash is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// 192 random bits, as text for an address or a cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken(String);

impl LinkToken {
    /// A fresh one.
    pub fn random() -> Self {
        Self(crate::web::csrf::random_token())
    }

    /// As it came in an address; none: no token looks like this.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 24).then(|| Self(text.to_owned()))
    }

    /// For the address or cookie.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// For the database. Nobody guesses 192 bits, so a quick hash will do.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_made() {
        let token = LinkToken::random();
        assert_eq!(LinkToken::read(token.text()).unwrap().hash(), token.hash());
        assert_ne!(token.hash(), LinkToken::random().hash());
        for wrong in ["", "x", "1", "../../etc", &"A".repeat(400), &format!("{} ", token.text())] {
            assert!(LinkToken::read(wrong).is_none(), "{wrong}");
        }
    }
}

//! What a device is told, and how it is wrapped.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use web_push_native::{Auth, encrypt, p256::PublicKey};

use super::Subscription;

/// Characters of the text that a notification shows at most.
pub const MAX_TEXT: usize = 240;
/// Push services take 4,096 bytes; 86 are the header, 17 the seal and its padding mark.
const MAX_PLAIN: usize = 4_096 - 86 - 17;

/// The service worker's orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// First line.
    pub title: String,
    /// What follows.
    pub text: String,
    /// Path in the app that a press opens.
    pub url: String,
    /// A notification with the same tag is replaced.
    pub tag: String,
    /// Small picture.
    pub icon: String,
    /// Large picture; empty: none.
    pub picture: String,
}

impl Notice {
    /// As bytes; a text that is too long for a push is cut.
    pub fn bytes(&self) -> Vec<u8> {
        let mut notice = self.clone();
        loop {
            let bytes = serde_json::to_vec(&notice).unwrap_or_default();
            if bytes.len() <= MAX_PLAIN {
                return bytes;
            }
            let kept = notice.text.chars().count() / 2;
            if kept == 0 {
                notice.picture.clear();
                notice.title = beginning(&notice.title, notice.title.chars().count() / 2);
            }
            notice.text = beginning(&notice.text, kept);
        }
    }
}

/// The first so many characters of a text in one paragraph, with a mark where it goes on.
pub fn beginning(text: &str, max: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= max {
        return words;
    }
    let cut: String = words.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// A message's topic (RFC 8030: at most 32 characters of base64url): a repetition replaces what is not delivered yet.
pub fn topic(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(key.as_bytes())[..18])
}

/// Encrypted for one device (RFC 8291); none: its keys are no keys.
pub fn seal(plain: &[u8], to: &Subscription) -> Option<Vec<u8>> {
    let public = PublicKey::from_sec1_bytes(&to.p256dh).ok()?;
    let auth: [u8; 16] = to.auth.as_slice().try_into().ok()?;
    encrypt(plain.to_vec(), &public, &Auth::from(auth)).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn topics_are_short_and_tell_messages_apart() {
        assert_eq!(topic("a").len(), 24);
        assert_eq!(topic("a"), topic("a"));
        assert_ne!(topic("a"), topic("b"));
    }

    #[test]
    fn texts_are_cut_at_their_end() {
        assert_eq!(beginning(" One\n\ntwo  ", 20), "One two");
        assert_eq!(beginning("One two three", 9), "One two…");
    }

    proptest! {
        #[test]
        fn a_notice_fits_a_push(title in ".{0,120}", text in ".{0,3000}", picture in "[a-z]{0,3000}") {
            let notice = Notice { title, text, url: "/app".into(), tag: topic("a"), icon: "/i".into(), picture };
            prop_assert!(notice.bytes().len() <= MAX_PLAIN);
        }
    }
}

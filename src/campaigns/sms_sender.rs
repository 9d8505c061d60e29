//! What a phone shows as the sender of an SMS.

use std::fmt;

/// At most 11 letters, digits and spaces, as networks allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsSender(String);

impl SmsSender {
    pub const MAX: usize = 11;

    /// `None` when empty: the organisation's own sender is used.
    pub fn parse(raw: &str) -> Result<Option<SmsSender>, String> {
        let text = raw.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') {
            return Err("Use only the letters A to Z, digits and spaces".to_owned());
        }
        if text.len() > Self::MAX {
            return Err(format!("Use at most {} characters", Self::MAX));
        }
        Ok(Some(SmsSender(text.to_owned())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SmsSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn senders_are_short_and_plain() {
        assert_eq!(SmsSender::parse(" Bean & Co").unwrap_err(), "Use only the letters A to Z, digits and spaces");
        assert_eq!(SmsSender::parse(" Bean Barrel ").unwrap().unwrap().as_str(), "Bean Barrel");
        assert_eq!(SmsSender::parse("72345").unwrap().unwrap().as_str(), "72345");
        assert_eq!(SmsSender::parse("").unwrap(), None);
        assert_eq!(SmsSender::parse("BeanAndBarrel").unwrap_err(), "Use at most 11 characters");
        for raw in ["Café", "a\nb", "☕", "<b>"] {
            assert!(SmsSender::parse(raw).is_err(), "{raw:?}");
        }
    }
}

//! What a phone shows as the sender: a number, a short code, or a name.

use crate::campaigns::sms_sender::SmsSender;

/// A name of at most 11 letters, digits and spaces; or a number with its country code; or a short code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(String);

impl Sender {
    /// `None` when empty.
    pub fn parse(raw: &str) -> Result<Option<Self>, String> {
        let text = raw.trim();
        let digits = text.strip_prefix('+').unwrap_or(text);
        if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || " -()".contains(c)) {
            let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
            let plus = if text.starts_with('+') { "+" } else { "" };
            return match digits.len() {
                3..=15 => Ok(Some(Self(format!("{plus}{digits}")))),
                _ => Err("Enter a number of 3 to 15 digits, or a name of at most 11 characters".to_owned()),
            };
        }
        Ok(SmsSender::parse(text)?.map(|name| Self(name.as_str().to_owned())))
    }

    /// As sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn numbers_short_codes_and_names() {
        let parsed = |raw| Sender::parse(raw).map(|sender| sender.map(|sender| sender.0));
        assert_eq!(parsed(" +49 (151) 2345-678 ").unwrap().unwrap(), "+491512345678");
        assert_eq!(parsed("72345").unwrap().unwrap(), "72345");
        assert_eq!(parsed("Bean Barrel").unwrap().unwrap(), "Bean Barrel");
        assert_eq!(parsed("  ").unwrap(), None);
        for wrong in ["12", "+1234567890123456", "BeanAndBarrel", "Café", "a\nb"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}

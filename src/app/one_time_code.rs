//! One-time codes: six digits that prove that someone reads what is sent to a phone or an e-mail address.

use chrono::Duration;
use hmac::{Hmac, Mac};
use rand::RngExt;
use sha2::Sha256;

use crate::deliveries::message::NewMessage;
use crate::ids::MemberId;
use crate::members::contact::Contact;
use crate::settings::Organisation;

/// How long a code works.
pub const LIFE: Duration = Duration::minutes(10);
/// Wrong codes until it works no more.
pub const TRIES: i16 = 5;

/// Six digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

impl OneTimeCode {
    /// A fresh one.
    pub fn random() -> Self {
        Self(format!("{:06}", rand::rng().random_range(0..1_000_000)))
    }

    /// As typed, with blanks or dashes or without.
    pub fn parse(raw: &str) -> Result<Self, String> {
        let digits: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err("Enter the six digits that were sent to you".to_owned())
        }
    }

    /// What is stored instead of the code: without the server's secret it tells nothing, though there are only a
    /// million codes. `purpose` keeps a code for one thing from serving another.
    pub fn seal(&self, secret: &[u8], purpose: &str) -> Vec<u8> {
        match Hmac::<Sha256>::new_from_slice(secret) {
            Ok(mut mac) => {
                mac.update(format!("one-time code {purpose} ").as_bytes());
                mac.update(self.0.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            // a key of any length is taken
            Err(_) => Vec::new(),
        }
    }

    /// The message with this code.
    pub fn message(
        &self,
        organisation: &Organisation,
        member: MemberId,
        contact: &Contact,
        now: chrono::DateTime<chrono::Utc>,
    ) -> NewMessage {
        let name = &organisation.name;
        NewMessage {
            member_id: Some(member),
            campaign_id: None,
            purpose: "sign_in",
            channel: match contact {
                Contact::Phone(_) => "sms",
                Contact::Email(_) => "email",
            },
            recipient: contact.as_str().to_owned(),
            subject: match contact {
                Contact::Phone(_) => String::new(),
                Contact::Email(_) => format!("Your code for {name}"),
            },
            body: format!("{} is your code for {name}. It works for 10 minutes. Give it to nobody.", self.0),
            link_hash: None,
            created_at: now,
        }
    }
}

/// Compares in constant time.
pub fn is_same(a: &[u8], b: &[u8]) -> bool {
    !a.is_empty() && a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn six_digits_in_any_grouping() {
        assert_eq!(OneTimeCode::parse(" 123 456 "), OneTimeCode::parse("123-456"));
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5x"] {
            assert!(OneTimeCode::parse(wrong).is_err(), "{wrong}");
        }
        assert!(OneTimeCode::parse(&OneTimeCode::random().0).is_ok());
    }

    #[test]
    fn a_seal_is_for_one_purpose() {
        let code = OneTimeCode::parse("123456").unwrap();
        let seal = code.seal(b"secret", "sign-in 1");
        assert!(is_same(&seal, &code.seal(b"secret", "sign-in 1")));
        assert!(!is_same(&seal, &code.seal(b"secret", "sign-in 2")));
        assert!(!is_same(&seal, &code.seal(b"other", "sign-in 1")));
        assert!(!is_same(&seal, &OneTimeCode::parse("123457").unwrap().seal(b"secret", "sign-in 1")));
        assert!(!is_same(&[], &[]));
    }
}

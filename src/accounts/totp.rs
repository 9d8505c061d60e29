//! Codes of authenticator apps: RFC 6238 with SHA-1, six digits and steps of 30 seconds, as every app knows them.

use chrono::{DateTime, Utc};
use rand::RngExt;
use ring::hmac;

/// The seed that an app and Muster share.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(Vec<u8>);

const STEP: i64 = 30;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

impl Seed {
    /// A fresh one, of 160 bits.
    pub fn random() -> Self {
        Self(rand::rng().random::<[u8; 20]>().to_vec())
    }

    /// As it was kept.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// To be kept.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// In base32, as it is typed into an app.
    pub fn text(&self) -> String {
        let bits = |at: usize| (0..5).fold(0, |value, bit| value << 1 | self.bit(at * 5 + bit));
        let letters = (self.0.len() * 8).div_ceil(5);
        (0..letters).map(|at| char::from(ALPHABET[bits(at)])).collect()
    }

    fn bit(&self, at: usize) -> usize {
        self.0.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1))
    }

    /// The address that a QR code holds: the app learns the seed and what it is for.
    pub fn address(&self, organisation: &str, email: &str) -> String {
        let (issuer, label) = (encoded(organisation), encoded(&format!("{organisation}:{email}")));
        format!("otpauth://totp/{label}?secret={}&issuer={issuer}", self.text())
    }

    /// The step whose code this is: now, or one before or after, since clocks differ and people are slow.
    pub fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let step = now.timestamp().div_euclid(STEP);
        [step, step - 1, step + 1].into_iter().find(|step| same(&self.code(*step), code))
    }

    /// The code of a step.
    pub fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let bytes = tag.as_ref();
        let at = usize::from(bytes[bytes.len() - 1] & 15);
        let part = [bytes[at] & 127, bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        format!("{:06}", u32::from_be_bytes(part) % 1_000_000)
    }

    /// The code of this moment.
    pub fn code_at(&self, at: DateTime<Utc>) -> String {
        self.code(at.timestamp().div_euclid(STEP))
    }
}

/// As typed, with blanks or without; none: no code looks like this.
pub fn digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// Appendix B of RFC 6238, its codes cut to six digits.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let seed = Seed::of(b"12345678901234567890".to_vec());
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            assert_eq!(seed.code_at(at), code);
            assert_eq!(seed.step_of(code, at), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_works_a_step_before_and_after() {
        let (seed, now) = (Seed::random(), DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let code = |steps: i64| seed.code(1_800_000_000 / 30 + steps);
        for (steps, works) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            // one in hundreds of thousands is the code of another step too
            assert_eq!(seed.step_of(&code(steps), now).is_some(), works);
        }
        assert_eq!(seed.step_of("", now), None);
    }

    #[test]
    fn seeds_are_written_as_apps_read_them() {
        assert_eq!(Seed::of(b"Hello!\xde\xad\xbe\xef".to_vec()).text(), "JBSWY3DPEHPK3PXP");
        assert_eq!(Seed::of(b"f".to_vec()).text(), "MY");
        assert_eq!(Seed::random().text().len(), 32);
        let address = Seed::of(b"Hello!\xde\xad\xbe\xef".to_vec()).address("Café & Co", "ada@example.com");
        assert_eq!(
            address,
            "otpauth://totp/Caf%C3%A9%20%26%20Co%3Aada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Caf%C3%A9%20%26%20Co"
        );
    }

    #[test]
    fn codes_are_typed_with_blanks_or_without() {
        assert_eq!(digits(" 123 456 ").unwrap(), "123456");
        for wrong in ["", "12345", "1234567", "12345x", "１２３４５６"] {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
    }
}

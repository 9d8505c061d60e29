//! Codes that a stranger could find by trying are refused.

use super::alphabet::{CodeFormat, CodeLength, possible};
use super::text::CodeText;
use crate::web::number::grouped;

/// One try must not hit a live code more often than once in this many.
pub const TRIES_PER_HIT: u128 = 1_000_000;

/// A code that many may use is worth guessing: this many characters at least.
pub const MIN_TYPED: usize = 4;

/// Whether `live` codes of this format (old and new together) are too thinly spread to be guessed.
pub fn check_generated(live: u64, format: &CodeFormat) -> Result<(), String> {
    if is_safe(live, format.random()) {
        return Ok(());
    }
    match (CodeLength::MIN..=CodeLength::MAX).find(|length| is_safe(live, *length)) {
        Some(length) if format.pattern.is_some() => {
            Err(format!("Use at least {length} # in the pattern for {}", counted(live)))
        }
        Some(length) => {
            let after = if format.prefix.as_str().is_empty() { "" } else { " after the prefix" };
            Err(format!("Use at least {length} characters{after} for {}", counted(live)))
        }
        None => Err(format!("Make fewer codes: {} could be guessed", counted(live))),
    }
}

/// "1 in 4,200,000": the chance that 1,000 tries hit one of so many codes.
pub fn chance(live: u64, format: &CodeFormat) -> String {
    one_in(format.possible() / (1_000 * u128::from(live.max(1))))
}

/// The chance that 1,000 tries hit one of `live` codes among so many possible ones, where that is too good.
pub fn one_in_of(possible: u128, live: u128) -> Option<String> {
    let is_safe = live.saturating_mul(TRIES_PER_HIT) <= possible;
    (!is_safe).then(|| one_in(possible / (1_000 * live.max(1))))
}

/// "1 in 4,200,000"; two digits are enough, and never too kind.
pub fn one_in(number: u128) -> String {
    let mut step = 1;
    while number / step >= 100 {
        step *= 10;
    }
    match number / step * step {
        0 | 1 => "nearly certain".to_owned(),
        rounded => format!("1 in {}", grouped(&rounded.to_string())),
    }
}

/// A typed code that many may use.
pub fn check_typed(text: &CodeText) -> Result<(), String> {
    if text.as_str().len() < MIN_TYPED {
        return Err(format!("Use at least {MIN_TYPED} characters: many may use this code, and a short one is guessed"));
    }
    Ok(())
}

fn is_safe(live: u64, length: u8) -> bool {
    u128::from(live) * TRIES_PER_HIT <= possible(length)
}

fn counted(codes: u64) -> String {
    let noun = if codes == 1 { "code" } else { "codes" };
    format!("{} {noun}", grouped(&codes.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn format(prefix: &str, length: u8) -> CodeFormat {
        CodeFormat::stored(prefix, length.into(), "", false)
    }

    #[test]
    fn the_message_says_what_to_change() {
        assert_eq!(
            check_generated(500_000, &format("", 6)).unwrap_err(),
            "Use at least 8 characters for 500,000 codes"
        );
        assert_eq!(
            check_generated(5_000_000, &format("VIP", 8)).unwrap_err(),
            "Use at least 9 characters after the prefix for 5,000,000 codes"
        );
        // 31^6 = 887,503,681
        assert!(check_generated(887, &format("", 6)).is_ok());
        assert!(check_generated(888, &format("", 6)).is_err());
        assert!(check_generated(5_000_000, &CodeFormat::default()).is_ok());
    }

    #[test]
    fn the_chance_is_told_in_round_numbers() {
        // 31^8 = 852,891,037,441
        assert_eq!(chance(200, &format("VIP", 8)), "1 in 4,200,000");
        assert_eq!(chance(5_000_000, &CodeFormat::default()), "1 in 160,000");
        assert_eq!(chance(1_000_000, &format("", 6)), "nearly certain");
        assert_eq!(one_in(99), "1 in 99");
        let pattern = CodeFormat::stored("", 10, "CAFE-####-##", false);
        assert_eq!(chance(887, &pattern), "1 in 1,000");
        assert_eq!(check_generated(888, &pattern).unwrap_err(), "Use at least 7 # in the pattern for 888 codes");
    }

    #[test]
    fn a_typed_code_needs_four_characters() {
        assert!(check_typed(&CodeText::parse("VI-P").unwrap()).is_err());
        assert!(check_typed(&CodeText::parse("VIP1").unwrap()).is_ok());
    }

    proptest! {
        #[test]
        fn doing_what_the_message_says_helps(live in 1..10_000_000_u64, length in 6..=16_u8) {
            if let Err(message) = check_generated(live, &format("", length)) {
                let named: u8 = message.split(' ').nth(3).unwrap().parse().unwrap();
                prop_assert!(named > length);
                prop_assert!(check_generated(live, &format("", named)).is_ok());
                prop_assert!(named == 6 || check_generated(live, &format("", named - 1)).is_err());
            }
        }
    }
}

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
    if is_safe(live, format.length.get()) {
        return Ok(());
    }
    match (CodeLength::MIN..=CodeLength::MAX).find(|length| is_safe(live, *length)) {
        Some(length) => {
            let after = if format.prefix.as_str().is_empty() { "" } else { " after the prefix" };
            Err(format!("Use at least {length} characters{after} for {}", counted(live)))
        }
        None => Err(format!("Make fewer codes: {} could be guessed", counted(live))),
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
    use crate::codes::alphabet::CodePrefix;
    use proptest::prelude::*;

    fn format(prefix: &str, length: u8) -> CodeFormat {
        CodeFormat { prefix: CodePrefix::parse(prefix).unwrap(), length: CodeLength::new(length).unwrap() }
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

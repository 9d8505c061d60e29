//! The check character: one more at the end of a code, so that one wrong character or two swapped neighbours never make
//! another code.
//!
//! It is a pure system of ISO/IEC 7064:2003 (annex B says how to make one for another alphabet): characters are valued
//! by their place in the alphabet, the last one weighs 1 and each one before it `RADIX` times as much as the one after,
//! and the sum is 1 modulo 31. As 31 is prime, no weight is 0 modulo 31, so one wrong character changes the sum; as the
//! weights of neighbours differ, two swapped ones change it too, unless they are the same (Gallian, *Error Detection
//! Methods*, ACM Computing Surveys 28, 1996). 3 is a primitive root of 31, so the same holds for any two characters
//! that are swapped less than 30 places apart.

use super::alphabet::ALPHABET;

const MODULUS: u32 = ALPHABET.len() as u32;
const RADIX: u32 = 3;

/// What follows this text.
pub(super) fn of(text: &[u8]) -> u8 {
    let sum = text.iter().fold(0, |sum, c| (sum + value(*c)) * RADIX % MODULUS);
    ALPHABET[((MODULUS + 1 - sum) % MODULUS) as usize]
}

/// Whether the last character is the one that follows from the others.
pub(super) fn holds(text: &[u8]) -> bool {
    text.split_last().is_some_and(|(last, rest)| *last == of(rest))
}

/// A fixed character that the alphabet has not counts as what it looks like; that it is the right one is compared.
fn value(c: u8) -> u32 {
    const VALUES: [u8; 256] = values();
    VALUES[usize::from(c)].into()
}

const fn values() -> [u8; 256] {
    let mut values = [0; 256];
    let mut place = 0;
    while place < ALPHABET.len() {
        values[ALPHABET[place] as usize] = place as u8;
        place += 1;
    }
    values[b'1' as usize] = 1;
    values[b'I' as usize] = 1;
    values[b'L' as usize] = 1;
    values
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn with_check(text: &str) -> Vec<u8> {
        let mut text = text.as_bytes().to_vec();
        text.push(of(&text));
        text
    }

    #[test]
    fn it_stays_what_it_is() {
        // printed codes must be read for ever
        assert_eq!(with_check("CAFE2345"), b"CAFE2345Q");
        assert_eq!(with_check("ABCDEFGHJK"), b"ABCDEFGHJKP");
    }

    proptest! {
        #[test]
        fn every_single_wrong_character_is_found(text in "[2-9A-HJKMNP-Z]{1,31}") {
            let code = with_check(&text);
            prop_assert!(holds(&code));
            for place in 0..code.len() {
                for wrong in ALPHABET.iter().filter(|c| **c != code[place]) {
                    let mut typed = code.clone();
                    typed[place] = *wrong;
                    prop_assert!(!holds(&typed));
                }
            }
        }

        #[test]
        fn every_swap_is_found(text in "[2-9A-HJKMNP-Z]{1,29}") {
            let code = with_check(&text);
            for first in 0..code.len() {
                for second in first + 1..code.len() {
                    let mut typed = code.clone();
                    typed.swap(first, second);
                    prop_assert_eq!(holds(&typed), code[first] == code[second]);
                }
            }
        }
    }
}

//! A format taken apart, so that codes are spelled quickly and typed texts compared with it.

use super::alphabet::{ALPHABET, CodeFormat};
use super::{check, rude};

/// The longest text of a code.
const MOST: usize = super::text::CodeText::MAX;

/// What stands where in a code.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// Fixed characters; a random one is anything.
    text: Vec<u8>,
    /// Places of the random characters.
    random: Vec<usize>,
    /// For each place the last one up to it that is not fixed.
    open: Vec<Option<usize>>,
    check: bool,
}

impl Template {
    pub fn of(format: &CodeFormat) -> Self {
        let mut text: Vec<u8> = match &format.pattern {
            Some(pattern) => pattern.characters().collect(),
            None => {
                let random = std::iter::repeat_n(b'#', format.length.get().into());
                format.prefix.as_str().bytes().chain(random).collect()
            }
        };
        let random: Vec<usize> = (0..text.len()).filter(|place| text[*place] == b'#').collect();
        if format.check {
            text.push(b'#');
        }
        let mut last = None;
        let open = text.iter().enumerate().map(|(place, c)| {
            if *c == b'#' {
                last = Some(place);
            }
            last
        });
        Self { open: open.collect(), text, random, check: format.check }
    }

    pub fn width(&self) -> usize {
        self.text.len()
    }

    /// The code with this number, so that smaller numbers make smaller codes.
    pub fn spell(&self, number: u128, code: &mut [u8]) {
        code.copy_from_slice(&self.text);
        let mut digits = [0; 16];
        let digits = &mut digits[..self.random.len()];
        spell(number, digits);
        for (place, digit) in self.random.iter().zip(digits) {
            code[*place] = *digit;
        }
        if let Some((last, rest)) = code.split_last_mut().filter(|_| self.check) {
            *last = check::of(rest);
        }
    }

    /// Whether no rude word is in this code, but for one that was put into the format on purpose.
    pub fn is_clean(&self, number: u128) -> bool {
        let mut code = [0; MOST];
        let code = &mut code[..self.width()];
        self.spell(number, code);
        !rude::words(code).any(|word| self.open[word.end - 1].is_some_and(|place| place >= word.start))
    }

    /// Whether a text has this format, with its check character.
    pub fn is_code_of(&self, text: &[u8]) -> bool {
        text.len() == self.width() && self.misfits(text).is_empty() && (!self.check || check::holds(text))
    }

    /// Whether a text that is no code of this format becomes one when a wrong character is set right or two swapped
    /// neighbours are swapped back. Only a format with a check character can tell.
    pub fn is_nearly(&self, typed: &[u8]) -> bool {
        if !self.check || typed.len() != self.width() {
            return false;
        }
        match self.misfits(typed).as_slice() {
            [] => !check::holds(typed),
            // some character would be right here
            [one] if self.text[*one] == b'#' => true,
            [one] => self.is_code(typed, |code| code[*one] = self.text[*one]) || self.is_swapped(typed, *one),
            [one, two] if *two == one + 1 => self.is_code(typed, |code| code.swap(*one, *two)),
            _ => false,
        }
    }

    fn is_swapped(&self, typed: &[u8], place: usize) -> bool {
        let before = place.checked_sub(1).map(|before| (before, place));
        let after = (place + 1 < typed.len()).then_some((place, place + 1));
        before.into_iter().chain(after).any(|(a, b)| self.is_code(typed, |code| code.swap(a, b)))
    }

    fn is_code(&self, typed: &[u8], mend: impl Fn(&mut [u8])) -> bool {
        let mut code = typed.to_vec();
        mend(&mut code);
        self.is_code_of(&code)
    }

    /// Places whose character cannot stand there.
    fn misfits(&self, typed: &[u8]) -> Vec<usize> {
        let fits = |place: &usize| match self.text[*place] {
            b'#' => ALPHABET.contains(&typed[*place]),
            fixed => typed[*place] == fixed,
        };
        (0..self.width()).filter(|place| !fits(place)).collect()
    }
}

/// Writes a number in the alphabet's base. In two halves, as dividing 128 bits is slow.
pub(super) fn spell(number: u128, digits: &mut [u8]) {
    const HALF: usize = 8;
    let base = ALPHABET.len() as u64;
    let cut = u128::from(base.pow(HALF as u32));
    let middle = digits.len().saturating_sub(HALF);
    let (high, low) = digits.split_at_mut(middle);
    for (part, mut rest) in [(high, (number / cut) as u64), (low, (number % cut) as u64)] {
        for digit in part.iter_mut().rev() {
            *digit = ALPHABET[(rest % base) as usize];
            rest /= base;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn spelled(format: &CodeFormat, number: u128) -> String {
        let template = format.template();
        let mut code = vec![0; template.width()];
        template.spell(number % format.possible(), &mut code);
        String::from_utf8(code).unwrap()
    }

    #[test]
    fn codes_follow_their_pattern() {
        let format = CodeFormat::stored("", 10, "CAFE-##A#-###", false);
        assert_eq!(spelled(&format, 0), "CAFE22A2222");
        assert_eq!(spelled(&format, 31), "CAFE22A2232");
        assert_eq!(spelled(&CodeFormat::stored("VIP", 6, "", false), 1), "VIP222223");
        let checked = spelled(&CodeFormat::stored("VIP", 6, "", true), 1);
        assert!(checked.starts_with("VIP222223") && checked.len() == 10);
    }

    #[test]
    fn only_what_is_near_to_a_code_is_mistyped() {
        let format = CodeFormat::stored("VIL", 6, "", true);
        let (template, code) = (format.template(), spelled(&format, 123_456_789));
        assert!(!template.is_nearly(code.as_bytes()));
        for typed in ["HELLO", "XXL234567Z", "V1L", "", "AAAAAAAAAAAAAAAAAAAA"] {
            assert!(!template.is_nearly(typed.as_bytes()), "{typed}");
        }
        assert!(!CodeFormat::stored("VIL", 6, "", false).template().is_nearly(&code.as_bytes()[..9]));
    }

    proptest! {
        #[test]
        fn numbers_and_their_spelling_keep_their_order(a in 0..31_u128.pow(16), b in 0..31_u128.pow(16), length in 6..=16_i32, check in any::<bool>()) {
            let format = CodeFormat::stored("", length, "", check);
            let order = (a % format.possible()).cmp(&(b % format.possible()));
            prop_assert_eq!(spelled(&format, a).cmp(&spelled(&format, b)), order);
        }

        /// Whatever the fixed characters are: one slip never makes another code, and it is always told.
        #[test]
        fn every_slip_is_told(number in 0..31_u128.pow(8), pattern in "[A-Z0-9]{0,4}##[A-Z0-9]{0,2}######[A-Z0-9]{0,2}") {
            let format = CodeFormat::stored("", 10, &pattern, true);
            let (template, code) = (format.template(), spelled(&format, number));
            prop_assert!(!template.is_nearly(code.as_bytes()));
            for place in 0..code.len() {
                for wrong in (b'0'..=b'9').chain(b'A'..=b'Z').filter(|c| *c != code.as_bytes()[place]) {
                    let mut typed = code.clone().into_bytes();
                    typed[place] = wrong;
                    prop_assert!(template.is_nearly(&typed), "{} {}", code, String::from_utf8_lossy(&typed));
                }
                if place > 0 && code.as_bytes()[place] != code.as_bytes()[place - 1] {
                    let mut typed = code.clone().into_bytes();
                    typed.swap(place, place - 1);
                    prop_assert!(template.is_nearly(&typed), "{} {}", code, String::from_utf8_lossy(&typed));
                }
            }
        }
    }
}

//! Phone numbers in any spelling.

use super::numbering_plan::{in_region, international};
use phonenumber::Mode;
use std::fmt;

/// A phone number as E.164: "+4915123456789".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Numbers without a country code are of the region ("DE").
    pub fn parse(raw: &str, default_region: &str) -> Result<Phone, String> {
        let (digits, has_plus) = digits_of(raw).ok_or(WRONG)?;
        let number = if has_plus { international(&digits) } else { in_region(&digits, default_region) };
        number.map(Phone).ok_or_else(|| WRONG.to_owned())
    }

    /// E.164, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it for abroad: "+49 1512 3456789".
    pub fn display(&self) -> String {
        display_phone(&self.0)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The international spelling of a stored number; the number itself if it cannot be read.
pub fn display_phone(e164: &str) -> String {
    phonenumber::parse(None, e164)
        .ok()
        .filter(|number| number.format().mode(Mode::E164).to_string() == e164)
        .map_or_else(|| e164.to_owned(), |number| number.format().mode(Mode::International).to_string())
}

const WRONG: &str = "Enter a phone number with its country code, like +49 1512 3456789";

/// The digits, and whether a plus stood before them; `None` where more was typed than a number.
fn digits_of(raw: &str) -> Option<(String, bool)> {
    let text = raw.trim().trim_start_matches(is_separator);
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let (text, has_plus) = match text.strip_prefix(['+', '＋']) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let mut digits = String::new();
    for c in text.chars().filter(|c| !is_separator(*c)) {
        // A country code is at most 3 digits, a way out at most 5, a number at most 15.
        let digit = digit_of(c).filter(|_| digits.len() < 24)?;
        digits.push(char::from_digit(digit, 10)?);
    }
    Some((digits, has_plus))
}

/// What people put between digits, and the invisible marks that come with pasted text.
fn is_separator(c: char) -> bool {
    (c.is_whitespace() && !c.is_control())
        || matches!(c,
            '-' | '(' | ')' | '[' | ']' | '.' | '/' | '~' | '\u{ad}' | '\u{2212}' | '\u{30fc}' | '（' | '）' | '．' | '－'
            | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The digits of the scripts that phones have keys for.
fn digit_of(c: char) -> Option<u32> {
    ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}']
        .into_iter()
        .find_map(|zero| (c as u32).checked_sub(zero as u32).filter(|digit| *digit < 10))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_spelling_is_the_same_number() {
        for raw in [
            "+4915123456789",
            "+49 1512 3456789",
            "0151 234 567 89",
            "0049 151 23456789",
            "+49 (0) 151 / 234-567-89",
            "0151.23456789",
            "tel:+49-151-23456789",
            "(+49) 151 23456789",
            "4915123456789",
            "٠١٥١٢٣٤٥٦٧٨٩",
            "(0151) 23456789",
            "＋４９１５１２３４５６７８９",
            " +49\u{a0}151\u{2011}23456789 ",
        ] {
            assert_eq!(Phone::parse(raw, "DE").map(|p| p.to_string()), Ok("+4915123456789".to_owned()), "{raw}");
        }
        assert_eq!(Phone::parse("0049 151 23456789", "US").unwrap().as_str(), "+4915123456789");
        assert_eq!(Phone::parse("(212) 555-0123", "US").unwrap().as_str(), "+12125550123");
        assert_eq!(Phone::parse("011 49 151 23456789", "US").unwrap().as_str(), "+4915123456789");
        assert_eq!(Phone::parse("8 (800) 555-35-35", "RU").unwrap().as_str(), "+78005553535");
        assert_eq!(Phone::parse("+7 800 555 35 35", "US").unwrap().as_str(), "+78005553535");
        // Italy keeps its leading zero.
        assert_eq!(Phone::parse("06 6982 0000", "IT").unwrap().as_str(), "+390669820000");
    }

    #[test]
    fn what_is_no_number_is_refused_with_an_instruction() {
        for raw in [
            "",
            "12",
            "+49",
            "call me",
            "1-800-FLOWERS",
            "+4915123456789123456789",
            "+999 12345678",
            "ana@example.com",
            "\0",
        ] {
            assert_eq!(Phone::parse(raw, "DE").unwrap_err(), WRONG, "{raw}");
        }
        assert!(Phone::parse("0151 23456789", "nowhere").is_err());
        assert!(Phone::parse("+49 151 23456789", "").is_ok());
    }

    #[test]
    fn numbers_are_shown_in_the_international_way() {
        assert_eq!(Phone::parse("(212) 555-0123", "US").unwrap().display(), "+1 212-555-0123");
        assert_eq!(display_phone("nonsense"), "nonsense");
    }

    proptest! {
        #[test]
        fn a_number_survives_its_spellings(digits in "15[0-9]{9}") {
            if let Ok(phone) = Phone::parse(&format!("+49{digits}"), "US") {
                prop_assert_eq!(&Phone::parse(&format!("0{digits}"), "DE").unwrap(), &phone);
                prop_assert_eq!(&Phone::parse(&phone.display(), "FR").unwrap(), &phone);
                prop_assert_eq!(&Phone::parse(phone.as_str(), "").unwrap(), &phone);
            }
        }

        #[test]
        fn nothing_typed_breaks_it(raw in any::<String>(), close in "[-+0-9 ()/.;,#*x=:\u{ff10}-\u{ff19}]{0,30}") {
            for region in ["DE", "US", "AR", "IT", ""] {
                let _ = Phone::parse(&raw, region);
                let _ = Phone::parse(&close, region);
            }
        }
    }
}

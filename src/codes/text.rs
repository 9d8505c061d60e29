//! The text of a code as it is stored and compared: case, spaces and dashes do not count.

use std::fmt;

/// 1 to 32 characters A–Z and 0–9.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeText(String);

impl CodeText {
    pub const MAX: usize = 32;

    /// Reads what a person typed, pasted or scanned.
    pub fn parse(raw: &str) -> Result<CodeText, String> {
        let text = normal(raw, Self::MAX)?;
        if text.is_empty() {
            return Err("Enter a code".to_owned());
        }
        Ok(CodeText(text))
    }

    /// What the generator made is normal already.
    pub(crate) fn of_generated(text: String) -> CodeText {
        CodeText(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }

    /// For people to read: "ABCD EFGH 23".
    pub fn grouped(&self) -> String {
        let mut out = String::with_capacity(self.0.len() * 5 / 4);
        for (place, c) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                out.push(' ');
            }
            out.push(c);
        }
        out
    }
}

impl fmt::Display for CodeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Upper-cased, without spaces and dashes; shared with the prefix of a code format, which may be empty.
pub(super) fn normal(raw: &str, max: usize) -> Result<String, String> {
    let mut text = String::new();
    for c in raw.chars().filter(|c| !is_ignored(*c)) {
        match narrow(c).to_ascii_uppercase() {
            _ if text.len() == max => return Err(format!("Use at most {max} characters")),
            c if c.is_ascii_alphanumeric() => text.push(c),
            _ => return Err("Use only the letters A to Z and digits".to_owned()),
        }
    }
    Ok(text)
}

/// Full-width letters and digits, as East Asian keyboards type them, are the plain ones.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// White space, dashes of every script, and the invisible marks that come with pasted text.
fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '-' | '\u{ad}' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'..='\u{2015}'
            | '\u{2043}' | '\u{207b}' | '\u{208b}' | '\u{2212}' | '\u{2e17}' | '\u{2e1a}' | '\u{2e3a}'
            | '\u{2e3b}' | '\u{2e40}' | '\u{2e5d}' | '\u{301c}' | '\u{3030}' | '\u{30a0}' | '\u{fe31}'
            | '\u{fe32}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{10ead}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_spaces_and_dashes_do_not_count() {
        for raw in [
            "vip2026",
            " VIP-2026 ",
            "V I P\u{2013}2026",
            "ＶＩＰ２０２６",
            "vip\u{a0}20\u{2212}26",
            "\u{feff}vIp2026\r\n",
        ] {
            assert_eq!(CodeText::parse(raw).unwrap().as_str(), "VIP2026", "{raw:?}");
        }
    }

    #[test]
    fn other_characters_are_refused_with_an_instruction() {
        for raw in ["VIP_2026", "CAFÉ", "ß", "VIP!", "a\0b", "КОД", "ı", "☕", "' OR 1=1"] {
            assert_eq!(CodeText::parse(raw).unwrap_err(), "Use only the letters A to Z and digits", "{raw:?}");
        }
        assert_eq!(CodeText::parse(" - ").unwrap_err(), "Enter a code");
        assert_eq!(CodeText::parse(&"A".repeat(32)).unwrap().as_str().len(), 32);
        assert_eq!(CodeText::parse(&"A".repeat(33)).unwrap_err(), "Use at most 32 characters");
    }

    #[test]
    fn codes_are_shown_in_groups_of_four() {
        assert_eq!(CodeText::parse("abcdefgh23").unwrap().grouped(), "ABCD EFGH 23");
        assert_eq!(CodeText::parse("abcd").unwrap().grouped(), "ABCD");
    }

    proptest! {
        #[test]
        fn any_spelling_of_a_code_is_the_code(code in "[A-Z0-9]{1,32}", seed in prop::collection::vec(0..5_usize, 32)) {
            let spelled: String = code.chars().zip(seed).map(|(c, way)| match way {
                0 => c.to_string(),
                1 => c.to_ascii_lowercase().to_string(),
                2 => format!("{c}-"),
                3 => format!(" {c}\u{2011}"),
                _ => char::from_u32(c as u32 + 0xFEE0).unwrap().to_string(),
            }).collect();
            let parsed = CodeText::parse(&spelled).unwrap();
            prop_assert_eq!(parsed.as_str(), &code);
            prop_assert_eq!(CodeText::parse(&parsed.grouped()).unwrap(), parsed);
        }

        #[test]
        fn whatever_is_accepted_is_normal(raw in any::<String>()) {
            if let Ok(code) = CodeText::parse(&raw) {
                prop_assert!((1..=32).contains(&code.as_str().len()));
                prop_assert!(code.as_str().chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
            }
        }
    }
}

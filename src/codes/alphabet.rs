//! What generated codes look like: a prefix, then characters that cannot be mistaken for each other.

use super::pattern::CodePattern;
use super::template::Template;
use super::text::{CodeText, normal};

/// Without 0 O 1 I L. In the order of their bytes, so that sorted numbers make sorted codes.
pub const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// The word that generated codes begin with; may be empty. It is known to all, so it protects nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodePrefix(String);

impl CodePrefix {
    pub const MAX: usize = 12;

    pub fn parse(raw: &str) -> Result<CodePrefix, String> {
        normal(raw, Self::MAX).map(CodePrefix)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many random characters follow the prefix: 6 to 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeLength(u8);

impl CodeLength {
    pub const MIN: u8 = 6;
    pub const MAX: u8 = 16;

    pub fn parse(raw: &str) -> Result<CodeLength, String> {
        match raw.trim() {
            "" => Ok(CodeLength::default()),
            raw => raw.parse().ok().and_then(Self::new).ok_or_else(|| "Enter a length from 6 to 16".to_owned()),
        }
    }

    /// `None` outside 6 to 16.
    pub fn new(length: u8) -> Option<CodeLength> {
        (Self::MIN..=Self::MAX).contains(&length).then_some(CodeLength(length))
    }

    pub fn get(self) -> u8 {
        self.0
    }
}

/// Ten characters: enough for any number of codes that Muster makes.
impl Default for CodeLength {
    fn default() -> Self {
        CodeLength(10)
    }
}

/// The shape of a campaign's generated codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeFormat {
    pub prefix: CodePrefix,
    pub length: CodeLength,
    /// Stands instead of prefix and length.
    pub pattern: Option<CodePattern>,
    /// One more character at the end finds one wrong or two swapped ones.
    pub check: bool,
}

impl CodeFormat {
    /// As the campaign's row has it.
    pub fn stored(prefix: &str, length: i32, pattern: &str, check: bool) -> CodeFormat {
        CodeFormat {
            prefix: CodePrefix::parse(prefix).unwrap_or_default(),
            length: u8::try_from(length).ok().and_then(CodeLength::new).unwrap_or_default(),
            pattern: CodePattern::parse(pattern).ok().flatten(),
            check,
        }
    }

    /// How many of its characters are drawn at random.
    pub fn random(&self) -> u8 {
        self.pattern.as_ref().map_or(self.length.get(), CodePattern::random)
    }

    /// How many different codes have this shape. Rude ones, of which none is made, are a few in a hundred of them.
    pub fn possible(&self) -> u128 {
        possible(self.random())
    }

    /// Characters of a whole code; at most 32, so it is always a code's text.
    pub fn width(&self) -> usize {
        let text = match &self.pattern {
            Some(pattern) => pattern.width(),
            None => self.prefix.as_str().len() + usize::from(self.length.get()),
        };
        text + usize::from(self.check)
    }

    /// In words: "VIP, then 8 characters", "CAFE-####-#### and a check character".
    pub fn words(&self) -> String {
        let shape = match &self.pattern {
            Some(pattern) => pattern.as_str().to_owned(),
            None if self.prefix.as_str().is_empty() => format!("{} characters", self.length.get()),
            None => format!("{}, then {} characters", self.prefix.as_str(), self.length.get()),
        };
        if self.check { format!("{shape} and a check character") } else { shape }
    }

    /// How its codes look to people, always the same.
    pub fn sample(&self) -> String {
        let template = self.template();
        let mut code = vec![0; template.width()];
        template.spell(0x53_7a1d_94c6_e208_1f3b % self.possible(), &mut code);
        let code = CodeText::of_generated(String::from_utf8(code).unwrap_or_default());
        self.pattern.as_ref().map_or_else(|| code.as_str().to_owned(), |pattern| pattern.spelled(code.as_str()))
    }

    /// For people to read: with the pattern's dashes, or in groups of four.
    pub fn shown(&self, code: &CodeText) -> String {
        match &self.pattern {
            Some(pattern) if code.as_str().len() == self.width() => pattern.spelled(code.as_str()),
            _ => code.grouped(),
        }
    }

    pub(super) fn template(&self) -> Template {
        Template::of(self)
    }
}

pub(super) fn possible(length: u8) -> u128 {
    (ALPHABET.len() as u128).pow(length.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_alphabet_has_no_look_alikes_and_is_in_order() {
        assert!(ALPHABET.is_sorted());
        assert!(ALPHABET.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        assert!(!b"0O1IL".iter().any(|b| ALPHABET.contains(b)));
    }

    #[test]
    fn formats_are_read_and_counted() {
        assert_eq!(CodePrefix::parse(" vip-").unwrap().as_str(), "VIP");
        assert_eq!(CodePrefix::parse("").unwrap().as_str(), "");
        assert_eq!(CodePrefix::parse("A_B").unwrap_err(), "Use only the letters A to Z and digits");
        assert_eq!(CodePrefix::parse("ABCDEFGHIJKLM").unwrap_err(), "Use at most 12 characters");
        assert_eq!(CodeLength::parse(" 8 ").unwrap().get(), 8);
        for raw in ["5", "17", "-8", "300", "ten", "8.0"] {
            assert_eq!(CodeLength::parse(raw).unwrap_err(), "Enter a length from 6 to 16", "{raw}");
        }
        let format = CodeFormat::stored("VIP", 8, "", false);
        assert_eq!((format.possible(), format.width()), (852_891_037_441, 11));
        let format = CodeFormat::stored("VIP", 8, "CAFE-####-####", true);
        assert_eq!((format.possible(), format.width()), (852_891_037_441, 13));
        assert_eq!(format.words(), "CAFE-####-#### and a check character");
    }
}

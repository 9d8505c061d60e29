//! A shape of codes drawn by hand: `CAFE-####-####`.

use super::alphabet::CodeLength;
use super::text::{is_ignored, narrow};

/// Letters and digits stand for themselves, each `#` for a random character; dashes are for the eye only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePattern(String);

impl CodePattern {
    /// Characters without the dashes: with a check character behind them, a code is a text of 32 at most.
    const MAX: usize = 31;

    /// Empty: there is none.
    pub fn parse(raw: &str) -> Result<Option<CodePattern>, String> {
        let mut text = String::new();
        for c in raw.trim().chars() {
            match narrow(c).to_ascii_uppercase() {
                '＃' => text.push('#'),
                c if c == '#' || c.is_ascii_alphanumeric() => text.push(c),
                c if is_ignored(c) => {
                    if !text.is_empty() && !text.ends_with('-') {
                        text.push('-');
                    }
                }
                _ => return Err("Use only the letters A to Z, digits, dashes and # for a random character".to_owned()),
            }
        }
        let text = text.trim_end_matches('-').to_owned();
        if text.is_empty() {
            return Ok(None);
        }
        let pattern = CodePattern(text);
        if pattern.width() > Self::MAX {
            return Err(format!("Use at most {} letters, digits and #", Self::MAX));
        }
        if !(CodeLength::MIN..=CodeLength::MAX).contains(&pattern.random()) {
            return Err("Use 6 to 16 # for random characters".to_owned());
        }
        Ok(Some(pattern))
    }

    /// In capitals, with its dashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many characters are random.
    pub fn random(&self) -> u8 {
        u8::try_from(self.0.bytes().filter(|b| *b == b'#').count()).unwrap_or(u8::MAX)
    }

    /// Characters of a code, without the dashes.
    pub fn width(&self) -> usize {
        self.characters().count()
    }

    /// A code with the dashes; what is longer follows behind one more.
    pub fn spelled(&self, code: &str) -> String {
        let mut rest = code.chars();
        let mut text: String = self.0.chars().filter_map(|c| if c == '-' { Some(c) } else { rest.next() }).collect();
        if !rest.as_str().is_empty() {
            text.push('-');
            text.push_str(rest.as_str());
        }
        text
    }

    /// Without the dashes.
    pub fn characters(&self) -> impl Iterator<Item = u8> {
        self.0.bytes().filter(|b| *b != b'-')
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn patterns_are_read_in_any_spelling() {
        let read = |raw: &str| CodePattern::parse(raw).map(|pattern| pattern.map(|pattern| pattern.0));
        assert_eq!(read(" cafe-####\u{2013}#### "), Ok(Some("CAFE-####-####".into())));
        assert_eq!(read("--ab  ##### # -"), Ok(Some("AB-#####-#".into())));
        assert_eq!(read(" "), Ok(None));
        for raw in ["CAFE", "#####", "#################"] {
            assert_eq!(read(raw).unwrap_err(), "Use 6 to 16 # for random characters", "{raw}");
        }
        assert!(read("CAFÉ######").unwrap_err().starts_with("Use only the letters"));
        assert_eq!(read(&format!("{}######", "A".repeat(26))).unwrap_err(), "Use at most 31 letters, digits and #");
        let pattern = CodePattern::parse("A-#B-#####").unwrap().unwrap();
        assert_eq!((pattern.width(), pattern.random()), (8, 6));
        assert_eq!(
            (pattern.spelled("A2B34567"), pattern.spelled("A2B34567X")),
            ("A-2B-34567".into(), "A-2B-34567-X".into())
        );
    }
}

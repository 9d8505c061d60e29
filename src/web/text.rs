//! Text as people type it: any script and emoji, trimmed, without control characters.

/// A text of one line: a name, a title, a subject.
pub struct Line;

impl Line {
    /// `None` when nothing visible was typed. Lengths count characters, not bytes.
    pub fn parse(raw: &str, max: usize) -> Result<Option<String>, String> {
        if raw.trim().contains(is_line_break) {
            return Err("Use a single line".to_owned());
        }
        checked(&raw.replace('\t', " "), max)
    }

    /// The same where the field must be filled; `instruction` says so ("Enter a group name").
    pub fn required(raw: &str, max: usize, instruction: &str) -> Result<String, String> {
        Self::parse(raw, max)?.ok_or_else(|| instruction.to_owned())
    }
}

/// A text that may have several lines: a description, terms, the body of an e-mail.
pub struct Paragraphs;

impl Paragraphs {
    /// `None` when nothing visible was typed. Every kind of line break becomes `\n`.
    pub fn parse(raw: &str, max: usize) -> Result<Option<String>, String> {
        let lines = raw.replace("\r\n", "\n").replace(is_line_break, "\n");
        checked(&lines.replace('\t', " "), max)
    }

    /// The same where the field must be filled.
    pub fn required(raw: &str, max: usize, instruction: &str) -> Result<String, String> {
        Self::parse(raw, max)?.ok_or_else(|| instruction.to_owned())
    }
}

fn checked(text: &str, max: usize) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err("Remove the control characters: type the text, or paste it as plain text".to_owned());
    }
    if !text.chars().any(is_visible) {
        return Ok(None);
    }
    if text.chars().count() > max {
        return Err(format!("Use at most {max} characters"));
    }
    Ok(Some(text.to_owned()))
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Joiners and direction marks are fine inside a text; alone they would make a name nobody can see.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_trimmed_and_counted_in_characters() {
        assert_eq!(Line::parse("  VIP ☕️ ", 80).unwrap().unwrap(), "VIP ☕️");
        assert_eq!(Line::parse("مجموعة", 6).unwrap().unwrap(), "مجموعة");
        assert_eq!(Line::parse("é".repeat(80).as_str(), 80).unwrap().unwrap().chars().count(), 80);
        assert_eq!(Line::parse(&"a".repeat(81), 80).unwrap_err(), "Use at most 80 characters");
    }

    #[test]
    fn what_nobody_can_see_is_empty() {
        for raw in ["", "   ", "\u{200b}\u{200d}", "\u{3164}", " \t\r\n", "\u{2800}"] {
            assert_eq!(Line::parse(raw, 80).unwrap(), None, "{raw:?}");
        }
        assert_eq!(Line::required(" ", 80, "Enter a group name").unwrap_err(), "Enter a group name");
    }

    #[test]
    fn control_characters_and_line_breaks_are_refused() {
        assert!(Line::parse("a\0b", 80).unwrap_err().starts_with("Remove the control characters"));
        assert!(Paragraphs::parse("a\u{1b}[31m", 80).is_err());
        for raw in ["a\nb", "a\rb", "a\u{2028}b"] {
            assert_eq!(Line::parse(raw, 80).unwrap_err(), "Use a single line");
        }
    }

    #[test]
    fn paragraphs_keep_their_lines() {
        assert_eq!(Paragraphs::parse("a\r\n\r\nb\rc\u{2029}d\n", 80).unwrap().unwrap(), "a\n\nb\nc\nd");
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_accepted_again_unchanged(raw in any::<String>()) {
            for parse in [Line::parse, Paragraphs::parse] {
                if let Ok(Some(text)) = parse(&raw, 40) {
                    prop_assert!(text.chars().count() <= 40 && text == text.trim());
                    prop_assert!(!text.contains('\0'));
                    prop_assert_eq!(parse(&text, 40), Ok(Some(text.clone())));
                }
            }
        }
    }
}

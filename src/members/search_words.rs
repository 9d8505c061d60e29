//! What was typed into a search box, as patterns that members' `search` column is compared with.

use super::guarded::Sight;
use crate::ids::MemberId;

/// Characters that are read; more is not a name.
const LONGEST: usize = 200;

/// Patterns for `LIKE`, all of which must match. They are folded (case, accents) by the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchWords {
    /// `%` and `_` that were typed are escaped.
    pub patterns: Vec<String>,
    /// Whether the trigram index can find them: it knows only letters and digits.
    pub indexable: bool,
    /// Of someone who may not see phone numbers and e-mail addresses: parts of them find nobody.
    names_only: bool,
    /// Members who are meant for sure, whatever the patterns say.
    pub surely: Vec<MemberId>,
}

impl SearchWords {
    /// Part of a phone number in any spelling, or words: parts of name and e-mail in any order. Words of one or two
    /// letters begin a word, longer ones stand anywhere.
    pub fn parse(typed: &str) -> Self {
        let typed: String = typed.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        if let Some(digits) = phone_part(&typed) {
            return Self { indexable: true, patterns: vec![digits], ..Self::default() };
        }
        let mut patterns: Vec<String> = typed.split_whitespace().map(pattern).collect();
        patterns.sort_unstable();
        patterns.dedup();
        let indexable = typed.split_whitespace().any(|word| word.chars().any(char::is_alphanumeric));
        Self { patterns, indexable, ..Self::default() }
    }

    /// What this viewer may look for: who sees phone numbers and e-mail addresses masked could otherwise ask for one
    /// digit after the other. Whole ones are found by `Lookup`.
    pub fn parse_for(typed: &str, sight: Sight) -> Self {
        let words = Self::parse(typed);
        if sight.is_full() || words.is_empty() {
            return words;
        }
        let is_contact = typed.contains('@') || phone_part(typed).is_some();
        let patterns = if is_contact { Vec::new() } else { words.patterns };
        Self { patterns, names_only: true, ..words }
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty() && !self.names_only
    }

    /// The condition on a table or alias `member`; its parameters begin with this number.
    pub fn condition(&self, first: usize) -> String {
        // an expression that is not the indexed one: reading all names is quicker than all of the index
        let column = if self.indexable { "search" } else { "(search || '')" };
        let each = |place| match self.names_only {
            false => format!("{column} LIKE fold(${place})"),
            true => format!("{column} LIKE fold(${place}) AND ' ' || fold(name) LIKE fold(${place})"),
        };
        let all = (first..first + self.patterns.len()).map(each).collect::<Vec<_>>().join(" AND ");
        if !self.names_only {
            return all;
        }
        let surely: Vec<String> = self.surely.iter().map(ToString::to_string).collect();
        let surely = if surely.is_empty() { "false".to_owned() } else { format!("id IN ({})", surely.join(", ")) };
        if all.is_empty() { surely } else { format!("(({all}) OR {surely})") }
    }
}

/// At least three digits and nothing but what stands between digits: without the signs for a way out.
fn phone_part(typed: &str) -> Option<String> {
    let text = typed.trim().trim_start_matches("tel:").replace("(0)", "");
    let international = text.trim_start_matches(['(', ' ']).starts_with(['+', '＋']);
    let mut digits = String::new();
    for c in text.chars() {
        match c.to_digit(10).or_else(|| full_width_digit(c)) {
            Some(digit) => digits.push(char::from_digit(digit, 10)?),
            None if c.is_alphabetic() || matches!(c, '@' | '%' | '_' | '\\') => return None,
            None => {}
        }
    }
    let known = digits.trim_start_matches('0');
    let abroad = international || digits.starts_with("00");
    match (known.len(), abroad) {
        (0..=2, _) => None,
        (_, true) => Some(format!("% +{known}%")),
        (_, false) => Some(format!("%{known}%")),
    }
}

fn full_width_digit(c: char) -> Option<u32> {
    (c as u32).checked_sub('０' as u32).filter(|digit| *digit < 10)
}

fn pattern(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len() + 2);
    for c in word.chars() {
        match c {
            '%' | '_' | '\\' => escaped.extend(['\\', c]),
            // typed in many ways
            '\'' | '’' | '‘' | 'ʼ' | '´' | '`' => escaped.push('_'),
            c => escaped.push(c),
        }
    }
    if is_short(word) { format!("% {escaped}%") } else { format!("%{escaped}%") }
}

/// Too short for the index to find it within words.
fn is_short(word: &str) -> bool {
    let is_accent = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    let begins = word.chars().next().is_some_and(char::is_alphanumeric);
    let longest = word
        .split(|c: char| !c.is_alphanumeric() && !is_accent(c))
        .map(|run| run.chars().filter(|c| !is_accent(*c)).count());
    begins && longest.max().unwrap_or(0) < 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(typed: &str) -> Vec<String> {
        SearchWords::parse(typed).patterns
    }

    #[test]
    fn short_words_begin_words_and_longer_ones_stand_anywhere() {
        assert_eq!(patterns(" Li  an MÜLLER"), ["% Li%", "% an%", "%MÜLLER%"]);
        assert_eq!(patterns("Ωλ"), ["% Ωλ%"]);
        assert_eq!(patterns("e\u{301}a"), ["% e\u{301}a%"]);
        assert_eq!(patterns("an an"), ["% an%"]);
        assert_eq!(patterns(" \t\n"), Vec::<String>::new());
    }

    #[test]
    fn wildcards_are_escaped_and_apostrophes_alike() {
        assert_eq!(patterns("100%_a\\b"), ["%100\\%\\_a\\\\b%"]);
        assert_eq!(patterns("%"), ["%\\%%"]);
        assert_eq!(patterns("O’Brien"), patterns("O'Brien"));
        assert!(!SearchWords::parse("🎉 %").indexable);
        assert!(SearchWords::parse("🎉 an").indexable);
    }

    #[test]
    fn digits_are_part_of_a_phone_number_in_any_spelling() {
        for typed in ["0151 23", "(0151) 23", "0151/2-3", "０１５１２３"] {
            assert_eq!(patterns(typed), ["%15123%"], "{typed}");
        }
        for typed in ["+49 (0)151 23", "0049 151 23", "tel:+49-151-23", "(+49) 151 23"] {
            assert_eq!(patterns(typed), ["% +4915123%"], "{typed}");
        }
        assert_eq!(patterns("15"), ["% 15%"]);
        assert_eq!(patterns("Anna 151"), ["%151%", "%Anna%"]);
    }

    #[test]
    fn conditions_number_their_parameters() {
        assert_eq!(SearchWords::parse("anna li").condition(3), "search LIKE fold($3) AND search LIKE fold($4)");
        assert_eq!(SearchWords::parse("🎉").condition(1), "(search || '') LIKE fold($1)");
    }

    #[test]
    fn who_may_not_see_a_number_finds_nobody_by_a_part_of_it() {
        let masked = |typed| SearchWords::parse_for(typed, Sight::Masked);
        for typed in ["0151 23", "ana@", "@example.com"] {
            assert_eq!((masked(typed).condition(1).as_str(), masked(typed).is_empty()), ("false", false), "{typed}");
        }
        let mut words = masked("anna");
        words.surely = vec![MemberId(7)];
        let both = "((search LIKE fold($1) AND ' ' || fold(name) LIKE fold($1)) OR id IN (7))";
        assert_eq!(words.condition(1), both);
        assert!(masked(" ").is_empty());
        assert_eq!(SearchWords::parse_for("0151 23", Sight::Full), SearchWords::parse("0151 23"));
    }
}

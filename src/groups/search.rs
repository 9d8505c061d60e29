//! What was typed into a search box, as patterns for LIKE.

/// Some text to search for; control characters count for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched(String);

impl Searched {
    /// None when nothing was typed.
    pub fn parse(raw: &str) -> Option<Self> {
        let text: String = raw.chars().filter(|c| !c.is_control()).take(120).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty()).map(Self)
    }

    /// As typed.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// For `fold(column) LIKE fold($1)`: anywhere in the text.
    pub fn anywhere(&self) -> String {
        anywhere(&self.0)
    }

    /// A member number.
    pub fn number(&self) -> Option<i64> {
        self.digits().filter(|digits| digits.len() <= 10)?.parse().ok()
    }

    /// A phone number or part of one, however it is written: without the zeros or the plus before it.
    pub fn phone(&self) -> Option<String> {
        let digits = self.digits()?.trim_start_matches('0').to_owned();
        (digits.len() >= 4).then(|| anywhere(&digits))
    }

    fn digits(&self) -> Option<String> {
        let is_separator = |c: char| c.is_whitespace() || "+-()/.".contains(c);
        let digits: String = self.0.chars().filter(|c| !is_separator(*c)).collect();
        (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())).then_some(digits)
    }
}

fn anywhere(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn what_is_typed_is_searched_for_as_it_is() {
        assert_eq!(Searched::parse(" \0 "), None);
        assert_eq!(Searched::parse(" 50%_a\\b\0 ").unwrap().anywhere(), "%50\\%\\_a\\\\b%");
        let phone = Searched::parse("(0151) 234-567").unwrap();
        assert_eq!((phone.phone().unwrap().as_str(), phone.number()), ("%151234567%", Some(151_234_567)));
        assert_eq!(Searched::parse("+49 151 23456789").unwrap().phone().unwrap(), "%4915123456789%");
        assert_eq!(Searched::parse("ana").unwrap().phone(), None);
    }
}

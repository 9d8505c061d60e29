//! Whole numbers as people type them: "5000", "5,000", "5 000".

use std::ops::RangeInclusive;

use crate::web::filters::grouped;

/// `None` when empty.
pub fn parse(raw: &str, range: RangeInclusive<i32>) -> Result<Option<i32>, String> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    let (low, high) = (grouped((*range.start()).into()), grouped((*range.end()).into()));
    match ungrouped(raw).and_then(|digits| digits.parse().ok()).filter(|number| range.contains(number)) {
        Some(number) => Ok(Some(number)),
        None => Err(format!("Enter a whole number from {low} to {high}")),
    }
}

/// Without separators between thousands; a comma anywhere else may be meant as a decimal one.
fn ungrouped(raw: &str) -> Option<String> {
    let mut groups = raw.split(|c: char| c == ',' || c == '’' || c == '\'' || c.is_whitespace());
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    (!first.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::parse;

    #[test]
    fn numbers_in_several_spellings() {
        for raw in ["5000", " 5,000 ", "5 000", "5\u{202f}000", "5'000", "005000"] {
            assert_eq!(parse(raw, 1..=5_000_000).unwrap(), Some(5_000), "{raw}");
        }
        assert_eq!(parse(" ", 1..=9).unwrap(), None);
    }

    #[test]
    fn what_is_no_such_number_is_refused() {
        for raw in ["0", "-1", "1.5", "1,5", "5,00", ",500", "ten", "5000001", "99999999999999999999", "٥"] {
            let error = parse(raw, 1..=5_000_000).unwrap_err();
            assert_eq!(error, "Enter a whole number from 1 to 5,000,000", "{raw}");
        }
    }
}

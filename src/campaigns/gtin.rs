//! Article numbers as they stand on packages, with their check digit verified.

use std::fmt;

/// An EAN-8, UPC-A, EAN-13 or GTIN-14, as printed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(String);

impl Gtin {
    /// How many products one offer may name.
    pub const MAX_LIST: usize = 1_000;

    pub fn parse(raw: &str) -> Result<Gtin, String> {
        let digits: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err("enter the digits under the product's barcode".to_owned());
        }
        if !matches!(digits.len(), 8 | 12 | 13 | 14) {
            return Err(format!("enter 8, 12, 13 or 14 digits, not {}", digits.len()));
        }
        let (body, last) = digits.split_at(digits.len() - 1);
        let check = check_digit(body).to_string();
        if last != check {
            return Err(format!(
                "check the number {digits}: its last digit should be {check}, or another digit is wrong"
            ));
        }
        Ok(Gtin(digits))
    }

    /// One a line; empty lines do not count, and what is there twice counts once. Errors name their lines.
    pub fn parse_list(raw: &str) -> Result<Vec<Gtin>, String> {
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        for (place, line) in raw.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match Gtin::parse(line) {
                Ok(gtin) => found.push(gtin),
                Err(problem) => wrong.push(format!("Line {}: {problem}", place + 1)),
            }
        }
        let more = wrong.len().saturating_sub(5);
        wrong.truncate(5);
        if more > 0 {
            wrong.push(format!("{more} more lines"));
        }
        if !wrong.is_empty() {
            return Err(wrong.join("; "));
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|gtin| seen.insert(gtin.gtin14()));
        if found.len() > Self::MAX_LIST {
            return Err(format!("Enter at most {} products", Self::MAX_LIST));
        }
        Ok(found)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which the four kinds compare: a UPC-A is the EAN-13 with a zero before it.
    pub fn gtin14(&self) -> String {
        format!("{:0>14}", self.0)
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Weights 3 and 1 in turn, from the right.
fn check_digit(body: &str) -> u32 {
    let sum: u32 =
        body.bytes().rev().zip([3, 1].into_iter().cycle()).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_four_kinds() {
        for raw in ["96385074", "036000291452", "4006381333931", "4 006381-333931", "10012345678902"] {
            assert!(Gtin::parse(raw).is_ok(), "{raw}");
        }
        assert_eq!(Gtin::parse("036000291452").unwrap().gtin14(), Gtin::parse("0036000291452").unwrap().gtin14());
    }

    #[test]
    fn errors_say_what_is_wrong() {
        assert!(Gtin::parse("4006381333932").unwrap_err().contains("should be 1"));
        assert_eq!(Gtin::parse("12345").unwrap_err(), "enter 8, 12, 13 or 14 digits, not 5");
        assert!(Gtin::parse("coffee").is_err() && Gtin::parse("٤٠٠٦٣٨١٣٣٣٩٣١").is_err());
    }

    #[test]
    fn a_list_names_its_wrong_lines() {
        let list = Gtin::parse_list("4006381333931\r\n\r\n 96385074 \n4006381333931\n").unwrap();
        assert_eq!(list.iter().map(Gtin::as_str).collect::<Vec<_>>(), ["4006381333931", "96385074"]);
        assert_eq!(Gtin::parse_list(" \n").unwrap(), []);
        let wrong = Gtin::parse_list("4006381333931\n\n123\ncoffee").unwrap_err();
        assert_eq!(
            wrong,
            "Line 3: enter 8, 12, 13 or 14 digits, not 3; Line 4: enter the digits under the product's barcode"
        );
        assert!(Gtin::parse_list(&"x\n".repeat(8)).unwrap_err().ends_with("; 3 more lines"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_found(body in "[0-9]{13}", place in 0..14_usize, shift in 1..10_u8) {
            let good = format!("{body}{}", check_digit(&body));
            prop_assert!(Gtin::parse(&good).is_ok());
            let mut bad = good.into_bytes();
            bad[place] = b'0' + (bad[place] - b'0' + shift) % 10;
            prop_assert!(Gtin::parse(&String::from_utf8(bad).unwrap()).is_err());
        }
    }
}

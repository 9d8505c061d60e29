//! Money and percentages as people type them.

use super::number::grouped;
use std::fmt;

/// An amount in the currency's smallest unit (cents), never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// 9,999,999.99 where the currency has two decimals.
    pub const MAX_MINOR: i64 = 999_999_999;

    /// Reads "3", "3.50" or "3,50"; `None` when empty. `decimals` is the currency's (0 to 3).
    pub fn parse(raw: &str, decimals: u32) -> Result<Option<Money>, String> {
        let example = if decimals == 0 { "350".to_owned() } else { written(350, 2, true) };
        match scaled(raw, decimals, &format!("Enter an amount like {example}"))? {
            Some(minor) if minor > Self::MAX_MINOR => {
                Err(format!("Enter at most {}", grouped(&written(Self::MAX_MINOR, decimals, true))))
            }
            other => Ok(other.map(Money)),
        }
    }

    /// From a stored amount; `None` when it is none that `parse` could have made.
    pub fn from_minor(minor: i64) -> Option<Money> {
        (0..=Self::MAX_MINOR).contains(&minor).then_some(Money(minor))
    }

    pub fn minor(self) -> i64 {
        self.0
    }

    /// As a form shows it again: "3.50".
    pub fn field(self, decimals: u32) -> String {
        written(self.0, decimals, true)
    }

    /// As a page shows it: "1,234.50 EUR".
    pub fn display(self, currency: &str) -> String {
        format!("{} {currency}", grouped(&written(self.0, decimals_of(currency), true)))
    }
}

/// How many decimals a currency has (ISO 4217), as far as it is not two.
pub fn decimals_of(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A share above 0 and up to 100 %, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(i32);

impl Percent {
    /// Reads "20", "12.5", "12,5 %"; `None` when empty.
    pub fn parse(raw: &str) -> Result<Option<Percent>, String> {
        let raw = raw.trim();
        let number = raw.strip_suffix(['%', '％', '٪']).unwrap_or(raw);
        let wrong = "Enter a percentage like 20 or 12.5";
        match scaled(number, 2, wrong)? {
            None if raw.is_empty() => Ok(None),
            None => Err(wrong.to_owned()),
            Some(hundredths) => Self::checked(hundredths).map(Some),
        }
    }

    /// From a stored value; `None` when it is none that `parse` could have made.
    pub fn from_hundredths(hundredths: i32) -> Option<Percent> {
        Self::checked(hundredths.into()).ok()
    }

    fn checked(hundredths: i64) -> Result<Percent, String> {
        match i32::try_from(hundredths) {
            Ok(value @ 1..=10_000) => Ok(Percent(value)),
            _ => Err("Enter a percentage above 0 and up to 100".to_owned()),
        }
    }

    pub fn hundredths(self) -> i32 {
        self.0
    }

    /// As a form shows it again: "12.5".
    pub fn field(self) -> String {
        written(self.0.into(), 2, false)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.field())
    }
}

/// Reads a plain decimal number as a whole number of its smallest units.
fn scaled(raw: &str, decimals: u32, wrong: &str) -> Result<Option<i64>, String> {
    let text: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Ok(None);
    }
    if text.starts_with(['-', '−', '–']) {
        return Err("Enter a number that is not negative".to_owned());
    }
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((&text, ""));
    let digits_only = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if !digits_only(whole) || !digits_only(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(if text.matches(['.', ',']).count() > 1 {
            format!("{wrong}, without thousands separators")
        } else {
            wrong.to_owned()
        });
    }
    if fraction.trim_end_matches('0').len() > decimals as usize || (fraction.len() == 3 && decimals < 3) {
        return Err(match decimals {
            0 => "Enter a whole number".to_owned(),
            _ => format!("Use at most {decimals} decimals and no thousands separator"),
        });
    }
    let fraction = format!("{fraction:0<width$}", width = decimals as usize);
    let digits = format!("{whole}{}", &fraction[..decimals as usize]);
    // More digits than a number can hold are simply too many: the caller's upper limit answers.
    Ok(Some(digits.parse().unwrap_or(i64::MAX)))
}

fn written(units: i64, decimals: u32, keep_zeros: bool) -> String {
    let scale = 10_i64.pow(decimals);
    let (whole, fraction) = (units / scale, units % scale);
    if decimals == 0 || (fraction == 0 && !keep_zeros) {
        return whole.to_string();
    }
    let text = format!("{whole}.{fraction:0width$}", width = decimals as usize);
    if keep_zeros { text } else { text.trim_end_matches('0').to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn money(raw: &str) -> Result<Option<i64>, String> {
        Money::parse(raw, 2).map(|m| m.map(Money::minor))
    }

    #[test]
    fn money_in_the_usual_spellings() {
        for (raw, minor) in [("3", 300), ("3.5", 350), ("3,50", 350), (" 1 234.50", 123_450), (".5", 50), ("0", 0)] {
            assert_eq!(money(raw), Ok(Some(minor)), "{raw}");
        }
        assert_eq!(money("9999999.99"), Ok(Some(Money::MAX_MINOR)));
        assert_eq!(money("  "), Ok(None));
        assert_eq!(Money::parse("350", 0), Ok(Some(Money(350))));
        assert_eq!(Money::parse("0.125", 3), Ok(Some(Money(125))));
    }

    #[test]
    fn what_is_no_money_is_refused_with_an_instruction() {
        assert_eq!(money("abc").unwrap_err(), "Enter an amount like 3.50");
        assert_eq!(money("-1").unwrap_err(), "Enter a number that is not negative");
        assert_eq!(money("10000000").unwrap_err(), "Enter at most 9,999,999.99");
        assert_eq!(money("99999999999999999999999").unwrap_err(), "Enter at most 9,999,999.99");
        assert_eq!(money("1,234.50").unwrap_err(), "Enter an amount like 3.50, without thousands separators");
        assert_eq!(money("3,500").unwrap_err(), "Use at most 2 decimals and no thousands separator");
        assert_eq!(Money::parse("3.5", 0).unwrap_err(), "Enter a whole number");
        for raw in [".", "1e5", "٣", "NaN", "+3", "3.-5"] {
            assert!(money(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn money_is_shown_with_its_currency() {
        assert_eq!(Money(123_450).display("EUR"), "1,234.50 EUR");
        assert_eq!(Money(123_450).display("JPY"), "123,450 JPY");
        assert_eq!(Money(5).field(2), "0.05");
    }

    #[test]
    fn percentages() {
        assert_eq!(Percent::parse("12,5 %").unwrap().unwrap().field(), "12.5");
        assert_eq!(Percent::parse("100").unwrap().unwrap().to_string(), "100 %");
        assert_eq!(Percent::parse("").unwrap(), None);
        for raw in ["0", "100.01", "-5", "%", "x", "1.234"] {
            assert!(Percent::parse(raw).is_err(), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn money_survives_its_form(minor in 0..=Money::MAX_MINOR, decimals in 0_u32..=3) {
            let money = Money(minor);
            prop_assert_eq!(Money::parse(&money.field(decimals), decimals), Ok(Some(money)));
        }

        #[test]
        fn percent_survives_its_form(hundredths in 1..=10_000) {
            let percent = Percent(hundredths);
            prop_assert_eq!(Percent::parse(&percent.field()), Ok(Some(percent)));
            prop_assert_eq!(Percent::parse(&percent.to_string()), Ok(Some(percent)));
        }

        #[test]
        fn nothing_typed_breaks_it(raw in any::<String>(), decimals in 0_u32..=3) {
            let _ = Money::parse(&raw, decimals);
            let _ = Percent::parse(&raw);
        }
    }
}

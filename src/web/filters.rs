//! How values are written on pages: `{{ count|number }}`, `{{ at|day(shell.organisation) }}`.

use askama::Values;
use chrono::{DateTime, Utc};

use crate::settings::Organisation;

/// A whole number of any size; templates hand out references to references.
pub trait Whole {
    /// It.
    fn whole(&self) -> i64;
}

impl Whole for i64 {
    fn whole(&self) -> i64 {
        *self
    }
}

impl Whole for i32 {
    fn whole(&self) -> i64 {
        (*self).into()
    }
}

impl Whole for usize {
    fn whole(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

impl<T: Whole> Whole for &T {
    fn whole(&self) -> i64 {
        (*self).whole()
    }
}

/// 12345 → "12,345".
#[askama::filter_fn]
pub fn number(value: impl Whole, _: &dyn Values) -> askama::Result<String> {
    Ok(grouped(value.whole()))
}

/// 12345 → "12,345".
pub fn grouped(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", super::number::grouped(&value.unsigned_abs().to_string()))
}

/// "12 Mar 2026" in the organisation's zone and language.
#[askama::filter_fn]
pub fn day(at: &DateTime<Utc>, _: &dyn Values, organisation: &Organisation) -> askama::Result<String> {
    Ok(organisation.day(*at))
}

/// "12 Mar 2026, 14:05" in the organisation's zone and language.
#[askama::filter_fn]
pub fn moment(at: &DateTime<Utc>, _: &dyn Values, organisation: &Organisation) -> askama::Result<String> {
    Ok(organisation.moment(*at))
}

/// The last moment before an end, as people say it: "11 Mar 2026" where the end is midnight.
#[askama::filter_fn]
pub fn end(at: &DateTime<Utc>, _: &dyn Values, organisation: &Organisation) -> askama::Result<String> {
    Ok(organisation.end(*at))
}

/// For `<time datetime>`.
#[askama::filter_fn]
pub fn iso(at: &DateTime<Utc>, _: &dyn Values) -> askama::Result<String> {
    Ok(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!([0, 999, 1000, 1_234_567, -1000].map(grouped), ["0", "999", "1,000", "1,234,567", "-1,000"]);
    }
}

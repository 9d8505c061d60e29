//! **Shops**: where a coupon may be validated.

use crate::web::text::Line;

/// Names that one campaign may have.
const MOST: usize = 1_000;
/// As long as the shop of an API key.
const MAX: usize = 80;

/// One a line; the same name twice is once, in whatever capitals.
pub fn parse(raw: &str) -> Result<Vec<String>, String> {
    let mut shops: Vec<String> = Vec::new();
    for line in raw.lines() {
        let Some(shop) = Line::parse(line, MAX).map_err(|wrong| format!("{wrong} for each shop"))? else { continue };
        if !has(&shops, &shop) {
            shops.push(shop);
        }
    }
    if shops.len() > MOST { Err("Enter at most 1,000 shops".to_owned()) } else { Ok(shops) }
}

/// Whether all places that could validate still can; none chosen means all.
pub fn widened(before: &[String], after: &[String]) -> bool {
    after.is_empty() || !before.is_empty() && before.iter().all(|shop| has(after, shop))
}

/// Capitals make no difference.
fn has(shops: &[String], shop: &str) -> bool {
    shops.iter().any(|other| other.to_lowercase() == shop.to_lowercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn one_a_line() {
        assert_eq!(parse(" Harbour Street \r\n\nAirport\nharbour street\n").unwrap(), ["Harbour Street", "Airport"]);
        assert_eq!(parse(" \n").unwrap(), Vec::<String>::new());
        assert_eq!(parse(&"x".repeat(81)).unwrap_err(), "Use at most 80 characters for each shop");
        let many: String = (0..1_001).map(|n| format!("Shop {n}\n")).collect();
        assert_eq!(parse(&many).unwrap_err(), "Enter at most 1,000 shops");
    }

    #[test]
    fn shops_may_be_added_to_some_and_never_taken_from_all() {
        let [none, one, both] = [&[][..], &["A"][..], &["a", "B"][..]]
            .map(|shops| shops.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(widened(&none, &none) && widened(&one, &both) && widened(&one, &none));
        assert!(!widened(&none, &one) && !widened(&both, &one));
    }
}

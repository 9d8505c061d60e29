//! Step 2 in words, for summaries.

use super::{CodeSource, PosInput, offer};
use crate::web::filters::grouped;

impl PosInput {
    /// "Percent off: 20 % off", "Entry only"; empty while nothing is chosen.
    pub fn offer_summary(&self, currency: &str) -> String {
        let Some(offer) = self.offer() else { return String::new() };
        match self.offer_words(currency) {
            words if words.is_empty() => offer.label().to_owned(),
            words => words,
        }
    }

    /// "One code, BARISTA, 50 validations in all"; empty while nothing is chosen.
    pub fn codes_summary(&self) -> String {
        match self.code_source() {
            None => String::new(),
            Some(source @ (CodeSource::Personal | CodeSource::Imported)) => source.label().to_owned(),
            Some(CodeSource::Many) => match self.code_count {
                Some(count) => format!("{}, each validated once", counted(count, "code")),
                None => CodeSource::Many.label().to_owned(),
            },
            Some(CodeSource::One) => {
                let code = self.shared_code.as_deref().map(|code| format!(", {code}")).unwrap_or_default();
                let limit = self.validations_in_all.map_or_else(
                    || "any number of validations".to_owned(),
                    |limit| format!("{} in all", counted(limit, "validation")),
                );
                format!("One code{code}, {limit}")
            }
        }
    }

    /// "Whole basket", "3 products".
    pub fn products_summary(&self) -> String {
        match self.products.as_slice() {
            [] => "Whole basket".to_owned(),
            [one] => one.clone(),
            many => format!("{} products", many.len()),
        }
    }

    /// "From 10.00 €", or "None".
    pub fn basket_summary(&self, currency: &str) -> String {
        self.minimum_basket.map_or_else(|| "None".to_owned(), |minor| offer::money(minor, currency))
    }
}

/// "1 code", "5,000 codes".
pub fn counted(count: impl Into<i64>, noun: &str) -> String {
    match count.into() {
        1 => format!("1 {noun}"),
        count => format!("{} {noun}s", grouped(count)),
    }
}

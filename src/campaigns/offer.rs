//! What a coupon gives.

use crate::web::money::{Money, Percent};

/// The choice under **Offer** in step 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Offer {
    /// One item for nothing.
    FreeItem,
    /// An amount is taken off the price.
    AmountOff,
    /// A share is taken off the price.
    PercentOff,
    /// At this price.
    FixedPrice,
    /// Buy X, get Y.
    BuyXGetY,
    /// No discount: for join codes.
    EntryOnly,
}

/// What an offer's value is typed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Nothing to type.
    None,
    /// Money.
    Amount,
    /// A share.
    Percent,
    /// Two quantities.
    Quantities,
}

impl Offer {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::FreeItem, Self::AmountOff, Self::PercentOff, Self::FixedPrice, Self::BuyXGetY, Self::EntryOnly];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::FreeItem => "free_item",
            Self::AmountOff => "amount_off",
            Self::PercentOff => "percent_off",
            Self::FixedPrice => "fixed_price",
            Self::BuyXGetY => "buy_x_get_y",
            Self::EntryOnly => "entry_only",
        }
    }

    /// As staff choose it.
    pub fn label(self) -> &'static str {
        match self {
            Self::FreeItem => "Free item",
            Self::AmountOff => "Amount off",
            Self::PercentOff => "Percent off",
            Self::FixedPrice => "Fixed price",
            Self::BuyXGetY => "Buy X get Y",
            Self::EntryOnly => "Entry only",
        }
    }

    /// The offer with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|offer| offer.key() == key)
    }

    /// What its **Value** is.
    pub fn value_kind(self) -> ValueKind {
        match self {
            Self::FreeItem | Self::EntryOnly => ValueKind::None,
            Self::AmountOff | Self::FixedPrice => ValueKind::Amount,
            Self::PercentOff => ValueKind::Percent,
            Self::BuyXGetY => ValueKind::Quantities,
        }
    }

    /// For members: "20 % off", "3.50 € off", "Free item"; empty where there is nothing to say.
    pub fn words(self, value: &OfferValue, currency: &str) -> String {
        let amount = || value.amount.map(|minor| money(minor, currency)).unwrap_or_default();
        match self {
            Self::FreeItem => "Free item".to_owned(),
            Self::AmountOff => format!("{} off", amount()),
            Self::PercentOff => {
                format!(
                    "{} off",
                    value.percent.and_then(Percent::from_hundredths).map(|p| p.to_string()).unwrap_or_default()
                )
            }
            Self::FixedPrice => format!("For {}", amount()),
            Self::BuyXGetY => {
                format!("Buy {}, get {} free", value.buy.unwrap_or_default(), value.get.unwrap_or_default())
            }
            Self::EntryOnly => String::new(),
        }
    }
}

/// The stored value of an offer; which of it counts, the offer says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfferValue {
    /// Minor units.
    pub amount: Option<i64>,
    /// Hundredths of a percent.
    pub percent: Option<i32>,
    /// X.
    pub buy: Option<i32>,
    /// Y.
    pub get: Option<i32>,
}

/// "3.50 €": with the sign where everybody knows it, else with the currency's code.
pub fn money(minor: i64, currency: &str) -> String {
    // the three signs stand for currencies of two decimals, as `display` takes every name it does not know
    Money::from_minor(minor).map(|money| money.display(currency_sign(currency))).unwrap_or_default()
}

/// "€" for EUR; the code itself for most others.
pub fn currency_sign(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_in_words() {
        let value = OfferValue { amount: Some(350), percent: Some(1_250), buy: Some(2), get: Some(1) };
        let words = |offer: Offer| offer.words(&value, "EUR");
        assert_eq!(
            Offer::ALL.map(words),
            ["Free item", "3.50 € off", "12.5 % off", "For 3.50 €", "Buy 2, get 1 free", ""]
        );
        assert_eq!(money(350, "JPY"), "350 JPY");
    }
}

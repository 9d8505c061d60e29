//! Step 2 of a coupon: the offer and its codes, as tills need them.

use diesel::prelude::*;
use serde::Serialize;

use super::{CodeSource, Offer, OfferValue};
use crate::codes::alphabet::{CodeFormat, CodeLength, CodePrefix};
use crate::codes::barcode::Barcode;
use crate::schema::campaign;

/// The columns of step 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = campaign, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub struct PosInput {
    /// `Offer::key`; none: not chosen yet.
    pub offer: Option<String>,
    /// Minor units.
    pub amount: Option<i64>,
    /// Hundredths of a percent.
    pub percent: Option<i32>,
    /// X of buy X, get Y.
    pub buy_quantity: Option<i32>,
    /// Y of buy X, get Y.
    pub get_quantity: Option<i32>,
    /// Article numbers; none: the whole basket.
    pub products: Vec<String>,
    /// Minor units.
    pub minimum_basket: Option<i64>,
    /// Handed to the till.
    pub pos_promotion_id: String,
    /// `Barcode::key`.
    pub barcode: String,
    /// `CodeSource::key`; none: not chosen yet.
    pub code_source: Option<String>,
    /// The one code.
    pub shared_code: Option<String>,
    /// Uses of the one code in all; none: unlimited.
    pub validations_in_all: Option<i32>,
    /// How many codes of many.
    pub code_count: Option<i32>,
    /// Uses for each member.
    pub validations_per_member: i32,
    /// Generated codes begin with it.
    pub code_prefix: String,
    /// Characters after the prefix.
    pub code_length: i32,
    /// Members may type the code in the app.
    pub allow_in_app_validation: bool,
    /// Handed to the till.
    pub tender_id: String,
    /// Handed to the till.
    pub rebate_handling: String,
    /// Minor units.
    pub merchant_remuneration: Option<i64>,
    /// Minor units.
    pub handling_fee: Option<i64>,
    /// Shops whose tills may validate; none: all.
    pub shops: Vec<String>,
}

impl PosInput {
    /// What the coupon gives.
    pub fn offer(&self) -> Option<Offer> {
        self.offer.as_deref().and_then(Offer::parse)
    }

    /// The stored value of the offer.
    pub fn offer_value(&self) -> OfferValue {
        OfferValue { amount: self.amount, percent: self.percent, buy: self.buy_quantity, get: self.get_quantity }
    }

    /// For members: "20 % off"; empty where there is nothing to say.
    pub fn offer_words(&self, currency: &str) -> String {
        self.offer().map(|offer| offer.words(&self.offer_value(), currency)).unwrap_or_default()
    }

    /// Where the codes come from.
    pub fn code_source(&self) -> Option<CodeSource> {
        self.code_source.as_deref().and_then(CodeSource::parse)
    }

    /// How codes are drawn.
    pub fn barcode(&self) -> Barcode {
        Barcode::parse(&self.barcode).unwrap_or_default()
    }

    /// The shape of generated codes.
    pub fn code_format(&self) -> CodeFormat {
        CodeFormat {
            prefix: CodePrefix::parse(&self.code_prefix).unwrap_or_default(),
            length: u8::try_from(self.code_length).ok().and_then(CodeLength::new).unwrap_or_default(),
        }
    }
}

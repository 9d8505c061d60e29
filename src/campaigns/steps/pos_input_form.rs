//! Step 2 as typed.

use serde::Deserialize;

use crate::campaigns::{CodeSource, Offer, PosInput};
use crate::web::FieldErrors;
use crate::web::money::{Money, Percent, decimals_of};

/// As typed. Each offer has its own value field, named like the offer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PosInputForm {
    pub offer: String,
    pub amount_off: String,
    pub percent_off: String,
    pub fixed_price: String,
    pub buy: String,
    pub get: String,
    pub products: String,
    pub minimum_basket: String,
    pub pos_promotion_id: String,
    pub shops: String,
    pub barcode: String,
    pub codes: String,
    pub code: String,
    pub validations_in_all: String,
    pub number_of_codes: String,
    pub validations_per_member: String,
    pub prefix: String,
    pub length: String,
    pub allow_in_app_validation: String,
    pub tender_id: String,
    pub rebate_handling: String,
    pub merchant_remuneration: String,
    pub handling_fee: String,
    pub then: String,
}

impl PosInputForm {
    /// What is stored, to be edited; what is not chosen yet stands on what is usual.
    pub fn of(pos: &PosInput, usual: CodeSource, currency: &str) -> Self {
        let decimals = decimals_of(currency);
        let money = |minor: Option<i64>| {
            minor.and_then(Money::from_minor).map(|money| money.field(decimals)).unwrap_or_default()
        };
        let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        let amount = |offer: Offer| if pos.offer() == Some(offer) { money(pos.amount) } else { String::new() };
        Self {
            offer: pos.offer.clone().unwrap_or_default(),
            amount_off: amount(Offer::AmountOff),
            fixed_price: amount(Offer::FixedPrice),
            percent_off: pos.percent.and_then(Percent::from_hundredths).map(Percent::field).unwrap_or_default(),
            buy: number(pos.buy_quantity),
            get: number(pos.get_quantity),
            products: pos.products.join("\n"),
            minimum_basket: money(pos.minimum_basket),
            pos_promotion_id: pos.pos_promotion_id.clone(),
            shops: pos.shops.join("\n"),
            barcode: pos.barcode.clone(),
            codes: pos.code_source.clone().unwrap_or_else(|| usual.key().to_owned()),
            code: pos.shared_code.clone().unwrap_or_default(),
            validations_in_all: number(pos.validations_in_all),
            number_of_codes: number(pos.code_count),
            validations_per_member: pos.validations_per_member.to_string(),
            prefix: pos.code_prefix.clone(),
            length: pos.code_length.to_string(),
            allow_in_app_validation: if pos.allow_in_app_validation { "on".to_owned() } else { String::new() },
            tender_id: pos.tender_id.clone(),
            rebate_handling: pos.rebate_handling.clone(),
            merchant_remuneration: money(pos.merchant_remuneration),
            handling_fee: money(pos.handling_fee),
            then: String::new(),
        }
    }

    /// Whether the box is ticked.
    pub fn allows_in_app_validation(&self) -> bool {
        !self.allow_in_app_validation.is_empty()
    }

    /// **Advanced** stands open when something in it is set or wrong.
    pub fn advanced_is_open(&self, errors: &FieldErrors) -> bool {
        const FIELDS: [&str; 5] =
            ["allow_in_app_validation", "tender_id", "rebate_handling", "merchant_remuneration", "handling_fee"];
        let typed = [
            &self.allow_in_app_validation,
            &self.tender_id,
            &self.rebate_handling,
            &self.merchant_remuneration,
            &self.handling_fee,
        ];
        typed.iter().any(|typed| !typed.trim().is_empty()) || FIELDS.iter().any(|field| errors.on(field).is_some())
    }
}

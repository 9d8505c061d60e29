//! Step 2 checked: what is typed becomes what is stored.

use super::pos_input_form::PosInputForm;
use super::whole;
use crate::campaigns::gtin::Gtin;
use crate::campaigns::shops;
use crate::campaigns::{Channel, CodeSource, Offer, PosInput};
use crate::codes::alphabet::{CodeFormat, CodeLength, CodePrefix};
use crate::codes::barcode::Barcode;
use crate::codes::{guess_risk, text::CodeText};
use crate::web::FieldErrors;
use crate::web::money::{Money, Percent, decimals_of};
use crate::web::text::Line;

/// How long what is handed to the till may be.
const MAX_TILL_TEXT: usize = 64;

impl PosInputForm {
    /// What is given is checked; what is not may come later. Values that the choices hide are not kept.
    pub fn parse(&self, channel: Channel, currency: &str) -> (PosInput, FieldErrors) {
        let mut read = Reader { form: self, decimals: decimals_of(currency), errors: FieldErrors::new() };
        let mut pos = PosInput {
            offer: None,
            amount: None,
            percent: None,
            buy_quantity: None,
            get_quantity: None,
            products: Vec::new(),
            minimum_basket: None,
            pos_promotion_id: String::new(),
            barcode: String::new(),
            code_source: None,
            shared_code: None,
            validations_in_all: None,
            code_count: None,
            validations_per_member: 1,
            code_prefix: String::new(),
            code_length: CodeLength::default().get().into(),
            allow_in_app_validation: self.allows_in_app_validation(),
            tender_id: String::new(),
            rebate_handling: String::new(),
            merchant_remuneration: None,
            handling_fee: None,
            shops: Vec::new(),
        };
        read.offer(&mut pos);
        read.basket(&mut pos);
        let barcode = read.barcode();
        pos.barcode = barcode.key().to_owned();
        read.codes(&mut pos, channel, barcode);
        read.advanced(&mut pos);
        (pos, read.errors)
    }
}

struct Reader<'a> {
    form: &'a PosInputForm,
    decimals: u32,
    errors: FieldErrors,
}

impl Reader<'_> {
    fn offer(&mut self, pos: &mut PosInput) {
        let form = self.form;
        if form.offer.is_empty() {
            return;
        }
        let offer = self.errors.take("offer", Offer::parse(&form.offer).ok_or("Choose one of the offers"));
        pos.offer = offer.map(|offer| offer.key().to_owned());
        match offer {
            Some(Offer::AmountOff) => pos.amount = self.positive("amount_off", &form.amount_off),
            Some(Offer::FixedPrice) => pos.amount = self.positive("fixed_price", &form.fixed_price),
            Some(Offer::PercentOff) => {
                let percent = self.errors.take("percent_off", Percent::parse(&form.percent_off)).flatten();
                pos.percent = percent.map(Percent::hundredths);
            }
            Some(Offer::BuyXGetY) => {
                pos.buy_quantity = self.errors.take("buy", whole::parse(&form.buy, 1..=99)).flatten();
                pos.get_quantity = self.errors.take("get", whole::parse(&form.get, 1..=99)).flatten();
            }
            Some(Offer::FreeItem | Offer::EntryOnly) | None => {}
        }
    }

    fn basket(&mut self, pos: &mut PosInput) {
        let form = self.form;
        let products = self.errors.take("products", Gtin::parse_list(&form.products)).unwrap_or_default();
        pos.products = products.iter().map(|gtin| gtin.as_str().to_owned()).collect();
        pos.minimum_basket = self.positive("minimum_basket", &form.minimum_basket);
        pos.pos_promotion_id = self.till_text("pos_promotion_id", &form.pos_promotion_id);
        pos.shops = self.errors.take("shops", shops::parse(&form.shops)).unwrap_or_default();
    }

    fn barcode(&mut self) -> Barcode {
        match self.form.barcode.as_str() {
            "" => Barcode::default(),
            key => self.errors.take("barcode", Barcode::parse(key)).unwrap_or_default(),
        }
    }

    fn codes(&mut self, pos: &mut PosInput, channel: Channel, barcode: Barcode) {
        let form = self.form;
        let per_member =
            self.errors.take("validations_per_member", whole::parse(&form.validations_per_member, 1..=1_000_000));
        pos.validations_per_member = per_member.flatten().unwrap_or(1);
        let prefix = self.errors.take("prefix", CodePrefix::parse(&form.prefix)).unwrap_or_default();
        let length = self.errors.take("length", CodeLength::parse(&form.length)).unwrap_or_default();
        pos.code_prefix = prefix.as_str().to_owned();
        pos.code_length = length.get().into();
        if form.codes.is_empty() {
            return;
        }
        let source = CodeSource::parse(&form.codes).filter(|source| source.suits(channel));
        let source = self.errors.take("codes", source.ok_or("Choose where the codes come from"));
        pos.code_source = source.map(|source| source.key().to_owned());
        let format = CodeFormat { prefix, length };
        match source {
            Some(CodeSource::One) => self.one_code(pos, &format, barcode),
            Some(CodeSource::Many) => {
                let count = self.errors.take("number_of_codes", whole::parse(&form.number_of_codes, 1..=5_000_000));
                pos.code_count = count.flatten();
                self.generated(pos.code_count.unwrap_or(1), &format, barcode);
            }
            Some(CodeSource::Personal) => self.generated(1, &format, barcode),
            None => {}
        }
    }

    fn one_code(&mut self, pos: &mut PosInput, format: &CodeFormat, barcode: Barcode) {
        let form = self.form;
        let limit = self.errors.take("validations_in_all", whole::parse(&form.validations_in_all, 1..=i32::MAX));
        pos.validations_in_all = limit.flatten();
        if form.code.trim().is_empty() {
            return self.generated(1, format, barcode);
        }
        let code = CodeText::parse(&form.code).and_then(|code| guess_risk::check_typed(&code).map(|()| code));
        let Some(code) = self.errors.take("code", code) else { return };
        self.errors.take("barcode", barcode.fits(code.as_str()));
        pos.shared_code = Some(code.into_string());
    }

    /// Codes of this format that Muster is to make.
    fn generated(&mut self, count: i32, format: &CodeFormat, barcode: Barcode) {
        let live = u64::try_from(count).unwrap_or(1);
        self.errors.take("length", guess_risk::check_generated(live, format));
        if barcode == Barcode::Ean13 {
            self.errors.add(
                "barcode",
                "EAN-13 holds 12 or 13 digits: choose QR or Code 128 for generated codes, or type a code of digits",
            );
        }
    }

    fn advanced(&mut self, pos: &mut PosInput) {
        let form = self.form;
        pos.tender_id = self.till_text("tender_id", &form.tender_id);
        pos.rebate_handling = self.till_text("rebate_handling", &form.rebate_handling);
        pos.merchant_remuneration = self.money("merchant_remuneration", &form.merchant_remuneration);
        pos.handling_fee = self.money("handling_fee", &form.handling_fee);
    }

    fn till_text(&mut self, field: &str, raw: &str) -> String {
        self.errors.take(field, Line::parse(raw, MAX_TILL_TEXT)).flatten().unwrap_or_default()
    }

    fn money(&mut self, field: &str, raw: &str) -> Option<i64> {
        self.errors.take(field, Money::parse(raw, self.decimals)).flatten().map(Money::minor)
    }

    fn positive(&mut self, field: &str, raw: &str) -> Option<i64> {
        let amount = self.money(field, raw)?;
        if amount == 0 {
            self.errors.add(field, "Enter an amount above 0");
            return None;
        }
        Some(amount)
    }
}

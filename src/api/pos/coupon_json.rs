//! A coupon as tills get it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::campaigns::{Offer, OfferValue};
use crate::ids::CampaignId;
use crate::tills::Coupon;

/// What a till needs to honour a coupon.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CouponJson {
    /// As stored: capitals and digits.
    #[schema(example = "CAFE7K2M9P")]
    pub code: String,
    /// Of which campaign.
    pub campaign: CampaignJson,
    /// What it gives.
    pub offer: OfferJson,
    /// Article numbers (GTIN) it holds for; empty: the whole basket.
    #[schema(example = json!(["4006381333931"]))]
    pub products: Vec<String>,
    /// The basket must come to this.
    pub minimum_basket: Option<MoneyJson>,
    /// The promotion in the till's own system.
    #[schema(example = "PROMO-17")]
    pub pos_promotion_id: Option<String>,
    /// The tender it is booked as.
    #[schema(example = "TENDER-4")]
    pub tender_id: Option<String>,
    /// How the rebate is handled.
    #[schema(example = "before tax")]
    pub rebate_handling: Option<String>,
    /// Uses that are left, what this request took being taken.
    pub remaining: RemainingJson,
    /// The first moment after its last.
    pub valid_until: Option<DateTime<Utc>>,
    /// Whose it is; null: nobody knows.
    pub member: Option<MemberJson>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignJson {
    /// Key.
    #[schema(value_type = i64, example = 17)]
    pub id: CampaignId,
    /// As staff call it.
    #[schema(example = "Winter 2026")]
    pub name: String,
    /// As members see it.
    #[schema(example = "Free coffee")]
    pub title: String,
}

/// What a coupon gives. Which of the values is set follows from the kind.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OfferJson {
    /// free_item, amount_off, percent_off, fixed_price, buy_x_get_y, entry_only.
    #[schema(example = "percent_off")]
    pub kind: String,
    /// In words, for the receipt; empty for entry_only.
    #[schema(example = "12.5 % off")]
    pub text: String,
    /// Of amount_off and fixed_price.
    pub amount: Option<MoneyJson>,
    /// Of percent_off.
    #[schema(example = 12.5)]
    pub percent: Option<f64>,
    /// X of buy_x_get_y.
    pub buy: Option<i32>,
    /// Y of buy_x_get_y.
    pub get: Option<i32>,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoneyJson {
    /// In minor units: cents.
    #[schema(example = 350)]
    pub minor: i64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    pub currency: String,
}

/// Uses that are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemainingJson {
    /// Of the code; null: any number.
    #[schema(example = 1)]
    pub in_all: Option<i32>,
    /// For this member; null: nobody knows who it is.
    #[schema(example = 0)]
    pub for_member: Option<i64>,
}

/// A member: no more than a till needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberJson {
    /// Member number.
    #[schema(example = 100482)]
    pub number: i64,
    /// Name.
    #[schema(example = "Ann Able")]
    pub name: String,
}

impl CouponJson {
    /// As it stands now, amounts in the organisation's currency.
    pub fn of(coupon: &Coupon, currency: &str) -> Self {
        let money = |minor: Option<i64>| minor.map(|minor| MoneyJson { minor, currency: currency.to_owned() });
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            code: coupon.text.clone(),
            campaign: CampaignJson {
                id: coupon.campaign_id,
                name: coupon.campaign_name.clone(),
                title: coupon.title.clone(),
            },
            offer: OfferJson::of(coupon, currency),
            products: coupon.products.clone(),
            minimum_basket: money(coupon.minimum_basket),
            pos_promotion_id: text(&coupon.pos_promotion_id),
            tender_id: text(&coupon.tender_id),
            rebate_handling: text(&coupon.rebate_handling),
            remaining: RemainingJson { in_all: coupon.left_in_all(), for_member: coupon.left_for_member() },
            valid_until: coupon.valid_until(),
            member: MemberJson::of(coupon),
        }
    }
}

impl OfferJson {
    fn of(coupon: &Coupon, currency: &str) -> Self {
        let offer = coupon.offer.as_deref().and_then(Offer::parse).unwrap_or(Offer::EntryOnly);
        let value = OfferValue {
            amount: coupon.amount,
            percent: coupon.percent,
            buy: coupon.buy_quantity,
            get: coupon.get_quantity,
        };
        Self {
            kind: offer.key().to_owned(),
            text: offer.words(&value, currency),
            amount: value.amount.map(|minor| MoneyJson { minor, currency: currency.to_owned() }),
            percent: value.percent.map(|hundredths| f64::from(hundredths) / 100.0),
            buy: value.buy,
            get: value.get,
        }
    }
}

impl MemberJson {
    fn of(coupon: &Coupon) -> Option<Self> {
        coupon.number.zip(coupon.member_name.clone()).map(|(number, name)| Self { number, name })
    }
}

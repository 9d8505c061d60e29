//! A reservation as tills get it.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::coupon_json::CouponJson;
use crate::settings::Organisation;
use crate::tills::Basket;

/// Where a reservation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// It holds the uses.
    Open,
    /// They were used.
    Validated,
    /// They were given back.
    Cancelled,
    /// They went back by themselves.
    Expired,
}

/// Uses that are held, or were.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReservationJson {
    /// Key.
    pub id: Uuid,
    /// open, validated, cancelled, expired.
    pub state: ReservationState,
    /// How the till called itself.
    #[schema(example = "Till 3")]
    pub till: Option<String>,
    /// Since.
    pub reserved_at: DateTime<Utc>,
    /// Unless validated before, the uses go back at this moment.
    pub ends_at: DateTime<Utc>,
    /// In the order of the request when it is made, of the codes later.
    pub coupons: Vec<CouponJson>,
    /// One for each coupon, in their order, once it is validated; empty before.
    pub validations: Vec<ValidationKey>,
}

/// A validation, to be reversed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValidationKey {
    /// Key.
    #[schema(example = 90210)]
    pub id: i64,
    /// Of this code.
    #[schema(example = "CAFE7K2M9P")]
    pub code: String,
    /// It can be reversed until then.
    pub reversible_until: DateTime<Utc>,
}

impl ReservationJson {
    /// At this moment.
    pub fn of(basket: &Basket, organisation: &Organisation, now: DateTime<Utc>) -> Self {
        let validations = basket.lines.iter().filter_map(|line| {
            let (id, at) = line.validation.zip(basket.validated_at)?;
            let reversible_until = at + Duration::minutes(organisation.reversal_minutes.into());
            Some(ValidationKey { id, code: line.coupon.text.clone(), reversible_until })
        });
        Self {
            id: basket.id,
            state: state(basket, now),
            till: (!basket.till.is_empty()).then(|| basket.till.clone()),
            reserved_at: basket.reserved_at,
            ends_at: basket.ends_at,
            coupons: basket.lines.iter().map(|line| CouponJson::of(&line.coupon, &organisation.currency)).collect(),
            validations: validations.collect(),
        }
    }
}

fn state(basket: &Basket, now: DateTime<Utc>) -> ReservationState {
    if basket.validated_at.is_some() {
        ReservationState::Validated
    } else if basket.cancelled_at.is_some() {
        ReservationState::Cancelled
    } else if basket.expired_at.is_some() || basket.ends_at <= now {
        ReservationState::Expired
    } else {
        ReservationState::Open
    }
}

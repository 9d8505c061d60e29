//! A coupon as the member's app gets it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::coupon::Coupon;
use crate::codes::text::CodeText;
use crate::ids::CampaignId;
use crate::settings::Organisation;

/// What a member holds of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldCouponJson {
    /// Key of its campaign: a member holds one coupon of it.
    #[schema(value_type = i64, example = 17)]
    campaign: CampaignId,
    /// Title.
    #[schema(example = "Free coffee")]
    title: String,
    /// Text.
    #[schema(example = "Any size, any bean.")]
    text: String,
    /// Terms.
    #[schema(example = "One for each visit.")]
    terms: String,
    /// Image; null: none.
    picture: Option<PictureJson>,
    /// What it gives, in words; empty where there is nothing to say.
    #[schema(example = "20 % off")]
    offer: String,
    /// Whether it works: valid, not_now, used, expired, upcoming, paused, withdrawn, blocked.
    #[schema(example = "valid")]
    state: &'static str,
    /// Why it does not work, and what comes next; empty where it does.
    reason: String,
    /// The first moment at which it works no more.
    ends_at: Option<DateTime<Utc>>,
    /// On which days and hours; empty: at any time.
    #[schema(example = "Monday to Friday, 08:00–12:00")]
    times: String,
    /// Whether the member has seen it.
    seen: bool,
    /// The code to show; null where it does not work now.
    code: Option<ShownCodeJson>,
}

/// A code, to be read, typed or scanned.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCodeJson {
    /// As stored; what the barcode holds.
    #[schema(example = "CAFE7K2M9P")]
    text: String,
    /// For people to read.
    #[schema(example = "CAFE 7K2M 9P")]
    grouped: String,
    /// How to draw it: qr, code128, ean13.
    #[schema(example = "qr")]
    barcode: &'static str,
}

/// An image.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureJson {
    /// Address, at this server.
    #[schema(example = "/pictures/0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f")]
    path: String,
    /// Pixels.
    #[schema(example = 1200)]
    width: i32,
    /// Pixels.
    #[schema(example = 800)]
    height: i32,
}

impl HeldCouponJson {
    /// As it stands now.
    pub fn of(coupon: &Coupon, organisation: &Organisation) -> Self {
        Self {
            campaign: coupon.campaign,
            title: coupon.title.clone(),
            text: coupon.body.clone(),
            terms: coupon.terms.clone(),
            picture: coupon.picture.as_ref().map(|picture| PictureJson {
                path: picture.src(),
                width: picture.width,
                height: picture.height,
            }),
            offer: coupon.offer.clone(),
            state: coupon.state.key(),
            reason: coupon.state.reason(organisation),
            ends_at: coupon.ends_at,
            times: coupon.times.clone(),
            seen: coupon.seen,
            code: coupon.code.as_ref().filter(|_| coupon.state.shows_code()).map(|code| ShownCodeJson {
                text: code.as_str().to_owned(),
                grouped: CodeText::grouped(code),
                barcode: coupon.drawn_as().key(),
            }),
        }
    }

    /// For a page's `next`.
    pub fn key(&self) -> i64 {
        self.campaign.0
    }
}

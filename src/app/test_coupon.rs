//! `/c/test/{token}`: where the link in a test leads, the coupon as it is entered now with a code that works nowhere.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::coupon::{Coupon, Picture, State};
use super::coupon_link::private;
use crate::campaigns::Campaign;
use crate::campaigns::valid_times::ValidTimes;
use crate::codes::barcode::Barcode;
use crate::codes::text::CodeText;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, MemberId};
use crate::schema::{picture, test_send};
use crate::settings::Organisation;
use crate::web::{MemberShell, PageResult, show as page};

#[derive(Template)]
#[template(path = "app/test_coupon.html")]
struct TestCouponPage {
    shell: MemberShell,
    coupon: Coupon,
    reason: &'static str,
}

/// The address of the test with this token.
pub fn path(token: &str) -> String {
    format!("/c/test/{token}")
}

/// `GET /c/test/{token}`
pub async fn show(shell: MemberShell, db: Db, token: Path<String>) -> PageResult {
    let (organisation, now) = (shell.organisation.clone(), shell.now);
    let found = db.read(move |conn| -> Result<_, AppError> { Ok(load(conn, &token, &organisation, now)?) });
    private(page(&TestCouponPage { shell, coupon: found.await?, reason: "" })?, 200)
}

fn load(conn: &mut PgConnection, token: &str, organisation: &Organisation, now: DateTime<Utc>) -> QueryResult<Coupon> {
    if token.contains('\0') {
        return Err(diesel::result::Error::NotFound);
    }
    let id: CampaignId = test_send::table
        .filter(test_send::token.eq(token).and(test_send::ends_at.gt(now)))
        .select(test_send::campaign_id)
        .first(conn)?;
    let campaign = Campaign::find(conn, id)?;
    let shown = match campaign.content.picture_id {
        Some(key) => {
            let size = picture::table.find(key).select((picture::width, picture::height));
            size.first(conn).optional()?.map(|(width, height)| Picture { id: key, width, height })
        }
        None => None,
    };
    Ok(coupon(&campaign, shown, organisation, now))
}

fn coupon(campaign: &Campaign, picture: Option<Picture>, organisation: &Organisation, now: DateTime<Utc>) -> Coupon {
    let own = campaign.times.validity_days.map(|days| now + Duration::days(days.into()));
    let end = match (own, campaign.times.ends_at) {
        (Some(own), Some(all)) => Some(own.min(all)),
        (own, all) => own.or(all),
    };
    let times = ValidTimes::new(campaign.times.weekdays, campaign.times.valid_from, campaign.times.valid_until);
    let barcode = campaign.pos.barcode();
    // one that tills know for their own use, where the barcode takes digits only
    let sample = if barcode == Barcode::Ean13 { "2000000000008" } else { "TEST2345" };
    let shown = |text: &str, instead: &str| if text.is_empty() { instead.to_owned() } else { text.to_owned() };
    Coupon {
        messages: None,
        member: MemberId(0),
        campaign: campaign.id,
        title: shown(&campaign.content.title, "Title"),
        body: campaign.content.body.clone(),
        terms: campaign.content.terms.clone(),
        picture,
        offer: campaign.pos.offer_words(&organisation.currency),
        ends_at: end,
        until: end.map(|end| format!("Until {}", organisation.end(end))).unwrap_or_default(),
        times: if times.always() { String::new() } else { times.words() },
        state: State::Valid,
        seen: true,
        // a sample came to nobody, so there is nothing to end
        barcode,
        code: CodeText::parse(sample).ok(),
    }
}

//! The checks of a code at a till, in the order in which they are made; that a code is known comes before all of them.

use super::refusal::TillRefusal;
use super::standing::Standing;
use crate::memberships::refusal::{Inactive, NotYours, Refusal};

type Check = fn(&Standing) -> Result<(), TillRefusal>;

const CHECKS: [Check; 5] = [may_try, campaign_is_active, shop_is_allowed, may_use_it, has_uses_left];

/// The first check that fails, if one does.
pub(super) fn first_refusal(standing: &Standing) -> Result<(), TillRefusal> {
    CHECKS.iter().try_for_each(|check| check(standing))
}

fn may_try(standing: &Standing) -> Result<(), TillRefusal> {
    match standing.wait_until {
        Some(until) if until > standing.now => Err(Refusal::wait(until, standing.now).into()),
        _ => Ok(()),
    }
}

fn campaign_is_active(standing: &Standing) -> Result<(), TillRefusal> {
    let (now, coupon) = (standing.now, &standing.coupon);
    let expired = coupon.expires_at.filter(|end| *end <= now && !coupon.withdrawn);
    match Inactive::at(now, standing.zone, &coupon.marks, &coupon.times(), expired) {
        Some(inactive) => Err(Refusal::CampaignNotActive(inactive).into()),
        None => Ok(()),
    }
}

fn shop_is_allowed(standing: &Standing) -> Result<(), TillRefusal> {
    let shops = &standing.coupon.shops;
    if shops.is_empty() || shops.iter().any(|shop| shop.to_lowercase() == standing.shop.to_lowercase()) {
        Ok(())
    } else {
        Err(TillRefusal::ShopNotAllowed { shop: standing.shop.clone() })
    }
}

fn may_use_it(standing: &Standing) -> Result<(), TillRefusal> {
    let coupon = &standing.coupon;
    let why = match coupon.owner {
        // someone else's card was shown
        Some(_) if coupon.member_id != coupon.owner => NotYours::Another,
        _ if coupon.blocked => NotYours::Blocked,
        Some(_) if coupon.withdrawn => NotYours::Withdrawn,
        None if !standing.is_receiver => NotYours::NotAmong,
        _ => return Ok(()),
    };
    Err(Refusal::NotAReceiver(why).into())
}

fn has_uses_left(standing: &Standing) -> Result<(), TillRefusal> {
    let coupon = &standing.coupon;
    if coupon.left_for_member() == Some(0) {
        Err(Refusal::UsedByMember { uses: coupon.uses_by_member }.into())
    } else if coupon.left_in_all() == Some(0) {
        Err(Refusal::UsedUp.into())
    } else {
        Ok(())
    }
}

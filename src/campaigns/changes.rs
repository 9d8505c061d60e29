//! What a published campaign may still change: what breaks nothing that members hold.

use chrono::{DateTime, Utc};

use super::chosen::Receivers;
use super::shops;
use super::{Campaign, Content, PosInput, Status, TimeSettings};
use crate::web::FieldErrors;

const HELD: &str = "This no longer changes once the campaign is published: members may hold it already. Duplicate the campaign to change it";

const SHOPS_HELD: &str = "Shops may be added once the campaign is published, but none taken away: members may count on it. Duplicate the campaign to change it";

/// A cancelled campaign changes no more; the reason stands at the step's first field.
pub fn cancelled(campaign: &Campaign, first_field: &str) -> FieldErrors {
    match campaign.cancelled_at {
        Some(_) => FieldErrors::one(
            first_field,
            "This campaign is cancelled and changes no more. Duplicate it to go on with it",
        ),
        None => FieldErrors::new(),
    }
}

/// Step 1: anything, but what was given stays given.
pub fn content(before: &Content, after: &Content, errors: &mut FieldErrors) {
    for (field, before, after) in [
        ("name", &before.name, &after.name),
        ("title", &before.title, &after.title),
        ("sms_text", &before.sms_text, &after.sms_text),
        ("subject", &before.email_subject, &after.email_subject),
        ("body", &before.email_body, &after.email_body),
    ] {
        if !before.is_empty() && after.is_empty() && errors.on(field).is_none() {
            errors.add(field, "Enter a text: the campaign is published");
        }
    }
}

/// Step 2: in-app validation may be allowed later, and shops added; nothing else changes.
pub fn pos_input(before: &PosInput, after: &PosInput) -> FieldErrors {
    let value = if before.offer == after.offer { value_field(after) } else { "offer" };
    let mut errors = FieldErrors::new();
    let mut held = |same: bool, field: &str| {
        if !same {
            errors.add(field, HELD);
        }
    };
    held(before.offer == after.offer, "offer");
    held((before.amount, before.percent) == (after.amount, after.percent) || value == "offer", value);
    held(before.buy_quantity == after.buy_quantity || value == "offer", "buy");
    held(before.get_quantity == after.get_quantity || value == "offer", "get");
    held(before.products == after.products, "products");
    held(before.minimum_basket == after.minimum_basket, "minimum_basket");
    held(before.pos_promotion_id == after.pos_promotion_id, "pos_promotion_id");
    held(before.barcode == after.barcode, "barcode");
    held(before.code_source == after.code_source, "codes");
    if before.code_source == after.code_source {
        held(before.shared_code == after.shared_code, "code");
        held(before.validations_in_all == after.validations_in_all, "validations_in_all");
        held(before.code_count == after.code_count, "number_of_codes");
    }
    held(before.validations_per_member == after.validations_per_member, "validations_per_member");
    held(before.code_prefix == after.code_prefix, "prefix");
    held(before.code_length == after.code_length, "length");
    held(!before.allow_in_app_validation || after.allow_in_app_validation, "allow_in_app_validation");
    held(before.tender_id == after.tender_id, "tender_id");
    held(before.rebate_handling == after.rebate_handling, "rebate_handling");
    held(before.merchant_remuneration == after.merchant_remuneration, "merchant_remuneration");
    held(before.handling_fee == after.handling_fee, "handling_fee");
    if !shops::widened(&before.shops, &after.shops) {
        errors.add("shops", SHOPS_HELD);
    }
    errors
}

fn value_field(pos: &PosInput) -> &str {
    pos.offer.as_deref().unwrap_or("offer")
}

/// Step 3: receivers may be widened.
pub fn receivers(before: &Receivers, after: &Receivers) -> FieldErrors {
    let mut errors = FieldErrors::new();
    if !after.contain(before) {
        errors.add(
            "audience",
            "Receivers of a published campaign can only become more: members may hold it already. Include more groups, exclude fewer, or duplicate the campaign",
        );
    }
    // everyone has nobody left to join
    if before.also_later && !after.also_later && after.everyone == Some(false) {
        errors.add("also_later", HELD);
    }
    errors
}

/// Step 4: the end moves, though not into the past; the start too while it is ahead; reminder and quiet hours.
pub fn times(before: &TimeSettings, after: &TimeSettings, status: Status, now: DateTime<Utc>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let mut held = |same: bool, field: &str, why: &str| {
        if !same {
            errors.add(field, why);
        }
    };
    let may_start = status == Status::Scheduled || before.starts_at.is_some_and(|start| now < start);
    let started = "The campaign has started: its start no longer changes. Duplicate the campaign to change it";
    held(may_start || before.starts_at == after.starts_at, "start", started);
    held(after.starts_at.is_some(), "start", "Enter a start: the campaign is published");
    held(after.ends_at.is_some(), "end", "Enter an end: the campaign is published");
    let moved = before.ends_at != after.ends_at;
    let future = after.ends_at.is_none_or(|end| now < end);
    held(
        !moved || future,
        "end",
        "Enter an end in the future; to end the campaign at once, choose End now on its page",
    );
    held(before.validity_days == after.validity_days, "validity", HELD);
    held(before.weekdays == after.weekdays, "weekdays", HELD);
    held(before.valid_from == after.valid_from, "hours_from", HELD);
    held(before.valid_until == after.valid_until, "hours_until", HELD);
    errors
}

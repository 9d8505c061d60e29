//! What a scanned text stands for: a code, or a member's card with all that the member may use now.

use diesel::prelude::*;

use super::attempt::{About, Act, Till, WRONG_PER_ADDRESS, WRONG_PER_KEY};
use super::checks::first_refusal;
use super::coupon::Coupon;
use super::overdue;
use super::refusal::{Refused, TillRefusal};
use super::standing::Standing;
use super::take::normal;
use crate::ids::MemberId;
use crate::memberships::Refusal;
use crate::memberships::refusal::NotYours;
use crate::schema::{member, member_card};

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Number and name of whose it is; none: nobody knows.
    pub member: Option<(i64, String)>,
    /// Usable here and now, those that end first before.
    pub coupons: Vec<Coupon>,
}

/// Looks up a code or a card. Takes nothing.
pub fn look_up(conn: &mut PgConnection, till: &Till, typed: &str) -> QueryResult<Result<Found, Refused>> {
    let text = normal(typed);
    let mut standing = Standing::of_code(conn, till, &text, None)?;
    if standing.as_ref().is_some_and(|standing| standing.coupon.is_overdue) {
        overdue::of_code(conn, &text, till.now)?;
        standing = Standing::of_code(conn, till, &text, None)?;
    }
    let (about, found) = match standing {
        Some(standing) => (About::of(&standing.coupon), of_code(standing)),
        None => of_card(conn, till, typed, &text)?,
    };
    match found {
        Ok(found) => {
            till.note(conn, Act::LookUp, &about, "ok")?;
            Ok(Ok(found))
        }
        Err(refusal) => Ok(Err(till.refuse(conn, Act::LookUp, &about, refusal)?.into())),
    }
}

fn of_code(standing: Standing) -> Result<Found, TillRefusal> {
    first_refusal(&standing)?;
    let coupon = standing.coupon;
    Ok(Found { member: coupon.number.zip(coupon.member_name.clone()), coupons: vec![coupon] })
}

type Outcome = (About, Result<Found, TillRefusal>);

/// A card's text is written down nowhere: who sees the record could use it.
fn of_card(conn: &mut PgConnection, till: &Till, typed: &str, text: &str) -> QueryResult<Outcome> {
    let whose: Option<(MemberId, Option<i64>, String, bool)> = member_card::table
        .inner_join(member::table.on(member::id.eq(member_card::member_id)))
        .filter(member_card::code.eq(text))
        .select((member::id, member::number, member::name, member::blocked_at.is_not_null()))
        .first(conn)
        .optional()?;
    let Some((id, number, name, blocked)) = whose else {
        return Ok((About::typed(typed), Err(Refusal::CodeUnknown.into())));
    };
    let about = About { member: Some(id), ..About::default() };
    if let Some(wait) = must_wait(conn, till)? {
        return Ok((about, Err(Refusal::TooManyAttempts { wait }.into())));
    }
    if blocked {
        return Ok((about, Err(Refusal::NotAReceiver(NotYours::Blocked).into())));
    }
    let coupons = usable(conn, till, id)?;
    Ok((about, Ok(Found { member: number.map(|number| (number, name)), coupons })))
}

fn must_wait(conn: &mut PgConnection, till: &Till) -> QueryResult<Option<i64>> {
    let by_key = WRONG_PER_KEY.wait(conn, &till.key_throttle(), till.now)?;
    Ok(by_key.max(WRONG_PER_ADDRESS.wait(conn, &till.address_throttle(), till.now)?))
}

fn usable(conn: &mut PgConnection, till: &Till, member: MemberId) -> QueryResult<Vec<Coupon>> {
    let mut held = Standing::of_member(conn, till, member)?;
    let overdue: Vec<String> =
        held.iter().filter(|held| held.coupon.is_overdue).map(|held| held.coupon.text.clone()).collect();
    for text in &overdue {
        overdue::of_code(conn, text, till.now)?;
    }
    if !overdue.is_empty() {
        held = Standing::of_member(conn, till, member)?;
    }
    held.retain(|held| first_refusal(held).is_ok());
    Ok(held.into_iter().map(|held| held.coupon).collect())
}

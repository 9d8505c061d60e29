//! What a member shows at a till to have all their coupons found: a code that says nothing else about them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use rand::RngExt;

use crate::codes::alphabet::ALPHABET;
use crate::codes::text::CodeText;
use crate::ids::MemberId;
use crate::schema::member_card;

/// Characters of a card: 31 to the 16th power, so that trying leads nowhere.
const LENGTH: usize = 16;

/// Random, without look-alikes.
fn random() -> String {
    let mut rng = rand::rng();
    (0..LENGTH).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect()
}

/// The member's card; the first time it is asked for, it is made.
pub fn of(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<CodeText> {
    if let Some(code) = find(conn, member)? {
        return Ok(text(&code));
    }
    diesel::insert_into(member_card::table)
        .values((member_card::member_id.eq(member), member_card::code.eq(random()), member_card::made_at.eq(now)))
        .on_conflict(member_card::member_id)
        .do_nothing()
        .execute(conn)?;
    member_card::table.find(member).select(member_card::code).first::<String>(conn).map(|code| text(&code))
}

/// Without making one.
pub fn find(conn: &mut PgConnection, member: MemberId) -> QueryResult<Option<String>> {
    member_card::table.find(member).select(member_card::code).first(conn).optional()
}

/// A new card, which makes the one before worthless; true if there was one.
pub fn renew(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<bool> {
    let had_one = find(conn, member)?.is_some();
    let code = random();
    diesel::insert_into(member_card::table)
        .values((member_card::member_id.eq(member), member_card::code.eq(&code), member_card::made_at.eq(now)))
        .on_conflict(member_card::member_id)
        .do_update()
        .set((member_card::code.eq(&code), member_card::made_at.eq(now)))
        .execute(conn)?;
    Ok(had_one)
}

fn text(code: &str) -> CodeText {
    CodeText::of_generated(code.to_owned())
}

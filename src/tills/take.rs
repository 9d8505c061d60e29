//! Uses are taken: held by a reservation, or validated at once. One guarded statement each, whose count decides.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::attempt::{About, Act, Till};
use super::checks::first_refusal;
use super::coupon::Coupon;
use super::held::{Basket, Line};
use super::refusal::{Refused, TillRefusal};
use super::standing::Standing;
use super::{lock, overdue};
use crate::codes::text::CodeText;
use crate::db::Kept;
use crate::ids::MemberId;
use crate::memberships::Refusal;

/// How long a reservation holds.
pub const HELD: Duration = Duration::minutes(15);

/// Codes as the till sent them, and the member's card, if it was shown.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In any spelling; no two alike.
    pub codes: Vec<String>,
    /// In any spelling.
    pub card: Option<String>,
}

/// A code with one use taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// With its uses as they are now.
    pub coupon: Coupon,
    /// Of a validation.
    pub validation: Option<i64>,
}

/// A use.
#[derive(Debug, Clone)]
pub struct Validated {
    /// Its key.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was taken back.
    pub reversed_at: Option<DateTime<Utc>>,
    /// Of this.
    pub coupon: Coupon,
}

enum Stopped {
    Failed(diesel::result::Error),
    Refused { place: usize, about: About, refusal: TillRefusal },
}

impl From<diesel::result::Error> for Stopped {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error)
    }
}

#[derive(QueryableByName)]
struct TakenRow {
    #[diesel(sql_type = Integer)]
    uses_taken: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    validation: Option<i64>,
}

/// Holds one use of each code, all or none.
pub fn reserve(conn: &mut PgConnection, till: &Till, wanted: &Wanted) -> QueryResult<Result<Basket, Refused>> {
    let (id, ends_at) = (Uuid::now_v7(), till.now + HELD);
    let taken = all(conn, till, Act::Reserve, wanted, &|conn, coupon| hold(conn, till, id, ends_at, coupon))?;
    Ok(taken.map(|taken| Basket {
        id,
        till: till.name.clone(),
        reserved_at: till.now,
        ends_at,
        validated_at: None,
        cancelled_at: None,
        expired_at: None,
        lines: taken.into_iter().map(|taken| Line { coupon: taken.coupon, validation: None }).collect(),
    }))
}

/// Uses one code at once.
pub fn validate(conn: &mut PgConnection, till: &Till, wanted: &Wanted) -> QueryResult<Result<Validated, Refused>> {
    let taken = all(conn, till, Act::Validate, wanted, &|conn, coupon| use_up(conn, till, coupon))?;
    Ok(taken.and_then(|mut taken| match taken.pop() {
        Some(Taken { coupon, validation: Some(id) }) => Ok(Validated { id, at: till.now, reversed_at: None, coupon }),
        _ => Err(TillRefusal::NotFound.into()),
    }))
}

type Take<'a> = &'a dyn Fn(&mut PgConnection, &Coupon) -> QueryResult<Option<TakenRow>>;

/// Takes what is wanted in the order of the codes' texts, whatever the order in the request: so two tills never hold
/// what the other waits for. What comes back is in the request's order.
fn all(
    conn: &mut PgConnection,
    till: &Till,
    act: Act,
    wanted: &Wanted,
    take: Take<'_>,
) -> QueryResult<Result<Vec<Taken>, Refused>> {
    let texts: Vec<String> = wanted.codes.iter().map(|typed| normal(typed)).collect();
    let card = wanted.card.as_deref().map(normal);
    let member = lock::owners(conn, &texts, card.as_deref())?;
    if card.is_some() && member.is_none() {
        let refusal = till.refuse(conn, act, &About::default(), TillRefusal::CardUnknown)?;
        return Ok(Err(refusal.into()));
    }
    let mut places: Vec<usize> = (0..texts.len()).collect();
    places.sort_by_key(|place| &texts[*place]);
    let run = |conn: &mut PgConnection| {
        let taken = places.iter().map(|place| Ok((*place, one(conn, till, *place, wanted, &texts, member, take)?)));
        taken.collect::<Result<Vec<_>, Stopped>>()
    };
    // one code takes nothing unless it takes all
    let outcome = if texts.len() == 1 { run(conn) } else { conn.transaction(run) };
    match outcome {
        Ok(mut taken) => {
            taken.sort_by_key(|(place, _)| *place);
            Ok(Ok(taken.into_iter().map(|(_, taken)| taken).collect()))
        }
        Err(Stopped::Refused { place, about, refusal }) => {
            let refusal = till.refuse(conn, act, &about, refusal)?;
            Ok(Err(Refused { refusal, place: Some(place) }))
        }
        Err(Stopped::Failed(error)) => Err(error),
    }
}

pub(super) fn normal(typed: &str) -> String {
    CodeText::parse(typed).map(CodeText::into_string).unwrap_or_default()
}

fn one(
    conn: &mut PgConnection,
    till: &Till,
    place: usize,
    wanted: &Wanted,
    texts: &[String],
    member: Option<MemberId>,
    take: Take<'_>,
) -> Result<Taken, Stopped> {
    let text = &texts[place];
    let unknown = || {
        let about = About::typed(&wanted.codes[place]);
        Stopped::Refused { place, about, refusal: Refusal::CodeUnknown.into() }
    };
    let refused = |coupon: &Coupon, refusal| Stopped::Refused { place, about: About::of(coupon), refusal };
    let mut standing = Standing::of_code(conn, till, text, member)?.ok_or_else(unknown)?;
    if standing.coupon.is_overdue {
        overdue::of_code(conn, text, till.now)?;
        standing = Standing::of_code(conn, till, text, member)?.ok_or_else(unknown)?;
    }
    first_refusal(&standing).map_err(|refusal| refused(&standing.coupon, refusal))?;
    match take(conn, &standing.coupon)? {
        Some(row) => Ok(Taken { coupon: standing.coupon.with_one_taken(row.uses_taken), validation: row.validation }),
        // another till was quicker: a fresh look tells how
        None => {
            let standing = Standing::of_code(conn, till, text, member)?.ok_or_else(unknown)?;
            let refusal = first_refusal(&standing).err().unwrap_or_else(|| Refusal::UsedUp.into());
            Err(refused(&standing.coupon, refusal))
        }
    }
}

fn hold(
    conn: &mut PgConnection,
    till: &Till,
    id: Uuid,
    ends_at: DateTime<Utc>,
    coupon: &Coupon,
) -> QueryResult<Option<TakenRow>> {
    Kept(
        sql_query(
            "WITH used AS (
               UPDATE code SET uses_taken = uses_taken + 1
               WHERE text = $1 AND (uses_allowed IS NULL OR uses_taken < uses_allowed)
               RETURNING text, campaign_id, uses_taken),
             reserved AS (
               INSERT INTO reservation (id, campaign_id, code, member_id, api_key_id, till, reserved_at, ends_at)
               SELECT $6, campaign_id, text, $2, $4, $5, $3, $7 FROM used),
             attempted AS (
               INSERT INTO till_attempt (at, api_key_id, till, act, text, campaign_id, member_id, outcome)
               SELECT $3, $4, $5, 'reserve', text, campaign_id, $2, 'ok' FROM used)
             SELECT uses_taken, NULL::bigint AS validation FROM used",
        )
        .bind::<Text, _>(&coupon.text)
        .bind::<Nullable<BigInt>, _>(coupon.member_id)
        .bind::<Timestamptz, _>(till.now)
        .bind::<BigInt, _>(till.key_id)
        .bind::<Text, _>(&till.name)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(ends_at),
    )
    .get_result(conn)
    .optional()
}

fn use_up(conn: &mut PgConnection, till: &Till, coupon: &Coupon) -> QueryResult<Option<TakenRow>> {
    Kept(
        sql_query(
            "WITH used AS (
               UPDATE code SET uses_taken = uses_taken + 1
               WHERE text = $1 AND (uses_allowed IS NULL OR uses_taken < uses_allowed)
               RETURNING text, campaign_id, uses_taken),
             validated AS (
               INSERT INTO validation (campaign_id, code, member_id, at, via, api_key_id, till)
               SELECT campaign_id, text, $2, $3, 'till', $4, $5 FROM used RETURNING id),
             counted AS (INSERT INTO campaign_count (campaign_id, validated) SELECT campaign_id, 1 FROM used),
             delivered AS (
               UPDATE delivery SET validated_at = coalesce(validated_at, $3) FROM used
               WHERE delivery.member_id = $2 AND delivery.campaign_id = used.campaign_id
                 AND withdrawn_at IS NULL AND skipped_at IS NULL),
             attempted AS (
               INSERT INTO till_attempt (at, api_key_id, till, act, text, campaign_id, member_id, outcome)
               SELECT $3, $4, $5, 'validate', text, campaign_id, $2, 'ok' FROM used)
             SELECT uses_taken, (SELECT id FROM validated) AS validation FROM used",
        )
        .bind::<Text, _>(&coupon.text)
        .bind::<Nullable<BigInt>, _>(coupon.member_id)
        .bind::<Timestamptz, _>(till.now)
        .bind::<BigInt, _>(till.key_id)
        .bind::<Text, _>(&till.name),
    )
    .get_result(conn)
    .optional()
}

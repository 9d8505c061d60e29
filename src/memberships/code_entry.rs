//! A code in the app: the checks in order, then all of its effects in the caller's transaction.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use super::checks::first_refusal;
use super::membership::{join, lock_member};
use super::refusal::Refusal;
use super::situation::{KnownCode, Situation};
use super::source::Source;
use crate::codes::mistyped;
use crate::codes::text::CodeText;
use crate::db::Kept;
use crate::ids::{CampaignId, GroupId, MemberId};
use crate::schema::code_attempt;
use crate::web::throttle::Limit;

/// Wrong codes of one member.
pub const WRONG_PER_MEMBER: Limit = Limit { tries: 10, window: Duration::minutes(10) };
/// Wrong codes from one address, by any members.
pub const WRONG_PER_ADDRESS: Limit = Limit { tries: 50, window: Duration::minutes(10) };

/// Slips of one member, which are no guesses: a check character tells them.
const SLIPS_PER_MEMBER: Limit = Limit { tries: 30, window: Duration::minutes(10) };
/// Slips from one address.
const SLIPS_PER_ADDRESS: Limit = Limit { tries: 150, window: Duration::minutes(10) };

/// What came of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// One use is taken.
    Used {
        /// Of this campaign.
        campaign: CampaignId,
        /// Its title.
        title: String,
        /// The group joined by it, if one.
        group: Option<(GroupId, String)>,
    },
    /// The member is in this group already; nothing was used up.
    AlreadyMember {
        /// Its name.
        group: String,
    },
    /// It was not taken.
    Refused(Refusal),
}

/// Who enters a code, from where.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// The member.
    pub member: MemberId,
    /// The address the request came from; "" where it has none.
    pub address: &'a str,
}

impl Who<'_> {
    pub(super) fn member_key(&self) -> String {
        format!("code member {}", self.member)
    }

    pub(super) fn address_key(&self) -> String {
        format!("code address {}", self.address)
    }
}

/// Enters a code as typed. A refusal is an outcome like any other: what is recorded of it is to be committed.
pub fn enter(
    conn: &mut PgConnection,
    member: MemberId,
    typed: &str,
    address: &str,
    now: DateTime<Utc>,
) -> QueryResult<Entry> {
    let who = Who { member, address };
    // from here on this member's entries come one after the other, so that each sees the counts of the one before
    lock_member(conn, member)?;
    let text = CodeText::parse(typed).map(CodeText::into_string).unwrap_or_default();
    let situation = Situation::load(conn, &who, &text, now)?;
    match (first_refusal(&situation), &situation.code) {
        (Ok(()), Some(code)) => match take(conn, &who, code, now)? {
            true => Ok(Entry::Used {
                campaign: code.campaign,
                title: code.title.clone(),
                group: join_by(conn, member, code, now)?,
            }),
            // another member was quicker, or the group ended: a fresh look tells which
            false => {
                let situation = Situation::load(conn, &who, &text, now)?;
                let refusal = first_refusal(&situation).err().unwrap_or(Refusal::UsedUp);
                refuse(conn, &who, typed, &situation, refusal)
            }
        },
        (Err(refusal), _) => refuse(conn, &who, typed, &situation, refusal),
        (Ok(()), None) => refuse(conn, &who, typed, &situation, Refusal::CodeUnknown),
    }
}

fn join_by(
    conn: &mut PgConnection,
    member: MemberId,
    code: &KnownCode,
    now: DateTime<Utc>,
) -> QueryResult<Option<(GroupId, String)>> {
    let Some(group) = &code.group else { return Ok(None) };
    join(conn, member, &[group.id], &Source::Code(code.text.clone()), now)?;
    Ok(Some((group.id, group.name.clone())))
}

#[derive(QueryableByName)]
struct TakenRow {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// Takes one use with all that belongs to it, if one is left and the group still stands. The group is held until the
/// transaction ends, so that no use is taken for a group that ends before it is joined.
fn take(conn: &mut PgConnection, who: &Who<'_>, code: &KnownCode, now: DateTime<Utc>) -> QueryResult<bool> {
    Kept(
        sql_query(
            "WITH held AS (
               SELECT id FROM member_group
               WHERE id = $4 AND starts_at <= $3 AND (stops_at IS NULL OR stops_at > $3) FOR SHARE),
             used AS (
               UPDATE code SET uses_taken = uses_taken + 1
               WHERE text = $1 AND (uses_allowed IS NULL OR uses_taken < uses_allowed)
                 AND ($4 IS NULL OR EXISTS (SELECT FROM held))
               RETURNING text, campaign_id),
             validated AS (
               INSERT INTO validation (campaign_id, code, member_id, at, via)
               SELECT campaign_id, text, $2, $3, 'app' FROM used),
             counted AS (INSERT INTO campaign_count (campaign_id, validated) SELECT campaign_id, 1 FROM used),
             delivered AS (
               UPDATE delivery SET validated_at = coalesce(validated_at, $3) FROM used
               WHERE delivery.member_id = $2 AND delivery.campaign_id = used.campaign_id AND withdrawn_at IS NULL),
             attempted AS (
               INSERT INTO code_attempt (member_id, at, text, campaign_id, outcome, address)
               SELECT $2, $3, text, campaign_id, 'ok', $5 FROM used)
             SELECT EXISTS (SELECT FROM used) AS taken",
        )
        .bind::<Text, _>(&code.text)
        .bind::<BigInt, _>(who.member)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<BigInt>, _>(code.group.as_ref().map(|group| group.id))
        .bind::<Text, _>(who.address),
    )
    .get_result::<TakenRow>(conn)
    .map(|row| row.taken)
}

/// Records a refusal, and counts it where it could be a guess.
fn refuse(
    conn: &mut PgConnection,
    who: &Who<'_>,
    typed: &str,
    situation: &Situation,
    refusal: Refusal,
) -> QueryResult<Entry> {
    let refusal = match refusal {
        Refusal::CodeUnknown if is_slip(conn, typed)? => count_slip(conn, who, situation.now)?,
        refusal if refusal.is_wrong_code() => count_wrong(conn, who, situation.now, refusal)?,
        refusal => refusal,
    };
    let known = situation.code.as_ref();
    let text =
        known.map_or_else(|| typed.trim().replace('\0', "").chars().take(64).collect(), |code| code.text.clone());
    diesel::insert_into(code_attempt::table)
        .values((
            code_attempt::member_id.eq(who.member),
            code_attempt::at.eq(situation.now),
            code_attempt::text.eq(text),
            code_attempt::campaign_id.eq(known.map(|code| code.campaign)),
            code_attempt::outcome.eq(refusal.code()),
            code_attempt::address.eq(who.address),
        ))
        .execute(conn)?;
    Ok(match refusal {
        Refusal::AlreadyMember { group } => Entry::AlreadyMember { group },
        refusal => Entry::Refused(refusal),
    })
}

/// Members at one address do not wait for each other before this, so it is the count itself that decides.
fn count_wrong(conn: &mut PgConnection, who: &Who<'_>, now: DateTime<Utc>, refusal: Refusal) -> QueryResult<Refusal> {
    WRONG_PER_MEMBER.count(conn, &who.member_key(), now)?;
    if who.address.is_empty() || WRONG_PER_ADDRESS.count(conn, &who.address_key(), now)? <= WRONG_PER_ADDRESS.tries {
        return Ok(refusal);
    }
    let wait = WRONG_PER_ADDRESS.wait(conn, &who.address_key(), now)?;
    Ok(Refusal::TooManyAttempts { wait: wait.unwrap_or(1) })
}

fn is_slip(conn: &mut PgConnection, typed: &str) -> QueryResult<bool> {
    CodeText::parse(typed).map_or(Ok(false), |text| mistyped::is_slip(conn, &text))
}

/// A slip uses up no try at guessing, but there is an end to slips too.
fn count_slip(conn: &mut PgConnection, who: &Who<'_>, now: DateTime<Utc>) -> QueryResult<Refusal> {
    let member = format!("slip {}", who.member_key());
    let address = format!("slip {}", who.address_key());
    let mut over = SLIPS_PER_MEMBER.count(conn, &member, now)? > SLIPS_PER_MEMBER.tries;
    if !who.address.is_empty() {
        over |= SLIPS_PER_ADDRESS.count(conn, &address, now)? > SLIPS_PER_ADDRESS.tries;
    }
    if !over {
        return Ok(Refusal::Mistyped);
    }
    let waits = [SLIPS_PER_MEMBER.wait(conn, &member, now)?, SLIPS_PER_ADDRESS.wait(conn, &address, now)?];
    Ok(Refusal::TooManyAttempts { wait: waits.into_iter().flatten().max().unwrap_or(1) })
}

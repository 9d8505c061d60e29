//! What a native app is let in with: an access token for an hour, and a refresh token that is exchanged for a new pair.
//! Only hashes are stored; all have at least 192 random bits.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::{Digest, Sha256};

use crate::ids::MemberId;
use crate::schema::app_token;

/// How long an access token works.
pub const ACCESS_LIFE: Duration = Duration::hours(1);
/// How long a refresh token works.
pub const REFRESH_LIFE: Duration = Duration::days(90);
/// An answer may be lost on its way: for so long the last refresh token gets the same pair again.
pub const GRACE: Duration = Duration::seconds(60);
/// Sign-ins that a member may have at once; the one that was used longest ago goes.
const MOST: i64 = 20;
/// Characters of a refresh token's first part, which stays the same.
const FAMILY: usize = 16;

/// As given to an app, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Opens everything that is the member's.
    pub access: String,
    /// Until then.
    pub access_until: DateTime<Utc>,
    /// Gets the next pair.
    pub refresh: String,
    /// Until then.
    pub refresh_until: DateTime<Utc>,
}

/// What comes of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// The next pair.
    Next(MemberId, Pair),
    /// It is over, or never was.
    Unknown,
    /// It was exchanged before: whoever holds the newer one may be a thief, so all is over.
    Reused,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = app_token)]
struct Row {
    id: i64,
    member_id: MemberId,
    access_until: DateTime<Utc>,
    refresh_hash: Vec<u8>,
    refresh_until: DateTime<Utc>,
    spent_hash: Option<Vec<u8>>,
    refreshed_at: DateTime<Utc>,
}

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

fn random<const N: usize>() -> String {
    let mut bytes = [0_u8; N];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signs a device in.
pub fn begin(conn: &mut PgConnection, member: MemberId, device: &str, now: DateTime<Utc>) -> QueryResult<Pair> {
    let family = random::<12>();
    let pair = Pair {
        access: format!("ma_{}", random::<24>()),
        access_until: now + ACCESS_LIFE,
        refresh: format!("mr_{family}{}", random::<24>()),
        refresh_until: now + REFRESH_LIFE,
    };
    diesel::insert_into(app_token::table)
        .values((
            app_token::member_id.eq(member),
            app_token::family_hash.eq(hash(&family)),
            app_token::access_hash.eq(hash(&pair.access)),
            app_token::access_until.eq(pair.access_until),
            app_token::refresh_hash.eq(hash(&pair.refresh)),
            app_token::refresh_until.eq(pair.refresh_until),
            app_token::refreshed_at.eq(now),
            app_token::device.eq(device),
            app_token::created_at.eq(now),
        ))
        .execute(conn)?;
    let newest = app_token::table
        .filter(app_token::member_id.eq(member).and(app_token::revoked_at.is_null()))
        .order((app_token::refreshed_at.desc(), app_token::id.desc()))
        .limit(MOST)
        .select(app_token::id)
        .load::<i64>(conn)?;
    let rest = app_token::member_id.eq(member).and(app_token::id.ne_all(newest));
    diesel::delete(app_token::table.filter(rest)).execute(conn)?;
    Ok(pair)
}

/// Exchanges a refresh token. What comes of it is to be committed, whatever it is.
pub fn refresh(conn: &mut PgConnection, secret: &[u8], text: &str, now: DateTime<Utc>) -> QueryResult<Refreshed> {
    let Some(family) = text.strip_prefix("mr_").and_then(|rest| rest.get(..FAMILY)) else {
        return Ok(Refreshed::Unknown);
    };
    let row: Option<Row> = app_token::table
        .filter(app_token::family_hash.eq(hash(family)))
        .filter(app_token::revoked_at.is_null().and(app_token::refresh_until.gt(now)))
        .select(Row::as_select())
        .for_update()
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(Refreshed::Unknown) };
    let shown = hash(text);
    let mut pair = next(secret, family, text, now);
    if shown == row.refresh_hash {
        diesel::update(app_token::table.find(row.id))
            .set((
                app_token::access_hash.eq(hash(&pair.access)),
                app_token::access_until.eq(pair.access_until),
                app_token::refresh_hash.eq(hash(&pair.refresh)),
                app_token::refresh_until.eq(pair.refresh_until),
                app_token::spent_hash.eq(shown),
                app_token::refreshed_at.eq(now),
            ))
            .execute(conn)?;
        return Ok(Refreshed::Next(row.member_id, pair));
    }
    if row.spent_hash == Some(shown) && now - row.refreshed_at <= GRACE {
        (pair.access_until, pair.refresh_until) = (row.access_until, row.refresh_until);
        return Ok(Refreshed::Next(row.member_id, pair));
    }
    end(conn, row.id, now)?;
    Ok(Refreshed::Reused)
}

/// The pair after this refresh token: the same each time, so that a request that is sent again gets it again.
fn next(secret: &[u8], family: &str, text: &str, now: DateTime<Utc>) -> Pair {
    let part = |purpose: &str| {
        let sealed = Hmac::<Sha256>::new_from_slice(secret).map(|mut mac| {
            mac.update(format!("app {purpose} after {text}").as_bytes());
            mac.finalize().into_bytes()
        });
        // a key of any length is taken
        sealed.map_or_else(|_| random::<24>(), |bytes| URL_SAFE_NO_PAD.encode(&bytes[..24]))
    };
    Pair {
        access: format!("ma_{}", part("access")),
        access_until: now + ACCESS_LIFE,
        refresh: format!("mr_{family}{}", part("refresh")),
        refresh_until: now + REFRESH_LIFE,
    }
}

/// Signs a device out.
pub fn end(conn: &mut PgConnection, id: i64, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(app_token::table.find(id)).set(app_token::revoked_at.eq(now)).execute(conn).map(|_| ())
}

/// A sign-in: its key, whose it is, when it was last noted that they were here.
pub type SignedIn = (i64, MemberId, Option<DateTime<Utc>>);

/// The sign-in with this access token, if that works now.
pub fn find(conn: &mut PgConnection, access: &str, now: DateTime<Utc>) -> QueryResult<Option<SignedIn>> {
    app_token::table
        .filter(app_token::access_hash.eq(hash(access)))
        .filter(app_token::access_until.gt(now).and(app_token::revoked_at.is_null()))
        .select((app_token::id, app_token::member_id, app_token::used_at))
        .first(conn)
        .optional()
}

/// Forgets what is long over.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::delete(app_token::table.filter(app_token::refresh_until.lt(now))).execute(conn).map(|_| ())
}

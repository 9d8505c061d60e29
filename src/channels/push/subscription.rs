//! Devices that take notifications for a member.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use web_push_native::p256::PublicKey;

use super::address::Endpoint;
use crate::ids::MemberId;
use crate::schema::push_subscription;

/// Devices that a member may have; the oldest goes.
pub const MAX_DEVICES: i64 = 10;

/// One device's browser.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = push_subscription)]
pub struct Subscription {
    /// Key.
    pub id: i64,
    /// Where its push service takes messages.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: Vec<u8>,
    /// Its secret.
    pub auth: Vec<u8>,
    /// "Chrome on Android".
    pub device: String,
    /// When it was turned on.
    pub created_at: DateTime<Utc>,
    /// When a push service last took a message for it.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// What a browser gave us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubscription {
    endpoint: String,
    p256dh: Vec<u8>,
    auth: Vec<u8>,
    device: String,
}

impl NewSubscription {
    /// Checked; an error says what is wrong.
    pub fn parse(
        endpoint: &str,
        p256dh: &str,
        auth: &str,
        device: String,
        private_network: bool,
    ) -> Result<Self, String> {
        let broken = || "The browser’s answer could not be read".to_owned();
        let bytes = |text: &str| {
            let text = text.trim();
            URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text)).map_err(|_| broken())
        };
        Endpoint::parse(endpoint, private_network)?;
        let (p256dh, auth) = (bytes(p256dh)?, bytes(auth)?);
        if p256dh.len() != 65 || auth.len() != 16 || PublicKey::from_sec1_bytes(&p256dh).is_err() {
            return Err(broken());
        }
        Ok(Self { endpoint: endpoint.to_owned(), p256dh, auth, device })
    }

    /// Stores it for the member, whoever had this browser before; more than `MAX_DEVICES` are not kept.
    pub fn store(&self, conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<()> {
        let values = (
            push_subscription::member_id.eq(member.0),
            push_subscription::p256dh.eq(&self.p256dh),
            push_subscription::auth.eq(&self.auth),
            push_subscription::device.eq(&self.device),
            push_subscription::created_at.eq(now),
        );
        diesel::insert_into(push_subscription::table)
            .values((push_subscription::endpoint.eq(&self.endpoint), values))
            .on_conflict(push_subscription::endpoint)
            .do_update()
            .set(values)
            .execute(conn)?;
        sql_query(
            "DELETE FROM push_subscription WHERE member_id = $1 AND id IN (
               SELECT id FROM push_subscription WHERE member_id = $1 ORDER BY created_at DESC, id DESC OFFSET $2)",
        )
        .bind::<BigInt, _>(member)
        .bind::<BigInt, _>(MAX_DEVICES)
        .execute(conn)
        .map(|_| ())
    }
}

impl Subscription {
    /// All of a member, the latest first.
    pub fn of_member(conn: &mut PgConnection, member: MemberId) -> QueryResult<Vec<Self>> {
        push_subscription::table
            .filter(push_subscription::member_id.eq(member.0))
            .order((push_subscription::created_at.desc(), push_subscription::id.desc()))
            .select(Self::as_select())
            .load(conn)
    }

    /// Its device, or what stands for one that said nothing.
    pub fn device_name(&self) -> &str {
        if self.device.is_empty() { "A browser" } else { &self.device }
    }

    /// Forgets one of a member's; false: it was not there.
    pub fn remove(conn: &mut PgConnection, member: MemberId, id: i64) -> QueryResult<bool> {
        let row = push_subscription::table.find(id).filter(push_subscription::member_id.eq(member.0));
        diesel::delete(row).execute(conn).map(|count| count > 0)
    }

    /// Forgets the member's browser with this endpoint.
    pub fn remove_endpoint(conn: &mut PgConnection, member: MemberId, endpoint: &str) -> QueryResult<bool> {
        // what no column can hold is not there
        if endpoint.contains('\0') {
            return Ok(false);
        }
        let rows = push_subscription::table
            .filter(push_subscription::endpoint.eq(endpoint).and(push_subscription::member_id.eq(member.0)));
        diesel::delete(rows).execute(conn).map(|count| count > 0)
    }

    /// Forgets those that are gone, unless they were turned on again meanwhile with other keys.
    pub fn forget(conn: &mut PgConnection, gone: &[Self]) -> QueryResult<()> {
        for one in gone {
            let row = push_subscription::table.find(one.id).filter(push_subscription::auth.eq(&one.auth));
            diesel::delete(row).execute(conn)?;
        }
        Ok(())
    }

    /// Notes that a push service took a message for these.
    pub fn note_taken(conn: &mut PgConnection, ids: &[i64], now: DateTime<Utc>) -> QueryResult<()> {
        if ids.is_empty() {
            return Ok(());
        }
        diesel::update(push_subscription::table.filter(push_subscription::id.eq_any(ids)))
            .set(push_subscription::accepted_at.eq(now))
            .execute(conn)
            .map(|_| ())
    }
}

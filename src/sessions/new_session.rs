//! A session about to be: made only if the account still is what signed in.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use super::device::Device;
use crate::ids::MemberId;

/// The row.
pub(super) struct NewSession {
    pub key_hash: Vec<u8>,
    /// Whose, and the generation that was read when they signed in.
    pub account: Option<(Uuid, i64)>,
    pub member: Option<MemberId>,
    pub state: Value,
    pub device: Device,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl NewSession {
    /// False: the account was disabled, or its password or factor changed, since it was read. The row of the account is
    /// held meanwhile: who ends its sessions comes before, or finds this one.
    pub fn insert(self, conn: &mut PgConnection) -> QueryResult<bool> {
        let (account, generation) = self.account.unzip();
        sql_query(
            "WITH holder AS (SELECT id FROM account WHERE id = $2 AND generation = $3 AND disabled_at IS NULL FOR SHARE)
             INSERT INTO session (key_hash, account_id, member_id, state, address, user_agent, created_at, last_seen_at, expires_at)
             SELECT $1, $2, $4, $5, $6, $7, $8, $8, $9 WHERE $2 IS NULL OR EXISTS (SELECT FROM holder)",
        )
        .bind::<Binary, _>(self.key_hash)
        .bind::<Nullable<SqlUuid>, _>(account)
        .bind::<Nullable<BigInt>, _>(generation)
        .bind::<Nullable<BigInt>, _>(self.member)
        .bind::<Jsonb, _>(self.state)
        .bind::<Text, _>(self.device.address)
        .bind::<Text, _>(self.device.user_agent)
        .bind::<Timestamptz, _>(self.now)
        .bind::<Timestamptz, _>(self.expires_at)
        .execute(conn)
        .map(|made| made == 1)
    }
}

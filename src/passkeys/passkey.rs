//! A dashboard user's passkeys.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::schema::passkey;

/// One of them.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = passkey)]
pub struct Passkey {
    /// Names it on pages.
    pub id: Uuid,
    /// Whose.
    pub account_id: Uuid,
    /// As its owner calls it.
    pub name: String,
    /// By which the authenticator knows it.
    pub credential_id: Vec<u8>,
    /// As COSE writes it.
    pub public_key: Vec<u8>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// The last sign-in with it.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A passkey about to be.
pub struct NewPasskey {
    /// By which the authenticator knows it.
    pub credential_id: Vec<u8>,
    /// As COSE writes it.
    pub public_key: Vec<u8>,
    /// How often it has signed.
    pub sign_count: u32,
}

impl NewPasskey {
    /// Stores it; the constraint `passkey_credential_id_key` refuses a key that is known.
    pub fn insert(&self, conn: &mut PgConnection, account: Uuid, name: &str, now: DateTime<Utc>) -> QueryResult<()> {
        let values = (
            passkey::id.eq(Uuid::now_v7()),
            passkey::account_id.eq(account),
            passkey::name.eq(name),
            passkey::credential_id.eq(&self.credential_id),
            passkey::public_key.eq(&self.public_key),
            passkey::sign_count.eq(i64::from(self.sign_count)),
            passkey::created_at.eq(now),
        );
        diesel::insert_into(passkey::table).values(values).execute(conn).map(|_| ())
    }
}

impl Passkey {
    /// Those of an account, the oldest first.
    pub fn of(conn: &mut PgConnection, account: Uuid) -> QueryResult<Vec<Self>> {
        let own = passkey::table.filter(passkey::account_id.eq(account));
        own.order((passkey::created_at, passkey::id)).select(Self::as_select()).load(conn)
    }

    /// One of an account.
    pub fn find(conn: &mut PgConnection, account: Uuid, id: Uuid) -> QueryResult<Self> {
        let own = passkey::table.find(id).filter(passkey::account_id.eq(account));
        own.select(Self::as_select()).first(conn)
    }

    /// By what the authenticator calls it.
    pub fn known_as(conn: &mut PgConnection, credential_id: &[u8]) -> QueryResult<Option<Self>> {
        let known = passkey::table.filter(passkey::credential_id.eq(credential_id));
        known.select(Self::as_select()).first(conn).optional()
    }

    /// Notes that it was used. One that counts must have counted on: if not, there is a copy of it, and it is refused.
    pub fn note_use(&self, conn: &mut PgConnection, sign_count: u32, now: DateTime<Utc>) -> QueryResult<bool> {
        let count = i64::from(sign_count);
        let counts_on = passkey::sign_count.lt(count).or(passkey::sign_count.eq(0));
        let row = passkey::table.find(self.id).filter(counts_on);
        let values = (passkey::sign_count.eq(count), passkey::last_used_at.eq(now));
        diesel::update(row).set(values).execute(conn).map(|noted| noted == 1)
    }

    /// Takes it away.
    pub fn remove(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        diesel::delete(passkey::table.find(self.id)).execute(conn).map(|removed| removed == 1)
    }

    /// Where it is removed.
    pub fn path(&self) -> String {
        format!("/my-account/passkeys/{}/remove", self.id)
    }
}

//! Who a dashboard user is at the provider.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use uuid::Uuid;

use crate::schema::openid_identity;

/// By the provider's own key, which it never gives to anyone else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Which provider.
    pub issuer: String,
    /// Who there.
    pub subject: String,
}

impl Identity {
    /// Whose it is here.
    pub fn account(&self, conn: &mut PgConnection) -> QueryResult<Option<Uuid>> {
        let row = openid_identity::table.find((&self.issuer, &self.subject));
        row.select(openid_identity::account_id).first(conn).optional()
    }

    /// Links it; false: it is linked already, or the account is to someone else there.
    pub fn link(&self, conn: &mut PgConnection, account: Uuid, now: DateTime<Utc>) -> QueryResult<bool> {
        let values = (
            openid_identity::issuer.eq(&self.issuer),
            openid_identity::subject.eq(&self.subject),
            openid_identity::account_id.eq(account),
            openid_identity::linked_at.eq(now),
        );
        let insert = diesel::insert_into(openid_identity::table).values(values).on_conflict_do_nothing();
        insert.execute(conn).map(|linked| linked == 1)
    }
}

/// Since when an account is linked to someone there; none: it is not.
pub fn linked_since(conn: &mut PgConnection, account: Uuid, issuer: &str) -> QueryResult<Option<DateTime<Utc>>> {
    of(account, issuer).select(openid_identity::linked_at).first(conn).optional()
}

/// Whether an account is linked to anyone there.
pub fn is_linked(conn: &mut PgConnection, account: Uuid, issuer: &str) -> QueryResult<bool> {
    diesel::select(exists(of(account, issuer))).get_result(conn)
}

/// Takes the link away; false: there was none.
pub fn unlink(conn: &mut PgConnection, account: Uuid, issuer: &str) -> QueryResult<bool> {
    diesel::delete(of(account, issuer)).execute(conn).map(|gone| gone > 0)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of<'a>(account: Uuid, issuer: &'a str) -> _ {
    let own = openid_identity::account_id.eq(account);
    let there = openid_identity::issuer.eq(issuer);
    openid_identity::table.filter(own).filter(there)
}

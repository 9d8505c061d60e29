//! Entries of the log, the latest first.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::changes::{self, FieldChange};
use super::verify::hex;
use crate::members::Sight;
use crate::schema::{account, audit_entry};
use crate::settings::Organisation;
use crate::web::Keyset;

/// Rows of a page.
pub const PAGE: usize = 50;

/// What was acted on, by the words that entries use for it: the kind and what it is called on the screen.
pub const KINDS: [(&str, &str); 9] = [
    ("account", "Dashboard users"),
    ("campaign", "Campaigns"),
    ("channel", "Channels"),
    ("group", "User groups"),
    ("member", "Members"),
    ("setting", "Settings"),
    ("api_key", "API keys"),
    ("webhook", "Webhooks"),
    ("sign_in", "Failed sign-ins"),
];

/// An entry as the log tells it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_entry)]
pub struct EntryRow {
    /// Its place in the chain.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// "campaign published".
    pub action: String,
    /// "campaign".
    pub subject_kind: String,
    /// Its key.
    pub subject_id: String,
    /// Its name then.
    pub subject_name: String,
    /// Values before.
    pub before: Option<Value>,
    /// Values after.
    pub after: Option<Value>,
    hash: Vec<u8>,
    /// From where; empty: the program itself, or written before addresses were kept.
    pub address: String,
}

impl EntryRow {
    /// The entry with this number.
    pub fn find(conn: &mut PgConnection, id: i64) -> QueryResult<Self> {
        audit_entry::table.find(id).select(Self::as_select()).first(conn)
    }

    /// What it changed.
    pub fn changes(&self, organisation: &Organisation, sight: Sight) -> Vec<FieldChange> {
        changes::between(self.before.as_ref(), self.after.as_ref(), (organisation, sight))
    }

    /// Its link of the chain, 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        hex(&self.hash)
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/settings/audit-log/{}", self.id)
    }

    /// The page of what was acted on, where there is one.
    pub fn subject_path(&self) -> Option<String> {
        let id = self.subject_id.parse::<i64>().ok();
        match (self.subject_kind.as_str(), id) {
            ("group", Some(id)) => Some(format!("/settings/user-groups/{id}")),
            ("campaign", Some(id)) => Some(format!("/campaigns/{id}")),
            ("member", Some(id)) => Some(format!("/user-support/{id}")),
            _ => None,
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Part of a name, an act or an address.
    pub text: Option<String>,
    /// One dashboard user.
    pub account: Option<Uuid>,
    /// One kind of subject.
    pub kind: Option<String>,
    /// From this moment.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

impl EntryFilter {
    /// A page's rows and one more, in the keyset's direction.
    pub fn rows(&self, conn: &mut PgConnection, keyset: &Keyset, size: usize) -> QueryResult<Vec<EntryRow>> {
        let key = keyset.key().and_then(|key| key.parse::<i64>().ok());
        let mut query = self.query().select(EntryRow::as_select()).limit(size as i64 + 1);
        query = match (keyset.is_backwards(), key) {
            (true, Some(key)) => query.filter(audit_entry::id.gt(key)).order(audit_entry::id.asc()),
            (true, None) => query.order(audit_entry::id.asc()),
            (false, Some(key)) => query.filter(audit_entry::id.lt(key)).order(audit_entry::id.desc()),
            (false, None) => query.order(audit_entry::id.desc()),
        };
        query.load(conn)
    }

    fn query(&self) -> audit_entry::BoxedQuery<'_, Pg> {
        let mut query = audit_entry::table.into_boxed();
        if let Some(text) = &self.text {
            let pattern = format!("%{}%", text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"));
            query = query.filter(
                audit_entry::subject_name
                    .ilike(pattern.clone())
                    .or(audit_entry::action.ilike(pattern.clone()))
                    .or(audit_entry::actor.ilike(pattern.clone()))
                    .or(audit_entry::address.ilike(pattern)),
            );
        }
        if let Some(account) = self.account {
            query = query.filter(audit_entry::account_id.eq(account));
        }
        if let Some(kind) = &self.kind {
            query = query.filter(audit_entry::subject_kind.eq(kind));
        }
        if let Some(from) = self.from {
            query = query.filter(audit_entry::at.ge(from));
        }
        if let Some(until) = self.until {
            query = query.filter(audit_entry::at.lt(until));
        }
        query
    }
}

/// Dashboard users, to choose from: key and name.
pub fn accounts(conn: &mut PgConnection) -> QueryResult<Vec<(Uuid, String)>> {
    account::table.order((account::name, account::id)).select((account::id, account::name)).load(conn)
}

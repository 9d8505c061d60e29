//! Who did what: a hash-chained log, written within the caller's transaction.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{PgConnection, QueryResult, RunQueryDsl, sql_query};
use serde_json::Value;
use uuid::Uuid;

use crate::db::Kept;

/// Who acts.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The dashboard user, if it is one.
    pub account_id: Option<Uuid>,
    /// As it shall be read in ten years: "Ada Adams <ada@example.com>".
    pub name: String,
    /// From where: the address of the request; empty for the program itself.
    pub address: String,
}

impl Actor {
    /// The same, acting from this address.
    pub fn from(self, address: &str) -> Self {
        Self { address: address.to_owned(), ..self }
    }

    /// The program itself, at the command line or as worker.
    pub fn program(name: &str) -> Self {
        Self { account_id: None, name: name.to_owned(), address: String::new() }
    }
}

/// What was acted on: its kind ("group", "member", "campaign", …), key and name.
#[derive(Debug, Clone)]
pub struct Subject {
    /// "group", "member", "campaign", "setting", "account", "session", …
    pub kind: &'static str,
    /// Its key as text.
    pub id: String,
    /// Its name at that time.
    pub name: String,
}

impl Subject {
    /// A subject.
    pub fn new(kind: &'static str, id: impl ToString, name: impl Into<String>) -> Self {
        Self { kind, id: id.to_string(), name: name.into() }
    }
}

/// What happened, in the past tense ("group added"), and the values before and after.
#[derive(Debug, Clone)]
pub struct Change {
    /// "group added", "campaign published", …
    pub action: &'static str,
    /// Values before, if there were any.
    pub before: Option<Value>,
    /// Values after, if there are any.
    pub after: Option<Value>,
}

/// Appends an entry. Call it last in a transaction: until the commit, other writers of the log wait.
pub fn append(
    conn: &mut PgConnection,
    actor: &Actor,
    now: DateTime<Utc>,
    subject: &Subject,
    change: &Change,
) -> QueryResult<()> {
    Kept(
        sql_query("SELECT append_audit_entry($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind::<Timestamptz, _>(now)
            .bind::<Nullable<SqlUuid>, _>(actor.account_id)
            .bind::<Text, _>(&actor.name)
            .bind::<Text, _>(change.action)
            .bind::<Text, _>(subject.kind)
            .bind::<Text, _>(&subject.id)
            .bind::<Text, _>(&subject.name)
            .bind::<Nullable<Jsonb>, _>(change.before.clone().map(without_zeros))
            .bind::<Nullable<Jsonb>, _>(change.after.clone().map(without_zeros))
            .bind::<Text, _>(&actor.address),
    )
    .execute(conn)
    .map(|_| ())
}

/// What a visitor sent may stand among the values; the database stores no zero byte.
fn without_zeros(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "")),
        Value::Array(values) => Value::Array(values.into_iter().map(without_zeros).collect()),
        Value::Object(fields) => Value::Object(
            fields.into_iter().map(|(key, value)| (key.replace('\0', ""), without_zeros(value))).collect(),
        ),
        other => other,
    }
}

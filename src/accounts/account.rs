//! Dashboard users.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::schema::account;

/// What a dashboard user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Admin,
    /// All but dashboard users, channels and API keys.
    Marketer,
    /// Overview, User support, members to read.
    Support,
}

impl Role {
    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Marketer => "marketer",
            Self::Support => "support",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Marketer => "Marketer",
            Self::Support => "Support",
        }
    }

    /// The role with this key.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Admin, Self::Marketer, Self::Support].into_iter().find(|role| role.key() == key)
    }
}

/// A dashboard user about to be.
#[derive(Insertable)]
#[diesel(table_name = account)]
pub struct NewAccount {
    /// Key.
    pub id: Uuid,
    /// Lower case; signs in with it.
    pub email: String,
    /// As shown to colleagues.
    pub name: String,
    /// `Role::key`.
    pub role: String,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl NewAccount {
    /// Stores it; the constraint `account_email_key` refuses a second one with this e-mail.
    pub fn insert(self, conn: &mut PgConnection) -> QueryResult<()> {
        diesel::insert_into(account::table).values(self).execute(conn).map(|_| ())
    }
}

/// What sign-in needs to know of a dashboard user.
#[derive(Queryable)]
pub struct Credentials {
    /// Key.
    pub id: Uuid,
    /// As shown to colleagues.
    pub name: String,
    /// Signs in with it.
    pub email: String,
    /// `Role::key`.
    pub role: String,
    /// argon2id, PHC string.
    pub password_hash: String,
}

impl Credentials {
    /// Of the active dashboard user with this e-mail (lower case).
    pub fn find(conn: &mut PgConnection, email: &str) -> QueryResult<Option<Self>> {
        account::table
            .filter(account::email.eq(email).and(account::disabled_at.is_null()))
            .select((account::id, account::name, account::email, account::role, account::password_hash))
            .first(conn)
            .optional()
    }
}

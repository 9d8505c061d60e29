//! Dashboard users.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::Subject;
use crate::schema::account;
use crate::sessions::SignedIn;

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
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

impl Role {
    /// All, the mightiest first.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Marketer, Self::Support];

    /// What it may do, in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Admin => "Everything.",
            Self::Marketer => "Campaigns, groups and members; not dashboard users, channels and API keys.",
            Self::Support => "Overview and User support; reads members.",
        }
    }

    /// Whether those who get it see members' phone numbers and e-mail addresses where nothing else was said: Support
    /// asks for them on the phone, campaigns are made without them.
    pub fn sees_personal_data(self) -> bool {
        self != Self::Marketer
    }
}

/// A dashboard user.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = account)]
pub struct Account {
    /// Key.
    pub id: Uuid,
    /// Signs in with it.
    pub email: String,
    /// As shown to colleagues.
    pub name: String,
    role: String,
    /// Since when they cannot sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// The last time.
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// Whether this one needs a second factor, whatever holds for all.
    pub requires_second_factor: bool,
    /// Since when an authenticator app is asked.
    pub totp_since: Option<DateTime<Utc>>,
    /// Whether they see members' phone numbers and e-mail addresses; Admins do, whatever it says.
    pub sees_personal_data: bool,
}

impl Account {
    /// With this key.
    pub fn find(conn: &mut PgConnection, id: Uuid) -> QueryResult<Self> {
        account::table.find(id).select(Self::as_select()).first(conn)
    }

    /// The same, and until the transaction ends nobody else changes it.
    pub fn lock(conn: &mut PgConnection, id: Uuid) -> QueryResult<Self> {
        account::table.find(id).select(Self::as_select()).for_update().first(conn)
    }

    /// What they may do; an unknown role may do least.
    pub fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or(Role::Support)
    }

    /// Whether they see members' phone numbers and e-mail addresses as they are.
    pub fn may_see_personal_data(&self) -> bool {
        self.role() == Role::Admin || self.sees_personal_data
    }

    /// Where they are edited.
    pub fn path(&self) -> String {
        format!("/settings/dashboard-users/{}", self.id)
    }

    /// For the audit log.
    pub fn subject(&self) -> Subject {
        Subject::new("account", self.id, format!("{} <{}>", self.name, self.email))
    }

    /// For the audit log.
    pub fn values(&self) -> Value {
        json!({
            "name": self.name,
            "role": self.role,
            "requires_second_factor": self.requires_second_factor,
            "may_see_personal_data": self.may_see_personal_data(),
            "disabled": self.disabled_at.is_some(),
        })
    }
}

/// Ends all sign-ins of a dashboard user, those that wait for a second factor and those that a reset link would bring
/// too; but for the session `kept`. One that is under way finds another generation, and leaves no session.
pub fn end_sessions(conn: &mut PgConnection, id: Uuid, kept: Option<Uuid>) -> QueryResult<usize> {
    use crate::schema::{password_reset, pending_sign_in, session};
    // the account before all that is its own: whoever signs in takes the rows in the same order
    diesel::update(account::table.find(id)).set(account::generation.eq(account::generation + 1)).execute(conn)?;
    diesel::delete(pending_sign_in::table.filter(pending_sign_in::account_id.eq(id))).execute(conn)?;
    diesel::delete(password_reset::table.filter(password_reset::account_id.eq(id))).execute(conn)?;
    let others = session::id.ne(kept.unwrap_or_default());
    diesel::delete(session::table.filter(session::account_id.eq(id).and(others))).execute(conn)
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
    /// Whether they see members' phone numbers and e-mail addresses.
    pub sees_personal_data: bool,
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
#[derive(Queryable, Selectable)]
#[diesel(table_name = account)]
pub struct Credentials {
    /// Key.
    pub id: Uuid,
    /// As shown to colleagues.
    pub name: String,
    /// Signs in with it.
    pub email: String,
    /// `Role::key`.
    pub role: String,
    /// argon2id, PHC string; none: signs in by another way.
    pub password_hash: Option<String>,
    /// Of all that lets them in: another one, and what was read is no longer so.
    pub generation: i64,
}

impl Credentials {
    /// Of the active dashboard user with this e-mail (lower case).
    pub fn find(conn: &mut PgConnection, email: &str) -> QueryResult<Option<Self>> {
        let active = account::email.eq(email).and(account::disabled_at.is_null());
        account::table.filter(active).select(Self::as_select()).first(conn).optional()
    }

    /// Of the active dashboard user with this key.
    pub fn of(conn: &mut PgConnection, id: Uuid) -> QueryResult<Option<Self>> {
        let active = account::id.eq(id).and(account::disabled_at.is_null());
        account::table.filter(active).select(Self::as_select()).first(conn).optional()
    }

    /// Whether all is as it was read, and until the transaction ends stays so. First in its transaction, before anything
    /// else that belongs to the account.
    pub fn hold(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let same = account::generation.eq(self.generation).and(account::disabled_at.is_null());
        let row = account::table.find(self.id).filter(same).select(account::id).for_no_key_update();
        row.first::<Uuid>(conn).optional().map(|held| held.is_some())
    }

    /// For the session, messages and the audit log.
    pub fn signed_in(&self) -> SignedIn {
        let mut who = SignedIn::new(self.id, self.name.clone(), self.email.clone(), &self.role);
        who.generation = self.generation;
        who
    }
}

//! API keys: what a program shows to be let in. Only their SHA-256 is stored: a key has 192 random bits, so that nothing
//! slower is needed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use rand::RngExt;
use sha2::{Digest, Sha256};

use crate::audit::Actor;
use crate::ids::MemberId;
use crate::schema::api_key;

/// What every key begins with: found by scanners for secrets, and told from tokens of apps.
pub const PREFIX: &str = "mk_";

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Tills: look up, reserve, validate, reverse.
    Pos,
    /// The back office, reading only.
    OfficeRead,
    /// The back office.
    Office,
}

impl Scope {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Pos, Self::OfficeRead, Self::Office];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pos => "pos",
            Self::OfficeRead => "office_read",
            Self::Office => "office",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pos => "Tills",
            Self::OfficeRead => "Back office, reading",
            Self::Office => "Back office",
        }
    }

    /// The scope with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.key() == key)
    }
}

/// A key that is known and works now.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_key)]
pub struct ApiKey {
    /// Key of its row.
    pub id: i64,
    /// "Till 3".
    pub name: String,
    #[diesel(column_name = scope)]
    scope_key: String,
    /// The shop it stands in; empty: none.
    pub shop: String,
    /// When it was last noted that it was used.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ApiKey {
    /// A new key, as it is shown once.
    pub fn random_text() -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 24]>()))
    }

    /// What is stored of it.
    pub fn hash(text: &str) -> Vec<u8> {
        Sha256::digest(text.as_bytes()).to_vec()
    }

    /// Its last characters, to tell keys apart.
    pub fn hint(text: &str) -> String {
        text.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect()
    }

    /// The key with this text, if it works now: the present one, or the one before within its overlap.
    pub fn find(conn: &mut PgConnection, text: &str, now: DateTime<Utc>) -> QueryResult<Option<Self>> {
        let hash = Self::hash(text);
        let before =
            api_key::old_key_hash.eq(hash.clone()).assume_not_null().and(api_key::old_until.gt(now).assume_not_null());
        api_key::table
            .filter(api_key::revoked_at.is_null())
            .filter(api_key::key_hash.eq(hash).or(before))
            .select(Self::as_select())
            .first(conn)
            .optional()
    }

    /// What it is for; an unknown scope may do least.
    pub fn scope(&self) -> Scope {
        Scope::parse(&self.scope_key).unwrap_or(Scope::OfficeRead)
    }

    /// As the audit log names it.
    pub fn actor(&self, address: &str) -> Actor {
        Actor::program(&format!("API key “{}”", self.name)).from(address)
    }
}

/// Whose request it is, for what is kept per caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A program with a key.
    Key(i64),
    /// A member's native app.
    Member(MemberId),
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key {id}"),
            Self::Member(id) => write!(f, "member {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_random_and_only_their_hash_is_kept() {
        let (one, other) = (ApiKey::random_text(), ApiKey::random_text());
        assert_ne!(one, other);
        assert!(one.starts_with("mk_") && one.len() == 35);
        assert!(one.ends_with(&ApiKey::hint(&one)) && ApiKey::hint(&one).len() == 4);
        assert_ne!(ApiKey::hash(&one), ApiKey::hash(&other));
    }
}

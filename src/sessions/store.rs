//! Sessions as rows, so that any number of servers share them and any of them can be ended.
//! The cookie holds the key, the row only its hash: who reads the database cannot sign in with it.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError, generate_session_key};
use actix_web::cookie::time::Duration;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::device::Device;
use super::found::{self, Found};
use super::new_session::NewSession;
use super::visitor::{SignedIn, SignedInMember};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;
use crate::schema::{member, session};

/// The key under which a session's state holds who is signed in.
pub(super) const WHO: &str = "who";
/// And what they signed in from: stored with a new session, never read back into its state.
pub(super) const DEVICE: &str = "device";

/// Whose sessions a store keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Dashboard users.
    Dashboard,
    /// Members, in the app.
    App,
}

/// A store for actix-session on diesel.
#[derive(Clone)]
pub struct SessionRows {
    db: Db,
    clock: Clock,
    audience: Audience,
}

type State = HashMap<String, String>;

impl SessionRows {
    /// Sessions of one audience.
    pub fn new(db: Db, clock: Clock, audience: Audience) -> Self {
        Self { db, clock, audience }
    }

    /// A new row, unless what the account signed in with is no longer so: then the key opens nothing.
    async fn insert(&self, key: &str, mut state: State, ttl: &Duration) -> Result<(), AppError> {
        let who = state.remove(WHO).unwrap_or_default();
        let device: Device = serde_json::from_str(&state.remove(DEVICE).unwrap_or_default()).unwrap_or_default();
        let now = self.clock.now();
        let row = NewSession {
            key_hash: hash(key),
            account: serde_json::from_str::<SignedIn>(&who).ok().map(|account| (account.id, account.generation)),
            member: serde_json::from_str::<SignedInMember>(&who).ok().map(|member| member.id),
            state: json!(state),
            device,
            now,
            expires_at: now + chrono::Duration::seconds(ttl.whole_seconds()),
        };
        let inserted = self
            .db
            .write(move |conn| -> Result<_, AppError> {
                let inserted = row.insert(conn)?;
                // after the account's row was taken, as everywhere
                diesel::delete(session::table.filter(session::expires_at.lt(now))).execute(conn)?;
                Ok(inserted)
            })
            .await?;
        if !inserted {
            tracing::info!("a sign-in came to nothing: the account was changed meanwhile");
        }
        Ok(())
    }

    /// What a session holds beside who it is. One that was ended meanwhile stays ended.
    async fn change(&self, key: &str, mut state: State, ttl: &Duration) -> Result<(), AppError> {
        state.remove(WHO);
        state.remove(DEVICE);
        let (key, until) = (hash(key), self.clock.now() + chrono::Duration::seconds(ttl.whole_seconds()));
        self.db
            .write(move |conn| {
                let values = (session::state.eq(json!(state)), session::expires_at.eq(until));
                diesel::update(session::table.find(key)).set(values).execute(conn)?;
                Ok(())
            })
            .await
    }
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

fn member_state(conn: &mut PgConnection, key: Vec<u8>, now: DateTime<Utc>) -> QueryResult<Option<(Value, String)>> {
    let found = session::table
        .filter(session::key_hash.eq(key).and(session::expires_at.gt(now)))
        .inner_join(member::table.on(session::member_id.eq(member::id.nullable())))
        .select((session::state, (member::id, member::name)))
        .first::<(Value, SignedInMember)>(conn)
        .optional()?;
    Ok(found.map(|(state, who)| (state, json!(who).to_string())))
}

impl SessionRows {
    async fn found(&self, key: Vec<u8>) -> Result<Option<(Value, String)>, AppError> {
        let now = self.clock.now();
        if self.audience == Audience::App {
            return self.db.read(move |conn| Ok(member_state(conn, key, now)?)).await;
        }
        let (found, key) =
            self.db.read(move |conn| -> Result<_, AppError> { Ok((Found::with(conn, &key, now)?, key)) }).await?;
        let Some(found) = found else { return Ok(None) };
        if found.is_to_be_noted(now) {
            self.db.write(move |conn| -> Result<_, AppError> { Ok(found::note(conn, &key, now)?) }).await?;
        }
        let who = json!(found.who()).to_string();
        Ok(Some((found.state, who)))
    }
}

impl SessionStore for SessionRows {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let found = self.found(hash(key.as_ref())).await;
        let Some((state, who)) = found.map_err(|error| LoadError::Other(error.into()))? else { return Ok(None) };
        let mut state: State =
            serde_json::from_value(state).map_err(|error| LoadError::Deserialization(error.into()))?;
        state.insert(WHO.to_owned(), who);
        Ok(Some(state))
    }

    async fn save(&self, state: State, ttl: &Duration) -> Result<SessionKey, SaveError> {
        let key = generate_session_key();
        self.insert(key.as_ref(), state, ttl).await.map_err(|error| SaveError::Other(error.into()))?;
        Ok(key)
    }

    async fn update(&self, key: SessionKey, state: State, ttl: &Duration) -> Result<SessionKey, UpdateError> {
        self.change(key.as_ref(), state, ttl).await.map_err(|error| UpdateError::Other(error.into()))?;
        Ok(key)
    }

    async fn update_ttl(&self, key: &SessionKey, ttl: &Duration) -> Result<(), anyhow::Error> {
        let (hash, until) = (hash(key.as_ref()), self.clock.now() + chrono::Duration::seconds(ttl.whole_seconds()));
        self.db
            .write(move |conn| -> Result<(), AppError> {
                diesel::update(session::table.find(hash)).set(session::expires_at.eq(until)).execute(conn)?;
                Ok(())
            })
            .await?;
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let hash = hash(key.as_ref());
        self.db
            .write(move |conn| -> Result<(), AppError> {
                diesel::delete(session::table.find(hash)).execute(conn)?;
                Ok(())
            })
            .await?;
        Ok(())
    }
}

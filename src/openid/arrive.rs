//! Whom someone who comes from the provider is here, and what they may do.

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::args::OpenIdConfig;
use super::callback::address;
use super::claims::Claims;
use super::identity::Identity;
use super::refused::{NotIn, Refused};
use crate::Muster;
use crate::accounts::notice::Notice;
use crate::accounts::{Account, Credentials, LinkToken, Role, factor};
use crate::audit::{self, Actor, Change, Subject};
use crate::error::AppError;
use crate::schema::account;
use crate::sessions::arrival::{Arrival, Origin};
use crate::sessions::failed::{Failed, Whose, Why};
use crate::sessions::pending::{First, Pending};

/// What comes next.
pub enum Step {
    /// They are in.
    Arrived(Box<Arrival>),
    /// Their second factor here is asked too.
    SecondFactor(LinkToken),
}

/// Someone at the provider, about to be someone here.
struct Newcomer<'a> {
    config: &'a OpenIdConfig,
    claims: Claims,
    identity: Identity,
    actor: Actor,
    organisation: String,
    now: DateTime<Utc>,
}

/// Signs in, or says why not; both are on record.
pub async fn arrive(req: &HttpRequest, muster: &Muster, claims: Claims) -> Result<Step, NotIn> {
    let Some(provider) = muster.openid.clone() else { return Err(AppError::NotFound.into()) };
    let identity = identity(provider.config(), &claims);
    let (organisation, now) = (muster.organisation.get().name.clone(), muster.clock.now());
    let actor = Actor::program("OpenID Connect").from(&address(req));
    let (origin, again, sought) = (Origin::of(req), muster.clone(), identity.clone());
    let arrived = muster.db.write(move |conn| {
        let config = provider.config();
        let newcomer = Newcomer { config, claims, identity, actor, organisation, now };
        let found = newcomer.account(conn)?;
        if factor::is_there(conn, found.id)? {
            return Ok(Step::SecondFactor(Pending::begin(conn, found.id, First::OpenId, now)?));
        }
        let arrival = Arrival::from(origin, &again, found.signed_in(), First::OpenId.words());
        arrival.record(conn)?;
        Ok(Step::Arrived(Box::new(arrival)))
    });
    let arrived = arrived.await;
    if matches!(arrived, Err(NotIn::Refused(_))) {
        note(req, muster, Some(sought)).await?;
    }
    arrived
}

/// Counts a sign-in that came to nothing.
pub(super) async fn note(req: &HttpRequest, muster: &Muster, identity: Option<Identity>) -> Result<(), AppError> {
    let (address, now) = (address(req), muster.clock.now());
    muster
        .db
        .write(move |conn| {
            let account = identity.map(|identity| identity.account(conn)).transpose()?.flatten();
            let whose = account.map_or(Whose::Nobody, Whose::Account);
            Ok(Failed { whose, why: Why::OpenId, address, now }.note(conn)?)
        })
        .await
}

/// As it is stored.
pub(super) fn identity(config: &OpenIdConfig, claims: &Claims) -> Identity {
    Identity { issuer: config.issuer.as_str().to_owned(), subject: claims.subject().to_owned() }
}

impl Newcomer<'_> {
    /// The account, held as it is, with the role that the provider gives.
    fn account(&self, conn: &mut PgConnection) -> Result<Credentials, NotIn> {
        let role = match &self.config.roles {
            Some(roles) => Some(roles.role(self.claims.json()).ok_or(Refused::NoRole)?),
            None => None,
        };
        let id = match self.identity.account(conn)? {
            Some(id) => id,
            None => self.first_time(conn, role)?,
        };
        let found = Credentials::of(conn, id)?.ok_or(Refused::Disabled)?;
        if !found.hold(conn)? {
            return Err(Refused::Disabled.into());
        }
        match role {
            Some(role) if found.role != role.key() => self.give(conn, id, role)?,
            _ => return Ok(found),
        }
        // with the new role
        Ok(Credentials::of(conn, id)?.ok_or(Refused::Disabled)?)
    }

    /// Nobody here is linked to them yet.
    fn first_time(&self, conn: &mut PgConnection, role: Option<Role>) -> Result<Uuid, NotIn> {
        let email = self.claims.verified_email().ok_or(Refused::Unverified)?;
        let row = account::table.filter(account::email.eq(&email)).select((account::id, account::disabled_at));
        let there: Option<(Uuid, Option<DateTime<Utc>>)> = row.first(conn).optional()?;
        match there {
            Some((_, Some(_))) => Err(Refused::Disabled.into()),
            Some(_) if !self.config.link_by_email => Err(Refused::EmailTaken.into()),
            Some((id, None)) => self.link(conn, id, &email),
            None => match role.filter(|_| self.config.new_users) {
                Some(role) => self.make(conn, &email, role),
                None => Err(Refused::Unknown.into()),
            },
        }
    }

    fn link(&self, conn: &mut PgConnection, id: Uuid, email: &str) -> Result<Uuid, NotIn> {
        if !self.identity.link(conn, id, self.now)? {
            return Err(Refused::EmailTaken.into());
        }
        let what = "Your organisation’s sign-in was linked to your account, by your e-mail address.";
        Notice::changed(&self.organisation, what).to(email, self.now).insert(conn)?;
        self.append(
            conn,
            id,
            email,
            Change { action: "sign-in linked", before: None, after: Some(json!({ "by": "e-mail" })) },
        )?;
        Ok(id)
    }

    fn make(&self, conn: &mut PgConnection, email: &str, role: Role) -> Result<Uuid, NotIn> {
        let (id, name) = (Uuid::now_v7(), self.claims.name(email));
        let values = (
            account::id.eq(id),
            account::email.eq(email),
            account::name.eq(&name),
            account::role.eq(role.key()),
            account::sees_personal_data.eq(role.sees_personal_data()),
            account::created_at.eq(self.now),
        );
        let made = diesel::insert_into(account::table).values(values).on_conflict_do_nothing().execute(conn)?;
        // someone else was quicker, or they themself in another window
        if made == 0 || !self.identity.link(conn, id, self.now)? {
            return Err(Refused::Over.into());
        }
        let after = json!({ "name": name, "role": role.key() });
        self.append(conn, id, email, Change { action: "dashboard user joined", before: None, after: Some(after) })?;
        Ok(id)
    }

    /// The rule of the last Admin holds against the provider too.
    fn give(&self, conn: &mut PgConnection, id: Uuid, role: Role) -> Result<(), NotIn> {
        let before = Account::find(conn, id)?;
        // in a transaction of its own inside ours: that it is refused does not end ours
        let given = conn.transaction(|conn| {
            let row = diesel::update(account::table.find(id)).set(account::role.eq(role.key()));
            row.returning(Account::as_returning()).get_result(conn)
        });
        let after = given.map_err(|error| match &error {
            diesel::result::Error::DatabaseError(_, told)
                if told.constraint_name() == Some("account_last_admin_check") =>
            {
                NotIn::from(Refused::LastAdmin)
            }
            _ => error.into(),
        })?;
        let change =
            Change { action: "dashboard user changed", before: Some(before.values()), after: Some(after.values()) };
        Ok(audit::append(conn, &self.actor, self.now, &after.subject(), &change)?)
    }

    fn append(&self, conn: &mut PgConnection, id: Uuid, email: &str, change: Change) -> QueryResult<()> {
        audit::append(conn, &self.actor, self.now, &Subject::new("account", id, email), &change)
    }
}

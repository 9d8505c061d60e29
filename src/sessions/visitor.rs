//! Who is signed in, as a session knows it.

use actix_session::{Session, SessionExt};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::future::{Ready, ready};
use uuid::Uuid;

use super::device::Device;
use super::store::{DEVICE, WHO};
use crate::accounts::Role;
use crate::audit::Actor;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::Sight;

/// A signed-in dashboard user, as of this request: a changed role counts at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Key.
    pub id: Uuid,
    /// As shown to colleagues.
    pub name: String,
    /// Signs in with it.
    pub email: String,
    role: String,
    /// Names this session on pages.
    pub session: Uuid,
    /// Whether a second factor is required and missing.
    pub lacks_factor: bool,
    /// The account's when it signed in: the session is made only if it still is.
    #[serde(default)]
    pub generation: i64,
    /// How they see members' phone numbers and e-mail addresses.
    pub sees_personal_data: bool,
}

impl SignedIn {
    /// From what sign-in found.
    pub fn new(id: Uuid, name: String, email: String, role: &str) -> Self {
        Self {
            id,
            name,
            email,
            role: role.to_owned(),
            session: Uuid::nil(),
            lacks_factor: false,
            generation: 0,
            sees_personal_data: false,
        }
    }

    /// What they may do; an unknown role may do least.
    pub fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or(Role::Support)
    }

    /// How they see members' phone numbers and e-mail addresses: the one place where the right is asked.
    pub fn sight(&self) -> Sight {
        if self.sees_personal_data || self.role() == Role::Admin { Sight::Full } else { Sight::Masked }
    }

    /// As the audit log names them.
    pub fn actor(&self) -> Actor {
        Actor { account_id: Some(self.id), name: format!("{} <{}>", self.name, self.email), address: String::new() }
    }

    /// Who is signed in with this request.
    pub fn of(session: &Session) -> Option<Self> {
        session.get(WHO).ok().flatten()
    }

    /// Signs in: a fresh key, so that one planted before is worth nothing.
    pub fn begin(&self, session: &Session, device: &Device) -> Result<(), AppError> {
        begin(session, self)?;
        session.insert(DEVICE, device).map_err(AppError::internal)
    }
}

/// A signed-in member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable)]
pub struct SignedInMember {
    /// Key.
    pub id: MemberId,
    /// Their name.
    pub name: String,
}

impl SignedInMember {
    /// Who is signed in with this request.
    pub fn of(session: &Session) -> Option<Self> {
        session.get(WHO).ok().flatten()
    }

    /// Signs in: a fresh key, so that one planted before is worth nothing.
    pub fn begin(&self, session: &Session) -> Result<(), AppError> {
        begin(session, self)
    }
}

fn begin(session: &Session, who: &impl Serialize) -> Result<(), AppError> {
    session.renew();
    session.insert(WHO, who).map_err(AppError::internal)?;
    session.insert("csrf", crate::web::csrf::random_token()).map_err(AppError::internal)
}

impl FromRequest for SignedInMember {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(&req.get_session()).ok_or(AppError::Forbidden("Sign in first.")))
    }
}

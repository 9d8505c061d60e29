//! Takes up an invitation: the link makes a dashboard user with a password, once.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path, block};
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::account::NewAccount;
use super::invitation::Invitation;
use super::link_token::LinkToken;
use super::password::Password;
use crate::Muster;
use crate::audit::{self, Change, Subject};
use crate::error::AppError;
use crate::sessions::arrival::Arrival;
use crate::sessions::{Device, SignedIn};
use crate::web::text::Line;
use crate::web::{FieldErrors, Form, PageResult, SaveError, VisitorShell, gone, rejected, show};

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AcceptForm {
    name: String,
    password: String,
}

#[derive(Template)]
#[template(path = "accounts/invitation_accept.html")]
struct AcceptPage {
    shell: VisitorShell,
    /// None: the link works no more.
    invitation: Option<Invitation>,
    form: AcceptForm,
    errors: FieldErrors,
}

impl AcceptPage {
    fn over(req: &HttpRequest) -> Self {
        let (form, errors) = (AcceptForm::default(), FieldErrors::new());
        Self { shell: VisitorShell::of(req), invitation: None, form, errors }
    }
}

/// `GET /invitation/{token}`
pub async fn new(req: HttpRequest, muster: Data<Muster>, token: Path<String>) -> PageResult {
    let Some(invitation) = find(&muster, &token).await? else { return gone(&AcceptPage::over(&req)) };
    let form = AcceptForm { name: invitation.name.clone(), ..AcceptForm::default() };
    let (shell, errors) = (VisitorShell::of(&req), FieldErrors::new());
    show(&AcceptPage { shell, invitation: Some(invitation), form, errors })
}

/// `POST /invitation/{token}`
pub async fn create(
    req: HttpRequest,
    (muster, session): (Data<Muster>, Session),
    token: Path<String>,
    form: Form<AcceptForm>,
) -> PageResult {
    let Some(invitation) = find(&muster, &token).await? else { return gone(&AcceptPage::over(&req)) };
    match accept(&req, &muster, &token, &invitation, &form.typed).await {
        Ok(Some(arrival)) => arrival.lead(&muster, &session, "/"),
        Ok(None) => gone(&AcceptPage::over(&req)),
        Err(SaveError::Rejected(errors)) => {
            let (shell, form) = (VisitorShell::of(&req), form.typed);
            rejected(&AcceptPage { shell, invitation: Some(invitation), form, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn find(muster: &Muster, token: &str) -> Result<Option<Invitation>, AppError> {
    let Some(token) = LinkToken::read(token) else { return Ok(None) };
    let now = muster.clock.now();
    muster.db.read(move |conn| Ok(Invitation::of(conn, &token, now)?)).await
}

/// None: the link was used meanwhile.
async fn accept(
    req: &HttpRequest,
    muster: &Muster,
    token: &str,
    invitation: &Invitation,
    form: &AcceptForm,
) -> Result<Option<Arrival>, SaveError> {
    let mut errors = FieldErrors::new();
    let name = errors.take("name", Line::required(&form.name, 80, "Enter your name"));
    let password = errors.take("password", Password::choose(&form.password, &[&invitation.email, &form.name]));
    let (Some(name), Some(password)) = (name, password) else { return Err(errors.into()) };
    let Some(token) = LinkToken::read(token) else { return Ok(None) };
    let (cost, now) = (muster.config.hash_cost, muster.clock.now());
    let hash = block(move || cost.hash(&password)).await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    let (id, address) = (Uuid::now_v7(), Device::of(req).address);
    let who = SignedIn::new(id, name, invitation.email.clone(), invitation.role().key());
    let arrival = Arrival::new(req, muster, who.clone(), "invitation");
    muster
        .db
        .write(move |conn| {
            let Some(taken) = Invitation::take(conn, &token, now)? else { return Ok(None) };
            insert(conn, (&who, &address), &taken, hash, now)?;
            arrival.record(conn)?;
            Ok(Some(arrival))
        })
        .await
}

fn insert(
    conn: &mut PgConnection,
    (who, address): (&SignedIn, &str),
    taken: &Invitation,
    password_hash: String,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), SaveError> {
    let (name, email, role) = (who.name.clone(), taken.email.clone(), taken.role().key());
    let new = NewAccount {
        id: who.id,
        email,
        name,
        role: role.into(),
        password_hash,
        sees_personal_data: taken.sees_personal_data,
        created_at: now,
    };
    let there = "There is a dashboard user with this e-mail address already. Sign in, or reset the password there";
    let inserted = new.insert(conn);
    inserted.map_err(|error| SaveError::from_constraint(error, &[("account_email_key", "name", there)]))?;
    let after = json!({ "name": who.name, "role": role, "invited by": taken.invited_by });
    let change = Change { action: "dashboard user joined", before: None, after: Some(after) };
    Ok(audit::append(
        conn,
        &who.actor().from(address),
        now,
        &Subject::new("account", who.id, who.email.clone()),
        &change,
    )?)
}

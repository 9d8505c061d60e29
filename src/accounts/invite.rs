//! **Invite**: asks someone by e-mail to become a dashboard user.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::account::Role;
use super::invitation::{Invitation, NewInvitation};
use super::link_token::LinkToken;
use crate::Muster;
use crate::audit::{self, Change};
use crate::members::email::Email;
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    pub name: String,
    pub email: String,
    pub role: String,
    pub sees_personal_data: String,
}

#[derive(Template)]
#[template(path = "accounts/invite.html")]
struct InvitePage {
    shell: Shell,
    form: InviteForm,
    errors: FieldErrors,
}

impl InvitePage {
    fn roles(&self) -> [Role; 3] {
        Role::ALL
    }

    fn sees(&self) -> bool {
        self.form.sees_personal_data == "on"
    }
}

/// What is wrong when someone was invited already.
const INVITED: &str = "This address was invited already. Send the link again from the list, or withdraw it there";

/// `GET /settings/dashboard-users/new`
pub async fn new(shell: Shell) -> PageResult {
    let (role, on) = (Role::Support, |yes: bool| if yes { "on".into() } else { String::new() });
    let sees_personal_data = on(role.sees_personal_data());
    let form = InviteForm { role: role.key().into(), sees_personal_data, ..InviteForm::default() };
    show(&InvitePage { shell, form, errors: FieldErrors::new() })
}

/// `POST /settings/dashboard-users/new`
pub async fn create(shell: Shell, muster: Data<Muster>, form: Form<InviteForm>) -> PageResult {
    let form = form.typed;
    match save(&muster, &shell, &form).await {
        Ok(invited) => {
            let text =
                format!("{} is invited. The link went to {} and works for 72 hours.", invited.name, invited.email);
            see_other_with("/settings/dashboard-users", &Flash::success(text))
        }
        Err(SaveError::Rejected(errors)) => rejected(&InvitePage { shell, form, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(muster: &Muster, shell: &Shell, form: &InviteForm) -> Result<Invitation, SaveError> {
    let (new, actor, now) = (form.parse(&shell.account.name)?, shell.actor(), shell.now);
    let (organisation, url) = (shell.organisation.name.clone(), muster.config.public_url.clone());
    muster
        .db
        .write(move |conn| {
            let token = LinkToken::random();
            let inserted = new.insert(conn, &token, now);
            let inserted = inserted
                .map_err(|error| SaveError::from_constraint(error, &[("invitation_email_key", "email", INVITED)]))?;
            let Some(invitation) = inserted else {
                let there = "There is a dashboard user with this e-mail address already";
                return Err(FieldErrors::one("email", there).into());
            };
            invitation.send(conn, (&organisation, &url), &token, now)?;
            let change = Change { action: "dashboard user invited", before: None, after: Some(invitation.values()) };
            audit::append(conn, &actor, now, &invitation.subject(), &change)?;
            Ok(invitation)
        })
        .await
}

impl InviteForm {
    fn parse(&self, invited_by: &str) -> Result<NewInvitation, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.take("name", Line::required(&self.name, 80, "Enter their name"));
        let email = errors.take("email", Email::parse(&self.email));
        let role = errors.take("role", Role::parse(&self.role).ok_or("Choose a role"));
        match (name, email, role) {
            (Some(name), Some(email), Some(role)) => {
                let sees_personal_data = self.sees_personal_data == "on";
                Ok(NewInvitation {
                    name,
                    email: email.as_str().into(),
                    role,
                    invited_by: invited_by.into(),
                    sees_personal_data,
                })
            }
            _ => Err(errors),
        }
    }
}

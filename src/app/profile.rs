//! **Profile**: name, contacts, consents.

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;

use super::contact_change::{self, Change};
use crate::channels::push::Subscription;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::consent::{ConsentSource, Consents, set_consents};
use crate::members::{email::Email, phone::Phone};
use crate::memberships::membership::lock_member;
use crate::schema::member;
use crate::serve::Muster;
use crate::sessions::SignedInMember;
use crate::web::filters;
use crate::web::text::Line;
use crate::web::{
    Address, FieldErrors, Flash, Form, MemberShell, PageResult, SaveError, rejected, see_other_with, show,
};

/// As typed.
#[derive(Debug, Default, Deserialize)]
pub struct ProfileForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    sms_consent: String,
    #[serde(default)]
    email_consent: String,
    #[serde(default)]
    push_consent: String,
}

/// What the member typed, read.
struct Profile {
    name: String,
    phone: Option<Phone>,
    email: Option<Email>,
    consents: Consents,
}

#[derive(Template)]
#[template(path = "app/profile.html")]
struct ProfilePage {
    shell: MemberShell,
    form: ProfileForm,
    errors: FieldErrors,
    /// Those that take notifications.
    devices: Vec<Subscription>,
}

impl ProfileForm {
    fn of(conn: &mut PgConnection, id: MemberId) -> QueryResult<Self> {
        let (name, phone, email, consents): (String, Option<String>, Option<String>, (bool, bool, bool)) =
            member::table
                .find(id)
                .select((
                    member::name,
                    member::phone,
                    member::email,
                    (member::sms_consent, member::email_consent, member::push_consent),
                ))
                .first(conn)?;
        let ticked = |on: bool| if on { "on".to_owned() } else { String::new() };
        Ok(Self {
            name,
            phone: phone.as_deref().map(crate::members::phone::display_phone).unwrap_or_default(),
            email: email.unwrap_or_default(),
            sms_consent: ticked(consents.0),
            email_consent: ticked(consents.1),
            push_consent: ticked(consents.2),
        })
    }

    fn parse(&self, region: &str) -> Result<Profile, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.take("name", Line::required(&self.name, 120, "Enter your name"));
        let phone = optional(&self.phone, |raw| Phone::parse(raw, region));
        let phone = errors.take("phone", phone);
        let email = errors.take("email", optional(&self.email, Email::parse));
        if self.phone.trim().is_empty() && self.email.trim().is_empty() {
            errors.add("phone", "Enter a phone number or an e-mail address: you sign in with it");
        }
        match (name, phone, email) {
            (Some(name), Some(phone), Some(email)) if errors.is_empty() => Ok(Profile {
                name,
                phone,
                email,
                consents: Consents {
                    sms: self.sms_consent == "on",
                    email: self.email_consent == "on",
                    push: self.push_consent == "on",
                },
            }),
            _ => Err(errors),
        }
    }
}

fn optional<T>(raw: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if raw.trim().is_empty() { Ok(None) } else { parse(raw).map(Some) }
}

/// `GET /app/profile`
pub async fn edit(shell: MemberShell, who: SignedInMember, db: Db) -> PageResult {
    let found = db.read(move |conn| -> Result<_, AppError> {
        Ok((ProfileForm::of(conn, who.id)?, Subscription::of_member(conn, who.id)?))
    });
    let (form, devices) = found.await?;
    show(&ProfilePage { shell, form, errors: FieldErrors::new(), devices })
}

/// `POST /app/profile`
pub async fn update(
    shell: MemberShell,
    (who, address): (SignedInMember, Address),
    muster: Data<Muster>,
    Form { typed: form, .. }: Form<ProfileForm>,
) -> PageResult {
    match save(&shell, &muster, who.id, &form, address).await {
        Ok(None) => see_other_with("/app/profile", &Flash::success("Profile saved.")),
        Ok(Some(change)) => contact_change::ask(&muster, &change),
        Err(SaveError::Rejected(errors)) => {
            let devices =
                muster.db.read(move |conn| -> Result<_, AppError> { Ok(Subscription::of_member(conn, who.id)?) });
            let devices = devices.await?;
            rejected(&ProfilePage { shell, form, errors, devices })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// Saves all but a new phone number or e-mail address, which has to be confirmed first.
async fn save(
    shell: &MemberShell,
    muster: &Muster,
    id: MemberId,
    form: &ProfileForm,
    Address(address): Address,
) -> Result<Option<Change>, SaveError> {
    let profile = form.parse(&shell.organisation.phone_region)?;
    let (now, organisation, secret) = (shell.now, shell.organisation.clone(), muster.config.secret.clone());
    muster
        .db
        .write(move |conn| {
            lock_member(conn, id)?;
            let change = change_of(conn, id, &profile)?;
            store(conn, id, &profile, now)?;
            match change {
                Some(contact) => {
                    let told = contact_change::send(conn, id, contact, &organisation, &secret, &address, now)?;
                    Ok(Some(told))
                }
                None => Ok(None),
            }
        })
        .await
}

/// The contact that is new, if one is.
fn change_of(
    conn: &mut PgConnection,
    id: MemberId,
    profile: &Profile,
) -> Result<Option<crate::members::contact::Contact>, SaveError> {
    use crate::members::contact::Contact;
    let (phone, email): (Option<String>, Option<String>) =
        member::table.find(id).select((member::phone, member::email)).first(conn)?;
    let new_phone = profile.phone.clone().filter(|new| Some(new.as_str()) != phone.as_deref());
    let new_email = profile.email.clone().filter(|new| Some(new.as_str()) != email.as_deref());
    match (new_phone, new_email) {
        (Some(_), Some(_)) => {
            let words = "Change the phone number first and the e-mail address after it: each is confirmed by a code";
            Err(FieldErrors::one("email", words).into())
        }
        // a contact that replaces the other is taken before that is let go
        (Some(_), None) if email.is_some() && profile.email.is_none() => Err(keep("email", "phone number")),
        (None, Some(_)) if phone.is_some() && profile.phone.is_none() => Err(keep("phone", "e-mail address")),
        (phone, email) => Ok(phone.map(Contact::Phone).or(email.map(Contact::Email))),
    }
}

fn keep(field: &str, first: &str) -> SaveError {
    FieldErrors::one(field, format!("Leave this as it is until the new {first} is confirmed")).into()
}

fn store(conn: &mut PgConnection, id: MemberId, profile: &Profile, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(member::table.find(id)).set(member::name.eq(&profile.name)).execute(conn)?;
    // cleared at once; what is new comes when it is confirmed
    if profile.phone.is_none() {
        diesel::update(member::table.find(id)).set(member::phone.eq(None::<String>)).execute(conn)?;
    }
    if profile.email.is_none() {
        diesel::update(member::table.find(id)).set(member::email.eq(None::<String>)).execute(conn)?;
    }
    set_consents(conn, id, profile.consents, ConsentSource::App, now)
}

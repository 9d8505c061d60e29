//! A new phone number or e-mail address is taken when a code that was sent to it comes back: a member who mistypes it
//! would never get in again, and nobody learns here whose a contact is already.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::one_time_code::{LIFE, OneTimeCode, is_same};
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::contact::Contact;
use crate::schema::member;
use crate::serve::Muster;
use crate::sessions::SignedInMember;
use crate::settings::Organisation;
use crate::web::slip;
use crate::web::throttle::Limit;
use crate::web::{
    FieldErrors, Flash, Form, MemberShell, PageResult, SaveError, rejected, see_other, see_other_with, show,
};

/// Codes sent for one member, from one address, or to one contact.
const SENT: Limit = Limit { tries: 5, window: Duration::minutes(15) };
/// Codes tried by one member; few, since what is tried against is in their own hands.
const TRIED: Limit = Limit { tries: 5, window: Duration::minutes(10) };
const SLIP: &str = "muster_contact";
const PATH: &str = "/app/profile";

/// A change that waits for its code: all of it lies in the member's cookie, sealed by the code and our secret.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    contact: String,
    until: i64,
    seal: String,
}

/// As typed.
#[derive(Debug, Default, Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "app/contact.html")]
struct ContactPage {
    shell: MemberShell,
    form: CodeForm,
    contact: String,
    errors: FieldErrors,
}

fn purpose(member: MemberId, contact: &str, until: i64) -> String {
    format!("contact {member} {until} {contact}")
}

/// Sends a code to the new contact.
pub(crate) fn send(
    conn: &mut PgConnection,
    id: MemberId,
    contact: Contact,
    organisation: &Organisation,
    secret: &[u8],
    address: &str,
    now: DateTime<Utc>,
) -> Result<Change, SaveError> {
    let text = contact.as_str().to_owned();
    for key in [format!("app contact {id}"), format!("app contact from {address}"), format!("app sign-in {text}")] {
        if SENT.count(conn, &key, now)? > SENT.tries {
            return Err(AppError::TooManyRequests(SENT.wait(conn, &key, now)?.unwrap_or(60)).into());
        }
    }
    let (code, until) = (OneTimeCode::random(), (now + LIFE).timestamp());
    code.message(organisation, id, &contact, now).insert(conn)?;
    let seal = URL_SAFE_NO_PAD.encode(code.seal(secret, &purpose(id, &text, until)));
    Ok(Change { contact: text, until, seal })
}

/// To the page that asks for the code.
pub(super) fn ask(muster: &Muster, change: &Change) -> PageResult {
    let mut response = see_other("/app/profile/contact")?;
    slip::attach(&mut response, SLIP, PATH, muster.config.is_https(), change)?;
    Ok(response)
}

/// `GET /app/profile/contact`
pub async fn new(shell: MemberShell, req: HttpRequest) -> PageResult {
    match slip::read::<Change>(&req, SLIP) {
        Some(change) => show(&page(shell, CodeForm::default(), &change, FieldErrors::new())),
        None => see_other(PATH),
    }
}

/// `POST /app/profile/contact`
pub async fn create(
    (shell, req): (MemberShell, HttpRequest),
    who: SignedInMember,
    muster: Data<Muster>,
    Form { typed: form, .. }: Form<CodeForm>,
) -> PageResult {
    let Some(change) = slip::read::<Change>(&req, SLIP) else { return see_other(PATH) };
    match confirm(&shell, &muster, who.id, &change, &form.code).await {
        Ok(()) => {
            let mut response = see_other_with(PATH, &Flash::success("Profile saved. You can sign in with it now."))?;
            slip::remove(&mut response, SLIP, PATH)?;
            Ok(response)
        }
        Err(SaveError::Rejected(errors)) => rejected(&page(shell, form, &change, errors)),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

fn page(shell: MemberShell, form: CodeForm, change: &Change, errors: FieldErrors) -> ContactPage {
    let contact = Contact::parse(&change.contact, "").map_or(change.contact.clone(), |contact| contact.display());
    ContactPage { shell, form, contact, errors }
}

async fn confirm(
    shell: &MemberShell,
    muster: &Muster,
    id: MemberId,
    change: &Change,
    typed: &str,
) -> Result<(), SaveError> {
    let code = OneTimeCode::parse(typed).map_err(|message| FieldErrors::one("code", message))?;
    confirm_by(muster, id, change, &code, shell.now).await
}

/// Takes the new contact, if the code is the one that was sent to it.
pub(crate) async fn confirm_by(
    muster: &Muster,
    id: MemberId,
    change: &Change,
    code: &OneTimeCode,
    now: DateTime<Utc>,
) -> Result<(), SaveError> {
    // in its own transaction, before the look: a wrong code is not forgotten
    let tried: Result<(), AppError> = muster
        .db
        .write(move |conn| {
            let key = format!("app contact code {id}");
            match TRIED.count(conn, &key, now)? > TRIED.tries {
                true => Err(AppError::TooManyRequests(TRIED.wait(conn, &key, now)?.unwrap_or(60))),
                false => Ok(()),
            }
        })
        .await;
    tried?;
    let sealed = code.seal(&muster.config.secret, &purpose(id, &change.contact, change.until));
    let sent = URL_SAFE_NO_PAD.decode(&change.seal).unwrap_or_default();
    if change.until <= now.timestamp() || !is_same(&sealed, &sent) {
        let wrong = "This code is wrong or too old. Check it, or save your profile again for a new one.";
        return Err(FieldErrors::one("code", wrong).into());
    }
    let contact = Contact::parse(&change.contact, "").map_err(|message| FieldErrors::one("code", message))?;
    muster.db.write(move |conn| store(conn, id, &contact)).await
}

fn store(conn: &mut PgConnection, id: MemberId, contact: &Contact) -> Result<(), SaveError> {
    let row = member::table.find(id);
    let stored = match contact {
        Contact::Phone(phone) => diesel::update(row).set(member::phone.eq(phone.as_str())).execute(conn),
        Contact::Email(email) => diesel::update(row).set(member::email.eq(email.as_str())).execute(conn),
    };
    // only who has just shown that the contact is theirs gets here
    let taken = "Another account has this already. Sign in with it, or ask our staff.";
    stored.map(|_| ()).map_err(|error| {
        SaveError::from_constraint(error, &[("member_phone_key", "code", taken), ("member_email_key", "code", taken)])
    })
}

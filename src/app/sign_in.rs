//! **Phone or e-mail** → **Send code**: the first half of signing in to the app.

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::one_time_code::{LIFE, OneTimeCode, TRIES};
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::contact::Contact;
use crate::schema::{member, sign_in_code};
use crate::serve::Muster;
use crate::settings::Organisation;
use crate::web::slip;
use crate::web::throttle::Limit;
use crate::web::{Address, FieldErrors, Form, MemberShell, PageResult, SaveError, rejected, see_other, show};

/// Codes sent to one phone or e-mail address.
const PER_CONTACT: Limit = Limit { tries: 5, window: Duration::minutes(15) };
/// Codes asked for from one address.
const PER_ADDRESS: Limit = Limit { tries: 50, window: Duration::minutes(15) };

/// The cookie that carries a `Pending` to the second half.
pub(super) const SLIP: &str = "muster_sign_in";
/// Where the second half is.
pub(super) const CODE_PATH: &str = "/app/sign-in/code";

/// As typed.
#[derive(Debug, Default, Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    contact: String,
    #[serde(default)]
    next: String,
}

/// A sign-in that waits for its code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pending {
    /// As typed, so that it can be read again.
    pub contact: String,
    /// Where to go afterwards.
    pub next: String,
}

#[derive(Template)]
#[template(path = "app/sign_in.html")]
struct SignInPage {
    shell: MemberShell,
    form: SignInForm,
    errors: FieldErrors,
}

/// `GET /app/sign-in`
pub async fn new(shell: MemberShell, form: Query<SignInForm>) -> PageResult {
    let form = SignInForm { contact: String::new(), next: form.into_inner().next };
    if shell.signed_in() {
        return see_other(safe_path(&form.next));
    }
    show(&SignInPage { shell, form, errors: FieldErrors::new() })
}

/// `POST /app/sign-in`
pub async fn create(
    shell: MemberShell,
    muster: Data<Muster>,
    address: Address,
    Form { typed: form, .. }: Form<SignInForm>,
) -> PageResult {
    match send_code(&shell, &muster, &form.contact, address).await {
        Ok(contact) => {
            let mut response = see_other(CODE_PATH)?;
            let pending = Pending { contact: contact.as_str().to_owned(), next: form.next };
            slip::attach(&mut response, SLIP, "/app/sign-in", muster.config.is_https(), &pending)?;
            Ok(response)
        }
        Err(SaveError::Rejected(errors)) => rejected(&SignInPage { shell, form, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn send_code(
    shell: &MemberShell,
    muster: &Muster,
    typed: &str,
    Address(address): Address,
) -> Result<Contact, SaveError> {
    let contact = Contact::parse(typed, &shell.organisation.phone_region);
    let contact = contact.map_err(|message| FieldErrors::one("contact", message))?;
    let (now, organisation, secret) = (shell.now, shell.organisation.clone(), muster.config.secret.clone());
    let sent = muster.db.write(move |conn| -> Result<_, AppError> {
        send(conn, &contact, &organisation, &secret, &address, now)?;
        Ok(contact)
    });
    Ok(sent.await?)
}

/// Sends a code to a member with this contact. Whether there is one, the caller cannot tell.
pub(crate) fn send(
    conn: &mut PgConnection,
    contact: &Contact,
    organisation: &Organisation,
    secret: &[u8],
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let by_contact = format!("app sign-in {}", contact.as_str());
    for (limit, key) in [(PER_CONTACT, &by_contact), (PER_ADDRESS, &format!("app sign-in from {address}"))] {
        if limit.count(conn, key, now)? > limit.tries {
            return Err(AppError::TooManyRequests(limit.wait(conn, key, now)?.unwrap_or(60)));
        }
    }
    let code = OneTimeCode::random();
    match find(conn, contact)? {
        Some(member) => {
            store(conn, member, code.seal(secret, &purpose(member)), now)?;
            Ok(code.message(organisation, member, contact, now).insert(conn).map(|_| ())?)
        }
        None => Ok(look_busy(conn, contact, &code, secret, now)?),
    }
}

/// What a seal of a sign-in code is for.
pub(super) fn purpose(member: MemberId) -> String {
    format!("sign-in {member}")
}

fn find(conn: &mut PgConnection, contact: &Contact) -> QueryResult<Option<MemberId>> {
    let found = match contact {
        Contact::Phone(phone) => member::table.filter(member::phone.eq(phone.as_str())).select(member::id).first(conn),
        Contact::Email(email) => member::table.filter(member::email.eq(email.as_str())).select(member::id).first(conn),
    };
    found.optional()
}

/// A new code replaces the one before.
fn store(conn: &mut PgConnection, member: MemberId, seal: Vec<u8>, now: DateTime<Utc>) -> QueryResult<()> {
    let values =
        (sign_in_code::code_hash.eq(seal), sign_in_code::expires_at.eq(now + LIFE), sign_in_code::tries_left.eq(TRIES));
    diesel::insert_into(sign_in_code::table)
        .values((sign_in_code::member_id.eq(member), values.clone()))
        .on_conflict(sign_in_code::member_id)
        .do_update()
        .set(values)
        .execute(conn)
        .map(|_| ())
}

/// For a contact that is nobody's, as many writes as for one that is somebody's: the time an answer takes shall not
/// tell who is a member.
fn look_busy(
    conn: &mut PgConnection,
    contact: &Contact,
    code: &OneTimeCode,
    secret: &[u8],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let _ = code.seal(secret, contact.as_str());
    for write in ["stored", "sent"] {
        PER_CONTACT.count(conn, &format!("app sign-in nothing {write} {}", contact.as_str()), now)?;
    }
    Ok(())
}

/// A path inside the app, or its first page.
pub(super) fn safe_path(path: &str) -> &str {
    let inside = path == "/app" || path.starts_with("/app/");
    if inside && !path.contains(['\\', '\r', '\n']) { path } else { "/app/coupons" }
}

//! **Code** → **Sign in**: the second half of signing in to the app.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text, Timestamptz};
use serde::Deserialize;

use super::one_time_code::{OneTimeCode, is_same};
use super::sign_in::{Pending, SLIP, purpose, safe_path};
use crate::db::Kept;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::contact::Contact;
use crate::schema::{member, sign_in_code};
use crate::serve::Muster;
use crate::sessions::SignedInMember;
use crate::sessions::failed::{Failed, Whose, Why};
use crate::settings::DateLanguage;
use crate::web::slip;
use crate::web::throttle::Limit;
use crate::web::{Address, FieldErrors, Form, MemberShell, PageResult, SaveError, rejected, see_other, show};

/// Codes tried from one address, for anyone.
const PER_ADDRESS: Limit = Limit { tries: 50, window: Duration::minutes(15) };

/// One answer for all that can be wrong: it must not tell whether there is such a member.
pub(crate) const WRONG: &str = "This code is wrong, too old or used already. Check it, or send a new code.";

/// As typed.
#[derive(Debug, Default, Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "app/sign_in_code.html")]
struct CodePage {
    shell: MemberShell,
    form: CodeForm,
    contact: String,
    next: String,
    errors: FieldErrors,
}

impl CodePage {
    fn new(shell: MemberShell, form: CodeForm, pending: Pending, errors: FieldErrors) -> Self {
        let contact = Contact::parse(&pending.contact, "").map_or(pending.contact, |contact| contact.display());
        Self { shell, form, contact, next: pending.next, errors }
    }
}

/// `GET /app/sign-in/code`
pub async fn new(shell: MemberShell, req: HttpRequest) -> PageResult {
    match slip::read::<Pending>(&req, SLIP) {
        Some(pending) if shell.signed_in() => see_other(safe_path(&pending.next)),
        Some(pending) => show(&CodePage::new(shell, CodeForm::default(), pending, FieldErrors::new())),
        None => see_other("/app/sign-in"),
    }
}

/// `POST /app/sign-in/code`
pub async fn create(
    shell: MemberShell,
    (req, session, address): (HttpRequest, Session, Address),
    muster: Data<Muster>,
    Form { typed: form, .. }: Form<CodeForm>,
) -> PageResult {
    let Some(pending) = slip::read::<Pending>(&req, SLIP) else { return see_other("/app/sign-in") };
    match check(&shell, &muster, &pending, &form.code, address).await {
        Ok(member) => {
            member.begin(&session)?;
            remember_language(&muster, &req, member.id).await?;
            let mut response = see_other(safe_path(&pending.next))?;
            slip::remove(&mut response, SLIP, "/app/sign-in")?;
            Ok(response)
        }
        Err(SaveError::Rejected(errors)) => rejected(&CodePage::new(shell, form, pending, errors)),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn check(
    shell: &MemberShell,
    muster: &Muster,
    pending: &Pending,
    typed: &str,
    Address(address): Address,
) -> Result<SignedInMember, SaveError> {
    let code = OneTimeCode::parse(typed).map_err(|message| FieldErrors::one("code", message))?;
    let (contact, now, secret) = (pending.contact.clone(), shell.now, muster.config.secret.clone());
    let found = muster.db.write(move |conn| verify(conn, &contact, &code, &secret, &address, now)).await;
    Ok(found?.ok_or_else(|| FieldErrors::one("code", WRONG))?)
}

/// The browser's language is the member's, until they or staff say another.
async fn remember_language(muster: &Muster, req: &HttpRequest, id: MemberId) -> Result<(), AppError> {
    let told = req.headers().get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    let Some(language) = told.and_then(DateLanguage::of_browser) else { return Ok(()) };
    muster
        .db
        .write(move |conn| {
            diesel::update(member::table.find(id.0).filter(member::date_language.is_null()))
                .set(member::date_language.eq(language.key()))
                .execute(conn)?;
            Ok(())
        })
        .await
}

/// Who has shown that the contact is theirs; none: the code is wrong, too old or used. A wrong code is an outcome, not an
/// error: the try it took is to be kept.
pub(crate) fn verify(
    conn: &mut PgConnection,
    contact: &str,
    code: &OneTimeCode,
    secret: &[u8],
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<SignedInMember>, AppError> {
    let key = format!("app sign-in code from {address}");
    if PER_ADDRESS.count(conn, &key, now)? > PER_ADDRESS.tries {
        return Err(AppError::TooManyRequests(PER_ADDRESS.wait(conn, &key, now)?.unwrap_or(60)));
    }
    let taken = take_a_try(conn, contact, now)?;
    let whose = taken.as_ref().map_or(Whose::Nobody, |taken| Whose::Member(taken.member_id));
    let right = |taken: &TakenRow| is_same(&code.seal(secret, &purpose(taken.member_id)), &taken.code_hash);
    let Some(taken) = taken.filter(right) else {
        Failed { whose, why: Why::Code, address: address.to_owned(), now }.note(conn)?;
        return Ok(None);
    };
    // used once; whoever comes with the same code waits for this row and finds it gone
    diesel::delete(sign_in_code::table.find(taken.member_id.0)).execute(conn)?;
    let name = diesel::update(member::table.find(taken.member_id.0))
        .set(member::last_seen_at.eq(now))
        .returning(member::name)
        .get_result(conn)?;
    Ok(Some(SignedInMember { id: taken.member_id, name }))
}

#[derive(QueryableByName)]
struct TakenRow {
    #[diesel(sql_type = BigInt)]
    member_id: MemberId,
    #[diesel(sql_type = Binary)]
    code_hash: Vec<u8>,
}

/// Takes one of the code's tries, if one is left and it is not too old; none: no such code.
fn take_a_try(conn: &mut PgConnection, contact: &str, now: DateTime<Utc>) -> QueryResult<Option<TakenRow>> {
    Kept(
        sql_query(
            "UPDATE sign_in_code SET tries_left = tries_left - 1 FROM member
             WHERE member.id = sign_in_code.member_id AND (member.phone = $1 OR member.email = $1)
               AND tries_left > 0 AND sign_in_code.expires_at > $2
             RETURNING member_id, code_hash",
        )
        .bind::<Text, _>(contact)
        .bind::<Timestamptz, _>(now),
    )
    .get_result(conn)
    .optional()
}

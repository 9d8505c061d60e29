//! **I have a code**: **Code** → **Use code**.

use actix_web::http::{StatusCode, header};
use actix_web::web::Query;
use askama::Template;
use diesel::OptionalExtension;
use serde::Deserialize;

use super::groups::AppGroup;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{GroupId, MemberId};
use crate::memberships::{Entry, Refusal, enter};
use crate::sessions::SignedInMember;
use crate::web::{
    Address, FieldErrors, Flash, Form, MemberShell, PageResult, SaveError, rejected, see_other_with, show,
};

/// As typed.
#[derive(Debug, Default, Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

/// For which group, if one comes from there; and the code that a printed link brings.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    group: Option<GroupId>,
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "app/code.html")]
struct CodePage {
    shell: MemberShell,
    form: CodeForm,
    group: Option<AppGroup>,
    errors: FieldErrors,
}

/// `GET /app/code`
pub async fn new(shell: MemberShell, who: SignedInMember, db: Db, wanted: Query<Wanted>) -> PageResult {
    let now = shell.now;
    let group = match wanted.group {
        Some(id) => {
            db.read(move |conn| -> Result<_, AppError> { Ok(AppGroup::find(conn, who.id, id, now).optional()?) })
                .await?
        }
        None => None,
    };
    let form = CodeForm { code: wanted.into_inner().code };
    show(&CodePage { shell, form, group, errors: FieldErrors::new() })
}

/// `POST /app/code`
pub async fn create(
    shell: MemberShell,
    (who, address): (SignedInMember, Address),
    db: Db,
    Form { typed: form, .. }: Form<CodeForm>,
) -> PageResult {
    match use_code(&shell, &db, who.id, &form, address).await {
        Ok(Ok((path, message))) => see_other_with(path, &Flash::success(message)),
        Ok(Err(refusal)) => refused(shell, form, &refusal),
        Err(SaveError::Rejected(errors)) => rejected(&CodePage { shell, form, group: None, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

type Outcome = Result<(&'static str, String), Refusal>;

async fn use_code(
    shell: &MemberShell,
    db: &Db,
    member: MemberId,
    form: &CodeForm,
    Address(address): Address,
) -> Result<Outcome, SaveError> {
    let (typed, now) = (form.code.clone(), shell.now);
    if typed.trim().is_empty() {
        return Err(FieldErrors::one("code", "Enter the code").into());
    }
    let entry = db.write(move |conn| -> Result<_, AppError> { Ok(enter(conn, member, &typed, &address, now)?) });
    Ok(match entry.await? {
        Entry::Used { group: Some((_, group)), .. } => Ok(("/app/groups", format!("You joined {group}."))),
        Entry::Used { title, .. } => Ok(("/app/coupons", format!("Code used: {title}."))),
        Entry::AlreadyMember { group } => {
            Ok(("/app/groups", format!("You are in {group} already. The code was not used up.")))
        }
        Entry::Refused(refusal) => Err(refusal),
    })
}

fn refused(shell: MemberShell, form: CodeForm, refusal: &Refusal) -> PageResult {
    let errors = FieldErrors::one("code", refusal.sentence(&shell.organisation));
    let mut response = rejected(&CodePage { shell, form, group: None, errors })?;
    if let Refusal::TooManyAttempts { wait } = refusal {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(header::RETRY_AFTER, (*wait).into());
    }
    Ok(response)
}

//! **Add member**.

use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde_json::json;

use super::consent::{self, ConsentSource};
use super::form::{MemberForm, Other, PHONE_RULE, Parsed, rejected_by};
use super::member::{set_external_id, support_path};
use crate::audit::{self, Actor, Change, Subject};
use crate::channels::MessageChannel;
use crate::db::Db;
use crate::deliveries::issue;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "members/new.html")]
struct NewPage {
    shell: Shell,
    form: MemberForm,
    errors: FieldErrors,
    others: Vec<Other>,
    channels: [MessageChannel; 3],
}

impl NewPage {
    fn phone_hint(&self) -> &'static str {
        PHONE_RULE
    }

    fn email_hint(&self) -> &'static str {
        ""
    }
}

/// `GET /members/new`
pub async fn new(shell: Shell) -> PageResult {
    let (form, errors) = (MemberForm::default(), FieldErrors::new());
    show(&NewPage { shell, form, errors, others: Vec::new(), channels: MessageChannel::ALL })
}

/// `POST /members/new`
pub async fn create(shell: Shell, db: Db, form: Form<MemberForm>) -> PageResult {
    match save(&db, &shell, &form.typed).await {
        Ok((id, name)) => see_other_with(support_path(id), &Flash::success(format!("{name} was added."))),
        Err(SaveError::Rejected(errors)) => {
            let (form, region) = (form.typed, shell.organisation.phone_region.clone());
            let typed = form.clone();
            let others =
                db.read(move |conn| -> Result<_, AppError> { Ok(Other::find(conn, &typed, &region, None)?) }).await?;
            rejected(&NewPage { shell, form, errors, others, channels: MessageChannel::ALL })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, form: &MemberForm) -> Result<(MemberId, String), SaveError> {
    // a new member has given nothing before
    let form = MemberForm { shown: Vec::new(), ..form.clone() };
    let parsed = form.parse(&shell.organisation.phone_region)?;
    let (actor, account, now) = (shell.actor(), shell.account.id, shell.now);
    let name = parsed.member.name.clone();
    let id = db.write(move |conn| add(conn, &parsed, ConsentSource::Support(account), &actor, now)).await?;
    Ok((id, name))
}

/// Adds a member; live campaigns for everyone are issued to them.
pub(crate) fn add(
    conn: &mut PgConnection,
    Parsed { member, consents, external_id }: &Parsed,
    source: ConsentSource,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<MemberId, SaveError> {
    let id = member.insert(conn, now).map_err(rejected_by)?;
    if let Some(external) = external_id {
        set_external_id(conn, id, external).map_err(rejected_by)?;
    }
    let given: Vec<_> = consents.iter().filter(|(_, granted)| *granted).collect();
    for (channel, granted) in &given {
        consent::record(conn, id, *channel, *granted, source, now)?;
    }
    issue::on_new_member(conn, id, now)?;
    let after = json!({
        "name": member.name,
        "phone": member.phone.as_ref().map(ToString::to_string),
        "email": member.email.as_ref().map(ToString::to_string),
        "external_id": external_id,
        "consents": given.iter().map(|(channel, _)| channel.key()).collect::<Vec<_>>(),
    });
    let change = Change { action: "member added", before: None, after: Some(after) };
    audit::append(conn, actor, now, &Subject::new("member", id, member.name.clone()), &change)?;
    Ok(id)
}

//! **Add member**.

use askama::Template;
use serde_json::json;

use super::consent::{self, ConsentSource};
use super::form::{MemberForm, Other, PHONE_RULE, rejected_by};
use super::member::support_path;
use crate::audit::{self, Change, Subject};
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
    db.write(move |conn| {
        let member = parsed.member;
        let id = member.insert(conn, now).map_err(rejected_by)?;
        let given: Vec<_> = parsed.consents.iter().map(|(channel, _)| channel.key()).collect();
        for (channel, granted) in parsed.consents {
            consent::record(conn, id, channel, granted, ConsentSource::Support(account), now)?;
        }
        issue::on_new_member(conn, id, now)?;
        let after = json!({
            "name": member.name,
            "phone": member.phone.as_ref().map(ToString::to_string),
            "email": member.email.as_ref().map(ToString::to_string),
            "consents": given,
        });
        let change = Change { action: "member added", before: None, after: Some(after) };
        audit::append(conn, &actor, now, &Subject::new("member", id, member.name.clone()), &change)?;
        Ok((id, member.name))
    })
    .await
}

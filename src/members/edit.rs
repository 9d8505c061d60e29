//! Changes a member's name, phone, e-mail and consents.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde_json::{Map, Value, json};

use super::consent::{self, ConsentSource};
use super::form::{MemberForm, Other, PHONE_RULE, Parsed, rejected_by};
use super::guarded::Guarded;
use super::member::{Member, NewMember, set_external_id};
use crate::audit::{self, Actor, Change, Subject};
use crate::channels::MessageChannel;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::memberships::membership::lock_member;
use crate::settings::DateLanguage;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "members/edit.html")]
struct EditPage {
    shell: Shell,
    member: Member,
    form: MemberForm,
    errors: FieldErrors,
    others: Vec<Other>,
    channels: [MessageChannel; 3],
}

impl EditPage {
    /// What a field that must stay empty says about what is stored.
    fn kept(&self, stored: &Option<Guarded>, rule: &str) -> String {
        if self.shell.sees_personal_data() {
            return rule.to_owned();
        }
        match self.shell.contact(stored) {
            none if none.is_empty() => format!("There is none yet. {rule}").trim_end().to_owned(),
            masked => format!("Now {masked}. Left empty, it stays."),
        }
    }

    fn phone_hint(&self) -> String {
        self.kept(&self.member.phone, PHONE_RULE)
    }

    fn email_hint(&self) -> String {
        self.kept(&self.member.email, "")
    }
}

/// `GET /members/{member}/edit`
pub async fn edit(shell: Shell, db: Db, member: Path<MemberId>) -> PageResult {
    let id = member.into_inner();
    let member = db.read(move |conn| -> Result<_, AppError> { Ok(Member::find(conn, id)?) }).await?;
    let (form, errors) = (MemberForm::of(&member, shell.sight()), FieldErrors::new());
    show(&EditPage { shell, member, form, errors, others: Vec::new(), channels: MessageChannel::ALL })
}

/// `POST /members/{member}/edit`
pub async fn update(shell: Shell, db: Db, member: Path<MemberId>, form: Form<MemberForm>) -> PageResult {
    let id = member.into_inner();
    match save(&db, &shell, id, &form.typed).await {
        Ok(flash) => see_other_with(format!("/user-support/{id}"), &flash),
        Err(SaveError::Rejected(errors)) => {
            let (form, region) = (form.typed, shell.organisation.phone_region.clone());
            let typed = form.clone();
            let (member, others) = db
                .read(move |conn| -> Result<_, AppError> {
                    Ok((Member::find(conn, id)?, Other::find(conn, &typed, &region, Some(id))?))
                })
                .await?;
            rejected(&EditPage { shell, member, form, errors, others, channels: MessageChannel::ALL })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, id: MemberId, form: &MemberForm) -> Result<Flash, SaveError> {
    let (form, sight, region) = (form.clone(), shell.sight(), shell.organisation.phone_region.clone());
    let (actor, account, now) = (shell.actor(), shell.account.id, shell.now);
    let (changed, name) = db
        .write(move |conn| -> Result<_, SaveError> {
            lock_member(conn, id)?;
            let parsed = form.keeping(&Member::find(conn, id)?, sight).parse(&region)?;
            let changed = change(conn, id, &parsed, ConsentSource::Support(account), &actor, now)?;
            Ok((changed, parsed.member.name))
        })
        .await?;
    Ok(Flash::success(if changed { format!("{name} was changed.") } else { "Nothing was changed.".to_owned() }))
}

/// Makes a member what is asked for; false: they were so already.
pub(crate) fn change(
    conn: &mut PgConnection,
    id: MemberId,
    Parsed { member: new, consents, external_id }: &Parsed,
    source: ConsentSource,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, SaveError> {
    lock_member(conn, id)?;
    let old = Member::find(conn, id)?;
    let (mut before, mut after) = changes(&old, new);
    let is_external = external_id.is_some() && *external_id != old.external_id;
    if is_external {
        before.insert("external_id".into(), json!(old.external_id));
        after.insert("external_id".into(), json!(external_id));
    }
    let action = if after.is_empty() { "consents changed" } else { "member changed" };
    if !after.is_empty() {
        new.update(conn, id).map_err(rejected_by)?;
    }
    if let Some(external) = external_id.as_ref().filter(|_| is_external) {
        set_external_id(conn, id, external).map_err(rejected_by)?;
    }
    for (channel, granted) in consents.iter().filter(|(channel, granted)| old.consents_to(*channel) != *granted) {
        consent::record(conn, id, *channel, *granted, source, now)?;
        let key = format!("{}_consent", channel.key());
        before.insert(key.clone(), json!(!granted));
        after.insert(key, json!(granted));
    }
    if after.is_empty() {
        return Ok(false);
    }
    let change = Change { action, before: Some(before.into()), after: Some(after.into()) };
    audit::append(conn, actor, now, &Subject::new("member", id, new.name.clone()), &change)?;
    Ok(true)
}

/// The columns that differ, as they were and as they will be.
fn changes(old: &Member, new: &NewMember) -> (Map<String, Value>, Map<String, Value>) {
    let new_phone = new.phone.as_ref().map(ToString::to_string);
    let new_email = new.email.as_ref().map(ToString::to_string);
    [
        ("name", json!(old.name), json!(new.name)),
        ("phone", json!(old.phone.as_ref().map(Guarded::unmasked)), json!(new_phone)),
        ("email", json!(old.email.as_ref().map(Guarded::unmasked)), json!(new_email)),
        ("time_zone", json!(old.time_zone), json!(new.time_zone.map(|zone| zone.name()))),
        (
            "date_language",
            json!(old.date_language),
            new.date_language.map_or(json!(old.date_language), |language| json!(language.map(DateLanguage::key))),
        ),
    ]
    .into_iter()
    .filter(|(_, old, new)| old != new)
    .map(|(key, old, new)| ((key.to_owned(), old), (key.to_owned(), new)))
    .unzip()
}

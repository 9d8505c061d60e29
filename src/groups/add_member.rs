//! A dashboard user puts a member into a group, on the group's page.

use actix_web::web::Path;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::Deserialize;
use serde_json::json;

use super::show::{ShowPage, ShowQuery};
use super::{GroupState, MemberGroup};
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::ids::{GroupId, MemberId};
use crate::members::contact::Contact;
use crate::members::member::support_path;
use crate::memberships::{self, Source, membership};
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AddForm {
    pub contact: String,
    pub reason: String,
}

/// `POST /settings/user-groups/{id}/members`
pub async fn create(shell: Shell, db: Db, id: Path<GroupId>, form: Form<AddForm>) -> PageResult {
    let form = form.typed;
    match save(&db, &shell, *id, &form).await {
        Ok((group, member)) => {
            let flash = Flash::success(format!("{} is in {} now.", member.name, group.name))
                .with_link("Open the member", support_path(member.id));
            see_other_with(format!("{}#members", group.path()), &flash)
        }
        Err(SaveError::Rejected(errors)) => {
            rejected(&ShowPage::load(&db, shell, *id, ShowQuery::default(), form, errors).await?)
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, id: GroupId, form: &AddForm) -> Result<(MemberGroup, Found), SaveError> {
    let mut errors = FieldErrors::new();
    let wanted = errors.take("contact", Wanted::parse(&form.contact, &shell.organisation.phone_region));
    let reason = errors.take("reason", Line::parse(&form.reason, 200));
    let (Some(wanted), Some(reason)) = (wanted, reason) else {
        return Err(errors.into());
    };
    let (shell, actor, now) = (shell.clone(), shell.actor(), shell.now);
    db.write(move |conn| {
        let group = MemberGroup::find(conn, id)?;
        let found = wanted.find(conn)?;
        membership::lock_member(conn, found.id)?;
        let source = by(&shell, reason.clone());
        if memberships::join(conn, found.id, &[id], &source, now)?.is_empty() {
            let why = if group.state(now) == GroupState::Ended {
                format!("{} has ended, so nobody can be added.", group.name)
            } else {
                format!("{} is in this group already.", found.name)
            };
            return Err(FieldErrors::one("contact", why).into());
        }
        let after = json!({ "group": group.name, "group_id": id, "reason": reason });
        let change = Change { action: "added to user group", before: None, after: Some(after) };
        audit::append(conn, &actor, now, &Subject::new("member", found.id, found.name.clone()), &change)?;
        Ok((group, found))
    })
    .await
}

/// The signed-in dashboard user as the source of a stay or its end.
pub fn by(shell: &Shell, reason: Option<String>) -> Source {
    Source::Support { account_id: shell.account.id, account_name: shell.account.name.clone(), reason }
}

/// How a member was named.
struct Wanted {
    number: Option<i64>,
    contact: Option<String>,
}

/// The member.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: MemberId,
    #[diesel(sql_type = Text)]
    name: String,
}

impl Wanted {
    fn parse(raw: &str, region: &str) -> Result<Self, String> {
        let digits: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
        let is_number = !digits.is_empty() && digits.len() <= 10 && digits.chars().all(|c| c.is_ascii_digit());
        let number = if is_number { digits.parse().ok() } else { None };
        match (Contact::parse(raw, region), number) {
            (Ok(contact), number) => Ok(Self { number, contact: Some(contact.as_str().to_owned()) }),
            (Err(_), Some(number)) => Ok(Self { number: Some(number), contact: None }),
            (Err(_), None) => Err("Enter a member’s phone number, e-mail address or member number".into()),
        }
    }

    fn find(&self, conn: &mut PgConnection) -> Result<Found, SaveError> {
        let found: Vec<Found> =
            sql_query("SELECT id, name FROM member WHERE number = $1 OR phone = $2 OR email = $2 ORDER BY id LIMIT 2")
                .bind::<Nullable<BigInt>, _>(self.number)
                .bind::<Nullable<Text>, _>(&self.contact)
                .load(conn)?;
        let only = <[Found; 1]>::try_from(found).map_err(|found| {
            FieldErrors::one(
                "contact",
                if found.is_empty() {
                    "No member has this phone number, e-mail address or member number. Check it, or find the member in User support."
                } else {
                    "This is one member’s number and another’s phone. Enter the phone with its country code."
                },
            )
        });
        let [found] = only?;
        Ok(found)
    }
}

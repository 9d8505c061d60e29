//! **Create campaign**: which kind; then a draft and its first step.

use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;

use super::differences::Act;
use super::steps::Step;
use super::{Campaign, Channel};
use crate::db::Db;
use crate::ids::CampaignId;
use crate::schema::campaign;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, rejected, see_other, show};

/// Which button was pressed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewForm {
    kind: String,
}

#[derive(Template)]
#[template(path = "campaigns/new.html")]
struct NewPage {
    shell: Shell,
    errors: FieldErrors,
}

/// `GET /campaigns/new`
pub async fn new(shell: Shell) -> PageResult {
    show(&NewPage { shell, errors: FieldErrors::new() })
}

/// `POST /campaigns`
pub async fn create(shell: Shell, db: Db, form: Form<NewForm>) -> PageResult {
    match save(&db, &shell, &form.typed).await {
        Ok(id) => see_other(Step::Content.path(id)),
        Err(SaveError::Rejected(errors)) => rejected(&NewPage { shell, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, form: &NewForm) -> Result<CampaignId, SaveError> {
    let channel = Channel::parse(&form.kind);
    let channel = channel.ok_or_else(|| FieldErrors::one("kind", "Choose a kind of campaign"))?;
    let (act, by) = (Act::of(shell), shell.account.id);
    db.write(move |conn| {
        let draft: Campaign = diesel::insert_into(campaign::table)
            .values((
                campaign::kind.eq("coupon"),
                campaign::channel.eq(channel.key()),
                campaign::created_at.eq(act.now),
                campaign::created_by.eq(by),
                campaign::also_later.eq(channel == Channel::App),
            ))
            .returning(Campaign::as_select())
            .get_result(conn)?;
        act.done(conn, &draft, "campaign draft begun")?;
        Ok(draft.id)
    })
    .await
}

struct Kind {
    key: &'static str,
    label: &'static str,
    icon: &'static str,
    sentence: &'static str,
}

impl NewPage {
    fn kinds(&self) -> Vec<Kind> {
        Channel::ALL
            .map(|channel| Kind {
                key: channel.key(),
                label: channel.kind_label(),
                icon: channel.icon(),
                sentence: match channel {
                    Channel::App => "Shows in the receivers’ member app, with a barcode for the till.",
                    Channel::Sms => "A text message with a link to the coupon.",
                    Channel::Email => "An e-mail with a link to the coupon.",
                    Channel::Code => {
                        "Codes that you hand out yourself, on paper say. Members can join a group with them."
                    }
                },
            })
            .into_iter()
            .collect()
    }
}

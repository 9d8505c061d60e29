//! Step **1. Content**.

use actix_web::web::{Data, Path, block};
use askama::Template;
use diesel::prelude::*;

use super::content_form::ContentForm;
use super::frame::Frame;
use super::preview::Preview;
use super::step::Step;
use super::{saved, sms_counter};
use crate::campaigns::differences::Act;
use crate::campaigns::draft::Draft;
use crate::campaigns::image::Picture;
use crate::campaigns::{changes, picture};
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::campaign;
use crate::serve::Muster;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, Upload, rejected, show};

#[derive(Template)]
#[template(path = "campaigns/steps/content.html")]
struct ContentPage {
    shell: Shell,
    frame: Frame,
    form: ContentForm,
    errors: FieldErrors,
    has_picture: bool,
    link_length: usize,
    sms_counter: String,
}

impl ContentPage {
    fn of(shell: Shell, draft: &Draft, form: ContentForm, errors: FieldErrors, link_length: usize) -> Self {
        let mut frame = Frame::of(draft, Step::Content, &shell);
        let (mut typed, _) = form.parse(draft.campaign.channel());
        typed.picture_id = draft.campaign.content.picture_id;
        frame.preview = Preview::of(&typed, &draft.campaign, &shell);
        let sms_counter = sms_counter::words(&form.sms_text, link_length);
        Self { shell, frame, has_picture: typed.picture_id.is_some(), form, errors, link_length, sms_counter }
    }
}

/// `GET /campaigns/{id}/content`
pub async fn edit(shell: Shell, muster: Data<Muster>, id: Path<CampaignId>) -> PageResult {
    let draft = saved::load(&muster.db, *id).await?;
    let form = ContentForm::of(&draft.campaign.content);
    show(&ContentPage::of(shell, &draft, form, FieldErrors::new(), sms_counter::link_length(&muster.config)))
}

/// `POST /campaigns/{id}/content`
pub async fn update(shell: Shell, muster: Data<Muster>, id: Path<CampaignId>, form: Form<ContentForm>) -> PageResult {
    match save(&muster, &shell, *id, &form).await {
        Ok(draft) => saved::go_on(&shell, &draft, Step::Content, &form.typed.then),
        Err(SaveError::Rejected(errors)) => {
            let draft = saved::load(&muster.db, *id).await?;
            let link_length = sms_counter::link_length(&muster.config);
            rejected(&ContentPage::of(shell, &draft, form.typed, errors, link_length))
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(muster: &Muster, shell: &Shell, id: CampaignId, form: &Form<ContentForm>) -> Result<Draft, SaveError> {
    let uploaded = decode(form.upload("image").cloned()).await?;
    let (typed, act) = (form.typed.clone(), Act::of(shell));
    muster.db.write(move |conn| store(conn, &act, id, &typed, uploaded)).await
}

/// Takes its time, so it holds no connection meanwhile.
async fn decode(upload: Option<Upload>) -> Result<Option<Result<Picture, String>>, AppError> {
    block(move || upload.map(|upload| Picture::decode(&upload.bytes))).await.map_err(AppError::internal)
}

fn store(
    conn: &mut PgConnection,
    act: &Act,
    id: CampaignId,
    typed: &ContentForm,
    uploaded: Option<Result<Picture, String>>,
) -> Result<Draft, SaveError> {
    let draft = Draft::lock(conn, id)?;
    let before = &draft.campaign.content;
    let (mut content, mut errors) = typed.parse(draft.campaign.channel());
    let uploaded = match uploaded {
        // a browser does not keep a chosen file when the form comes back
        Some(Ok(_)) if !errors.is_empty() => Some(Err("Choose the picture again: it was not kept".to_owned())),
        other => other,
    };
    let uploaded = errors.take("image", uploaded.transpose()).flatten();
    if draft.campaign.published_at.is_some() {
        changes::content(before, &content, &mut errors);
    }
    saved::check(&draft.campaign, "name", errors)?;
    content.picture_id = match &uploaded {
        Some(picture) => Some(picture::insert(conn, picture, act.now)?),
        None => before.picture_id.filter(|_| typed.remove_image.is_empty()),
    };
    if content == *before {
        return Ok(draft);
    }
    diesel::update(campaign::table.find(id)).set(&content).execute(conn)?;
    if let Some(old) = before.picture_id.filter(|old| content.picture_id != Some(*old)) {
        picture::remove_unused(conn, old)?;
    }
    act.changed(conn, &draft.campaign, before, &content)?;
    Ok(Draft::load(conn, id)?)
}

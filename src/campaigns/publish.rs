//! **Publish**: once, and only what is complete.

use actix_web::web::Path;
use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};

use super::differences::{Act, Confirmed};
use super::draft::Draft;
use super::steps::{pos_input, review};
use super::{Audience, Channel, places, sending};
use crate::codes::prepare::{PrepareError, prepare};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{FieldErrors, Flash, Form, PageResult, Shell, see_other_with};

/// Why it was not published.
enum Refused {
    /// Something is missing; the review says what.
    NotReady,
    /// Someone else was quicker.
    Already,
    /// Something is wrong with the codes.
    Codes(FieldErrors),
    Failed(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for Refused {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<PrepareError> for Refused {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Taken => Self::Codes(pos_input::taken()),
            PrepareError::Guessable(why) => Self::Codes(FieldErrors::one("length", why)),
            PrepareError::Failed(error) => error.into(),
        }
    }
}

/// `POST /campaigns/{id}/publication`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let (id, act) = (*id, Act::of(&shell));
    match db.write(move |conn| publish(conn, &act, id)).await {
        Ok(published) => see_other_with(super::campaign::path(id), &Flash::success(published)),
        Err(Refused::Already) => {
            let flash = Flash::warning("This campaign is published already. Nothing was done twice.");
            see_other_with(super::campaign::path(id), &flash)
        }
        Err(Refused::NotReady) => review::again(shell, &db, id).await,
        Err(Refused::Codes(errors)) => pos_input::again(shell, &db, id, errors).await,
        Err(Refused::Failed(error)) => Err(error),
    }
}

fn publish(conn: &mut PgConnection, act: &Act, id: CampaignId) -> Result<String, Refused> {
    let draft = Draft::lock(conn, id)?;
    if draft.campaign.published_at.is_some() || draft.campaign.cancelled_at.is_some() {
        return Err(Refused::Already);
    }
    if draft.code_taken {
        return Err(PrepareError::Taken.into());
    }
    let ready = draft.ready(act.now).map_err(|_| Refused::NotReady)?;
    if !ready.publish(conn, act.now)? {
        return Err(Refused::Already);
    }
    prepare(conn, id, act.now)?;
    places::give(conn, id)?;
    confirm(conn, &draft, act.now)?;
    act.done(conn, &draft.campaign, "campaign published")?;
    let starts_later = draft.campaign.times.starts_at.is_some_and(|start| act.now < start);
    let next = if starts_later { "It goes live at its start." } else { "It is live now." };
    Ok(format!("{} is published. {next}", draft.campaign.name()))
}

/// The receivers who are shown now are those it is meant for.
fn confirm(conn: &mut PgConnection, draft: &Draft, now: DateTime<Utc>) -> QueryResult<()> {
    let campaign = &draft.campaign;
    let receivers = match campaign.channel() {
        Channel::Code => None,
        _ => Some(Audience::of(conn, campaign.id)?.reach(conn)?.receivers),
    };
    let due_at = campaign.times.starts_at.map_or(now, |start| start.max(now));
    sending::confirm(conn, campaign.id, due_at, receivers)
}

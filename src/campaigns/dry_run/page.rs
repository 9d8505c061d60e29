//! The part of the review page that starts a dry run, shows how far it is, and what it found.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::DryRun;
use super::words::{self, Line};
use crate::campaigns::differences::{Act, Confirmed};
use crate::campaigns::draft::{Draft, Missing};
use crate::campaigns::steps::Step;
use crate::campaigns::test_send::texts::{Texts, message_channel};
use crate::campaigns::{Channel, Status};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::member;
use crate::settings::Organisation;
use crate::web::{Flash, Form, PageResult, Shell, filters, see_other, see_other_with, show};

/// What the page shows.
pub struct DryRunPart {
    /// Where the button posts, and where the part is asked for again.
    pub path: String,
    /// What has to be entered first: words and address.
    pub lacks: Option<(String, String)>,
    /// The run there is.
    pub run: Option<Shown>,
}

/// A run.
pub struct Shown {
    /// When it was asked for.
    pub started_at: DateTime<Utc>,
    /// When it was done.
    pub finished_at: Option<DateTime<Utc>>,
    /// How far it is: of members' keys up to `last`.
    pub up_to: i64,
    /// The last member's key.
    pub last: i64,
    /// Found so far.
    pub receivers: i64,
    /// What it found.
    pub lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "campaigns/steps/dry_run.html")]
struct DryRunPage {
    shell: Shell,
    dry_run: DryRunPart,
}

/// `GET /campaigns/{id}/dry-run`
pub async fn show_run(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (organisation, now) = (shell.organisation.clone(), shell.now);
    let part = db.snapshot(move |conn| -> Result<_, AppError> {
        let draft = Draft::load(conn, *id)?;
        Ok(DryRunPart::of(conn, &draft, &organisation, now)?)
    });
    let dry_run = part.await?.ok_or(AppError::NotFound)?;
    show(&DryRunPage { shell, dry_run })
}

/// `POST /campaigns/{id}/dry-run`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let (id, act, here) = (*id, Act::of(&shell), format!("{}#dry-run", Step::Review.path(*id)));
    let lacks = db.write(move |conn| start(conn, &act, id)).await?;
    match lacks {
        None => see_other(here),
        Some(lacks) => see_other_with(here, &Flash::danger(format!("{}. Then try it.", lacks.message))),
    }
}

fn start(conn: &mut PgConnection, act: &Act, id: CampaignId) -> Result<Option<Missing>, AppError> {
    let draft = Draft::lock(conn, id)?;
    if !has_run(&draft, act.now) {
        return Err(AppError::NotFound);
    }
    if let Some(lacks) = lacks(&draft, act.now) {
        return Ok(Some(lacks));
    }
    DryRun::start(conn, id, act.now)?;
    act.done(conn, &draft.campaign, "dry run started")?;
    Ok(None)
}

/// Codes that are handed out outside have no receivers to try; what is cancelled goes to nobody.
fn has_run(draft: &Draft, now: DateTime<Utc>) -> bool {
    draft.campaign.channel() != Channel::Code && draft.campaign.status(now) != Status::Cancelled
}

/// Texts and receivers; all else may still be missing.
fn lacks(draft: &Draft, now: DateTime<Utc>) -> Option<Missing> {
    let texts = message_channel(&draft.campaign).and_then(|channel| Texts::of(&draft.campaign, channel).err());
    texts.or_else(|| draft.missing(now).into_iter().find(|missing| missing.step == Step::Receivers))
}

impl DryRunPart {
    /// None: there is nothing to try.
    pub fn of(
        conn: &mut PgConnection,
        draft: &Draft,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> QueryResult<Option<Self>> {
        if !has_run(draft, now) {
            return Ok(None);
        }
        let campaign = &draft.campaign;
        let run = DryRun::of(conn, campaign.id)?;
        let last: i64 = match &run {
            Some(run) if run.finished_at.is_none() => {
                member::table.select(max(member::id)).first::<Option<i64>>(conn)?.unwrap_or(1)
            }
            _ => 1,
        };
        let run = run.map(|run| {
            let report = run.report();
            Shown {
                started_at: run.started_at,
                finished_at: run.finished_at,
                up_to: run.up_to.min(last),
                last,
                receivers: report.receivers,
                lines: words::of(&report, campaign, organisation),
            }
        });
        let lacks = lacks(draft, now).map(|lacks| (lacks.message.clone(), lacks.link(campaign.id)));
        Ok(Some(Self { path: format!("{}/dry-run", campaign.path()), lacks, run }))
    }

    /// Whether there is more to come.
    pub fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.finished_at.is_none())
    }
}

impl Shown {
    /// "2.3 s".
    pub fn took(&self) -> String {
        let took = self.finished_at.map_or(0, |end| (end - self.started_at).num_milliseconds());
        format!("{}.{} s", took / 1000, took % 1000 / 100)
    }
}

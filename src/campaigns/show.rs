//! A campaign's page: what it is, how it does, what can be done with it now.

use actix_web::web::Path;
use askama::Template;
use diesel::PgConnection;

use super::audience::Audience;
use super::draft::Draft;
use super::joined_by::{self, JoiningGroup};
use super::progress::Progress;
use super::sections::{self, Section};
use super::stats::{self, DayRow, Funnel, GroupRow};
use super::steps::Step;
use super::warnings::{self, Warning};
use super::{Channel, Status, chosen, picture};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{PageResult, Shell, filters, show};

#[derive(Template)]
#[template(path = "campaigns/show.html")]
struct ShowPage {
    shell: Shell,
    tab: &'static str,
    path: String,
    name: String,
    channel: Channel,
    status: Status,
    continue_path: String,
    missing: usize,
    picture: String,
    sections: Vec<Section>,
    data: Data,
    funnel: Vec<(&'static str, i64)>,
    days: Vec<(String, String, i64, i64)>,
}

struct Data {
    draft: Draft,
    funnel: Funnel,
    days: Vec<DayRow>,
    groups: Vec<GroupRow>,
    joining: Vec<JoiningGroup>,
    coverage: Vec<Warning>,
    progress: Progress,
    receivers: i64,
}

/// `GET /campaigns/{id}`
pub async fn show_campaign(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (id, now, zone) = (*id, shell.now, shell.zone());
    let data = db
        .snapshot(move |conn: &mut PgConnection| -> Result<_, AppError> {
            let draft = Draft::load(conn, id)?;
            let audience = Audience::of(conn, id)?;
            let counts = draft.campaign.published_at.is_some() && draft.campaign.channel() != Channel::Code;
            Ok(Data {
                receivers: if counts { audience.reach(conn)?.receivers } else { 0 },
                funnel: stats::funnel(conn, id)?,
                days: stats::per_day(conn, id, now, zone)?,
                groups: stats::per_group(conn, id)?,
                joining: joined_by::groups(conn, id)?,
                coverage: warnings::coverage(conn, &draft, now, zone)?,
                progress: Progress::of(conn, &draft.campaign, now)?,
                draft,
            })
        })
        .await?;
    show(&ShowPage::of(shell, data))
}

impl ShowPage {
    fn of(shell: Shell, data: Data) -> Self {
        let (draft, organisation) = (&data.draft, shell.organisation.clone());
        let campaign = &draft.campaign;
        let status = campaign.status(shell.now);
        let step = if status == Status::Draft { draft.current_step(shell.now) } else { Step::Content };
        let days =
            data.days.iter().map(|row| (row.day.to_string(), organisation.date(row.day), row.issued, row.validated));
        Self {
            tab: "overview",
            path: campaign.path(),
            name: campaign.name().to_owned(),
            channel: campaign.channel(),
            status,
            continue_path: step.path(campaign.id),
            missing: draft.missing(shell.now).len(),
            picture: campaign.content.picture_id.map(picture::path).unwrap_or_default(),
            sections: sections::of(campaign, &chosen::in_words(campaign.everyone, &draft.groups), &organisation),
            funnel: data.funnel.steps(campaign.channel(), data.receivers),
            days: days.collect(),
            shell,
            data,
        }
    }

    fn is(&self, status: &str) -> bool {
        self.status.key() == status
    }

    fn at(&self, what: &str) -> String {
        format!("{}/{what}", self.path)
    }

    fn may_pause(&self) -> bool {
        matches!(self.status, Status::Scheduled | Status::Live)
    }

    fn may_cancel(&self) -> bool {
        matches!(self.status, Status::Scheduled | Status::Live | Status::Paused)
    }

    fn may_end(&self) -> bool {
        matches!(self.status, Status::Live | Status::Paused)
    }

    fn is_code(&self) -> bool {
        self.channel == Channel::Code
    }

    fn missing_words(&self) -> String {
        match self.missing {
            0 => "Nothing is missing: it can be published.".to_owned(),
            1 => "One thing is missing before it can be published.".to_owned(),
            many => format!("{many} things are missing before it can be published."),
        }
    }
}

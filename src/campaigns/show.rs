//! A campaign's page: what it is, how it does, what can be done with it now.

use actix_web::web::Path;
use askama::Template;
use chrono::DateTime;
use chrono_tz::Tz;
use diesel::PgConnection;

use super::audience::Audience;
use super::days::{self, DayRow};
use super::draft::Draft;
use super::group_split::{self, GroupLine};
use super::joined_by::{self, JoiningGroup};
use super::live::Live;
use super::sections::{self, Section};
use super::sending::Sending;
use super::steps::Step;
use super::tally::Tally;
use super::warnings::{self, Warning};
use super::{Channel, Status, chosen, numbers, picture, time_words};
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
    days: Vec<(String, String, Vec<i64>)>,
    groups: Vec<GroupLine>,
    coverage: Vec<Warning>,
    joining: Vec<JoiningGroup>,
    live: Live,
    held: Option<String>,
    expected: Option<i64>,
    begins: String,
}

struct Data {
    draft: Draft,
    sending: Option<Sending>,
    live: Live,
    days: Vec<DayRow>,
    groups: Vec<GroupLine>,
    joining: Vec<JoiningGroup>,
    coverage: Vec<Warning>,
    expected: Option<i64>,
}

/// `GET /campaigns/{id}`
pub async fn show_campaign(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (id, now, zone) = (*id, shell.now, shell.zone());
    let data = db.snapshot(move |conn| Data::load(conn, id, now, zone)).await?;
    show(&ShowPage::of(shell, data))
}

impl Data {
    fn load(conn: &mut PgConnection, id: CampaignId, now: DateTime<chrono::Utc>, zone: Tz) -> Result<Self, AppError> {
        let draft = Draft::load(conn, id)?;
        let sending = Sending::of(conn, id)?;
        let tally = Tally::load(conn, id, draft.campaign.is_over(now))?;
        let live = Live::of(conn, &draft.campaign, &tally, sending.as_ref(), now)?;
        let groups = group_split::lines(&tally, &group_split::groups(conn, id)?);
        // issued before it was kept through which group: the rows would all say 0
        let is_known = tally.receivers() == 0 || groups.iter().any(|line| line.receivers > 0);
        Ok(Self {
            expected: expected(conn, &draft, sending.as_ref())?,
            days: days::per_day(conn, id, draft.campaign.channel(), now, zone)?,
            groups: if is_known { groups } else { Vec::new() },
            joining: joined_by::groups(conn, id)?,
            coverage: warnings::coverage(conn, &draft, now, zone)?,
            live,
            sending,
            draft,
        })
    }
}

/// Of a published campaign whose issuing has not begun: for how many it was confirmed, or counts now. None: it has
/// begun, and the ledger says more.
fn expected(conn: &mut PgConnection, draft: &Draft, sending: Option<&Sending>) -> Result<Option<i64>, AppError> {
    let campaign = &draft.campaign;
    if campaign.published_at.is_none() || campaign.issuing_since.is_some() || campaign.channel() == Channel::Code {
        return Ok(None);
    }
    match sending.and_then(Sending::confirmed) {
        Some(confirmed) => Ok(Some(confirmed)),
        None => Ok(Some(Audience::of(conn, campaign.id)?.reach(conn)?.receivers)),
    }
}

impl ShowPage {
    fn of(shell: Shell, data: Data) -> Self {
        let (draft, organisation) = (&data.draft, shell.organisation.clone());
        let campaign = &draft.campaign;
        let status = campaign.status(shell.now);
        let channel = campaign.channel();
        let step = if status == Status::Draft { draft.current_step(shell.now) } else { Step::Content };
        let day = |row: &DayRow| (row.day.to_string(), organisation.date(row.day), row.numbers(channel));
        let is_open = matches!(status, Status::Scheduled | Status::Live | Status::Paused);
        let held = data.sending.as_ref().and_then(Sending::held).filter(|_| is_open);
        Self {
            tab: "overview",
            path: campaign.path(),
            name: campaign.name().to_owned(),
            channel,
            status,
            continue_path: step.path(campaign.id),
            missing: draft.missing(shell.now).len(),
            picture: campaign.content.picture_id.map(picture::path).unwrap_or_default(),
            sections: sections::of(campaign, &chosen::in_words(campaign.everyone, &draft.groups), &organisation),
            days: data.days.iter().map(day).collect(),
            // the ledger says more as soon as it says anything
            expected: data.expected.filter(|_| data.live.numbers.receivers() == 0),
            begins: campaign.times.starts_at.map(|at| time_words::start(at, &organisation)).unwrap_or_default(),
            held: held.map(|held| held.words(&organisation)),
            groups: data.groups,
            coverage: data.coverage,
            joining: data.joining,
            live: data.live,
            shell,
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

    /// The funnel's steps of this channel, by name.
    fn step_names(&self) -> Vec<&'static str> {
        numbers::steps(self.channel).iter().map(|step| step.label()).collect()
    }

    /// A group's numbers, as far as the channel has them.
    fn group_numbers(&self, line: &GroupLine) -> Vec<(&'static str, i64)> {
        numbers::steps(self.channel).iter().map(|step| (step.label(), line.steps[*step as usize])).collect()
    }

    fn series(&self) -> &'static [days::Series] {
        days::series(self.channel)
    }

    fn missing_words(&self) -> String {
        match self.missing {
            0 => "Nothing is missing: it can be published.".to_owned(),
            1 => "One thing is missing before it can be published.".to_owned(),
            many => format!("{many} things are missing before it can be published."),
        }
    }
}

//! A group's page.

use actix_web::web::{Path, Query};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::add_member::AddForm;
use super::facts::{self, Facts};
use super::members::{Edge, GroupMember, PAGE, Roll};
use super::statistics::DayCount;
use super::uses::Use;
use crate::campaigns::status::Status;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::GroupId;
use crate::web::filters::{self, grouped};
use crate::web::period::{instant_of, parse_local};
use crate::web::{FieldErrors, Keyset, PageResult, Shell, Slice, rejected, show as shown};

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ShowQuery {
    q: String,
    at: String,
    #[serde(skip_serializing)]
    after: Option<String>,
    #[serde(skip_serializing)]
    before: Option<String>,
}

/// The page; also shown again when a member could not be added.
#[derive(Template)]
#[template(path = "groups/show.html")]
pub struct ShowPage {
    shell: Shell,
    facts: Facts,
    query: ShowQuery,
    roll: Roll,
    count: i64,
    members: Vec<GroupMember>,
    previous: Option<String>,
    next: Option<String>,
    add: AddForm,
    errors: FieldErrors,
}

/// `GET /settings/user-groups/{id}`
pub async fn show(shell: Shell, db: Db, id: Path<GroupId>, query: Query<ShowQuery>) -> PageResult {
    let page = ShowPage::load(&db, shell, *id, query.into_inner(), AddForm::default(), FieldErrors::new()).await?;
    if page.errors.is_empty() { shown(&page) } else { rejected(&page) }
}

impl ShowPage {
    /// With what was typed to add a member.
    pub async fn load(
        db: &Db,
        shell: Shell,
        id: GroupId,
        query: ShowQuery,
        add: AddForm,
        mut errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let (now, zone) = (shell.now, shell.zone());
        let at = errors.take("at", parse_local(&query.at)).flatten().map(|local| instant_of(local, zone));
        if at.is_some_and(|at| at > now) {
            errors.add("at", "Enter a moment that has passed");
        }
        let roll = Roll::new(id, at.filter(|at| *at <= now), &query.q, &shell);
        let keyset = Keyset { after: query.after.clone(), before: query.before.clone() };
        let (facts, roll, count, members) = db
            .snapshot(move |conn| -> Result<_, AppError> {
                let facts = facts::load(conn, id, now, zone)?;
                let rows = roll.page(conn, Edge::of(&keyset), PAGE + 1)?;
                let count = roll.count(conn)?;
                Ok((facts, roll, count, Slice::cut(rows, &keyset, PAGE, |row: &GroupMember| row.id.to_string())))
            })
            .await?;
        let page =
            |side: &str, key: &Option<String>| key.as_ref().map(|key| query.page(&facts.group.path(), side, key));
        let (previous, next) = (page("before", &members.previous), page("after", &members.next));
        Ok(Self { shell, facts, query, roll, count, members: members.rows, previous, next, add, errors })
    }

    fn is_past(&self) -> bool {
        self.roll.at.is_some()
    }

    fn is_searched(&self) -> bool {
        self.roll.searched.is_some()
    }

    /// The address without search and moment.
    fn clear(&self) -> String {
        if self.is_past() || self.is_searched() {
            format!("{}#members", self.facts.group.path())
        } else {
            String::new()
        }
    }

    fn export_path(&self) -> String {
        let query = serde_html_form::to_string(&self.query).unwrap_or_default();
        format!("{}/members.csv?{query}", self.facts.group.path())
    }

    /// "214 members", with the moment where it is a past one.
    fn counted(&self) -> String {
        let noun = if self.count == 1 { "member" } else { "members" };
        let then = self.roll.at.map(|at| format!(" on {}", self.shell.organisation.moment(at)));
        let found = if self.is_searched() { " found" } else { "" };
        format!("{} {noun}{found}{}", grouped(self.count), then.unwrap_or_default())
    }

    fn searched(&self) -> String {
        self.roll.searched.as_ref().map(|text| format!("“{}”", text.text())).unwrap_or_default()
    }

    fn status(&self, campaign: &Use) -> Status {
        campaign.status(self.shell.now)
    }

    fn tone(&self, campaign: &Use) -> &'static str {
        super::uses::tone(self.status(campaign))
    }

    fn members_now(&self) -> String {
        grouped(self.facts.members)
    }

    fn date(&self, count: &DayCount) -> String {
        self.shell.organisation.date(count.day)
    }
}

impl ShowQuery {
    /// Search and moment, for the export.
    pub fn roll(&self, group: GroupId, shell: &Shell) -> Roll {
        let local = parse_local(&self.at).ok().flatten();
        let at = local.map(|local| instant_of(local, shell.zone())).filter(|at| *at <= shell.now);
        Roll::new(group, at, &self.q, shell)
    }

    fn page(&self, path: &str, side: &str, key: &str) -> String {
        let kept = serde_html_form::to_string(self).unwrap_or_default();
        format!("{path}?{kept}&{side}={key}#members")
    }
}

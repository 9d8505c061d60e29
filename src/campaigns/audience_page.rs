//! The members behind a number of the audience's arithmetic.

use actix_web::web::{Path, Query};
use askama::Template;

use super::audience::{Audience, AudienceMember, Part};
use super::steps::Step;
use super::steps::receivers_form::ReceiversForm;
use super::steps::sum::number;
use super::{Campaign, Channel, campaign};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::filters::grouped;
use crate::web::{Keyset, PageResult, Shell, Slice, show};

#[derive(Template)]
#[template(path = "campaigns/audience.html")]
struct AudiencePage {
    shell: Shell,
    name: String,
    path: String,
    receivers_path: String,
    title: &'static str,
    lead: &'static str,
    here: String,
    query: String,
    page: Slice<AudienceMember>,
    count: i64,
}

/// `GET /campaigns/{id}/audience/{part}`: of the choices in the address, or else of those stored.
pub async fn show_part(
    shell: Shell,
    db: Db,
    address: Path<(CampaignId, String)>,
    query: (Query<ReceiversForm>, Query<Keyset>),
) -> PageResult {
    let (id, key) = address.into_inner();
    let part = Part::parse(&key).ok_or(AppError::NotFound)?;
    let (form, keyset) = (query.0.into_inner(), query.1.into_inner());
    let from_address = if form.audience.is_empty() { String::new() } else { form.query() };
    let (found, page, count) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Campaign::find(conn, id)?;
            let audience = match form.audience(found.channel()) {
                Some(audience) => audience,
                None => Audience::of(conn, id)?,
            };
            let reach = audience.reach(conn)?;
            Ok((found, audience.members(conn, part, &keyset)?, number(&reach, part)))
        })
        .await?;
    show(&AudiencePage {
        name: found.name().to_owned(),
        path: campaign::path(id),
        receivers_path: Step::Receivers.path(id),
        title: part.label(),
        lead: lead(part, found.channel()),
        here: format!("{}/audience/{}", campaign::path(id), part.key()),
        query: from_address,
        page,
        count,
        shell,
    })
}

/// Why these members.
fn lead(part: Part, channel: Channel) -> &'static str {
    match (part, channel) {
        (Part::Included, _) => "Members whom the campaign includes, before anyone is left out.",
        (Part::Excluded, _) => "Included, but in a group that the campaign excludes.",
        (Part::Blocked, _) => "Blocked members receive nothing.",
        (Part::Unreachable, Channel::Email) => "They gave no consent to e-mails, or no e-mail address.",
        (Part::Unreachable, _) => "They gave no consent to SMS, or no phone number.",
        (Part::Receivers, Channel::Code) => "Members who may use the codes in the app.",
        (Part::Receivers, _) => "Members who receive the campaign, as things stand now.",
    }
}

impl AudiencePage {
    fn count_words(&self) -> String {
        let noun = if self.count == 1 { "member" } else { "members" };
        format!("{} {noun}", grouped(self.count))
    }

    fn address(&self, direction: &str, key: &Option<String>) -> Option<String> {
        let end = format!("{direction}={}", key.as_ref()?);
        let query = if self.query.is_empty() { end } else { format!("{}&{end}", self.query) };
        Some(format!("{}?{query}", self.here))
    }

    fn previous(&self) -> Option<String> {
        self.address("before", &self.page.previous)
    }

    fn next(&self) -> Option<String> {
        self.address("after", &self.page.next)
    }
}

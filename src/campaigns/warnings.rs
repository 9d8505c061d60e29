//! What does not stop a campaign from being published, but should be looked at.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::{PgConnection, QueryResult};

use super::draft::Draft;
use super::steps::{Step, Sum};
use super::{Channel, CodeSource, joined_by, pos_words};
use crate::codes::low_stock;
use crate::groups::{GroupState, coverage_of};
use crate::web::filters::grouped;

/// A sentence, and where it can be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// One sentence, without a full stop.
    pub text: String,
    /// Words and address of a way to mend it.
    pub link: Option<(&'static str, String)>,
}

/// All there are.
pub fn of(
    conn: &mut PgConnection,
    draft: &Draft,
    sum: &Sum,
    now: DateTime<Utc>,
    zone: Tz,
) -> QueryResult<Vec<Warning>> {
    let campaign = &draft.campaign;
    let mend = |step: Step, words: &'static str| Some((words, step.path(campaign.id)));
    let mut warnings = coverage(conn, draft, now, zone)?;
    if !campaign.pos.allow_in_app_validation {
        for group in joined_by::groups(conn, campaign.id)? {
            let text =
                format!("Members join “{}” by this campaign’s codes, but the app does not take them", group.name);
            warnings.push(Warning { text, link: mend(Step::PosInput, "Allow in app validation") });
        }
    }
    if sum.is_nobody() {
        let text = "Nobody receives this campaign now".to_owned();
        warnings.push(Warning { text, link: mend(Step::Receivers, "Change the receivers") });
    }
    if let Some(text) = few_codes(draft, sum) {
        warnings.push(Warning { text, link: mend(Step::PosInput, "Change the codes") });
    }
    let over = draft.groups.iter().filter(|group| group.included && group.state(now) == GroupState::Ended);
    for group in over {
        let text = format!("“{}” has ended: nothing is issued through it", group.name);
        warnings.push(Warning { text, link: mend(Step::Receivers, "Change the receivers") });
    }
    Ok(warnings)
}

/// Where a group joins by the campaign and the campaign does not run for as long as the group does.
pub fn coverage(conn: &mut PgConnection, draft: &Draft, now: DateTime<Utc>, zone: Tz) -> QueryResult<Vec<Warning>> {
    let campaign = &draft.campaign;
    // before it is published, that it is not published is no news
    let is_news = |text: &String| campaign.published_at.is_some() || !text.ends_with("the campaign is not published");
    let link = Some(("Change the time frame", format!("{}#field-end", Step::TimeSettings.path(campaign.id))));
    let sentences = coverage_of::for_campaign(conn, campaign.id, now, zone)?;
    let gaps = sentences.into_iter().filter(is_news).map(|text| Warning { text, link: link.clone() });
    Ok(gaps.chain(low_stock(conn, draft, now)?).collect())
}

/// Fewer codes left to hand out than there should be.
fn low_stock(conn: &mut PgConnection, draft: &Draft, now: DateTime<Utc>) -> QueryResult<Option<Warning>> {
    let campaign = &draft.campaign;
    let Some(free) = low_stock::free_if_low(conn, campaign.id, now)? else { return Ok(None) };
    let (words, page) = match campaign.pos.code_source() {
        Some(CodeSource::Imported) => ("Import more", "import"),
        _ => ("Make more codes", "new"),
    };
    let text = format!("Few codes are left to hand out: {}", grouped(free));
    Ok(Some(Warning { text, link: Some((words, format!("{}/codes/{page}", campaign.path()))) }))
}

/// Fewer uses than receivers.
fn few_codes(draft: &Draft, sum: &Sum) -> Option<String> {
    let campaign = &draft.campaign;
    let (uses, noun) = match campaign.pos.code_source()? {
        CodeSource::One => (campaign.pos.validations_in_all?.into(), "validation"),
        CodeSource::Many => (campaign.pos.code_count?.into(), "code"),
        CodeSource::Imported => (draft.codes.there, "code"),
        CodeSource::Personal => return None,
    };
    // a code on paper is for those who get the paper
    let counts = campaign.channel() != Channel::Code && uses < sum.receivers();
    counts.then(|| format!("{} for {} receivers", pos_words::counted(uses, noun), grouped(sum.receivers())))
}

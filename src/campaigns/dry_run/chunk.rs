//! One chunk of a dry run: claimed, counted and noted in one transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{QueryableByName, sql_query};

use super::estimate::{Estimate, Plan};
use super::render::render;
use super::{DryRun, Report};
use crate::campaigns::audience_sql::Bounds;
use crate::campaigns::test_send::texts::{Texts, message_channel};
use crate::campaigns::{Audience, Campaign, Channel, CodeSource};
use crate::channels::MessageChannel;
use crate::codes::counts::CodeCounts;
use crate::deliveries::chunk::{Failed, MEMBERS, NextMembers};
use crate::ids::CampaignId;
use crate::schema::{channel, setting};

/// Members of a chunk that are alike.
#[derive(QueryableByName)]
struct AlikeRow {
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Bool)]
    has_address: bool,
    #[diesel(sql_type = Bool)]
    consents: bool,
    #[diesel(sql_type = BigInt)]
    members: i64,
}

/// The next chunk of a run that waits; none: nothing does.
pub fn work_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<CampaignId>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some(run) = DryRun::claim(conn, held_back)? else { return Ok(None) };
        claimed = Some(run.campaign_id);
        work(conn, &run, now)?;
        Ok(claimed)
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

fn work(conn: &mut PgConnection, run: &DryRun, now: DateTime<Utc>) -> QueryResult<()> {
    let end = NextMembers::after(conn, run.up_to)?;
    let campaign = Campaign::find(conn, run.campaign_id)?;
    let mut report = run.report();
    if end.members > 0 {
        let begins_at = begins_at(&campaign, now);
        let audience = Audience::of(conn, campaign.id)?.still_running(conn, begins_at)?;
        let rows = alike(conn, &campaign, &audience, Bounds { after: run.up_to, up_to: end.up_to })?;
        count(conn, &mut report, &campaign, rows)?;
    }
    let is_done = end.members < MEMBERS;
    if is_done {
        finish(conn, &mut report, &campaign, now)?;
    }
    run.store(conn, end.up_to, &report, is_done.then_some(now))
}

fn begins_at(campaign: &Campaign, now: DateTime<Utc>) -> DateTime<Utc> {
    campaign.times.starts_at.map_or(now, |start| start.max(now))
}

fn alike(
    conn: &mut PgConnection,
    campaign: &Campaign,
    audience: &Audience,
    bounds: Bounds,
) -> QueryResult<Vec<AlikeRow>> {
    let (has_address, consents) = match message_channel(campaign) {
        Some(MessageChannel::Sms) => ("member.phone IS NOT NULL", "member.sms_consent"),
        Some(MessageChannel::Email) => ("member.email IS NOT NULL", "member.email_consent"),
        Some(MessageChannel::Push) => (
            "EXISTS (SELECT FROM push_subscription WHERE push_subscription.member_id = member.id)",
            "member.push_consent",
        ),
        None => ("true", "true"),
    };
    sql_query(format!(
        "SELECT audience.part, coalesce(member.time_zone, '') AS zone, {has_address} AS has_address, {consents} AS consents,
           count(*) AS members
         FROM ({}) AS audience JOIN member ON member.id = audience.id{} GROUP BY 1, 2, 3, 4",
        audience.sql(bounds),
        bounds.on("member.id")
    ))
    .load(conn)
}

fn count(conn: &mut PgConnection, report: &mut Report, campaign: &Campaign, rows: Vec<AlikeRow>) -> QueryResult<()> {
    let public_url: String = setting::table.select(setting::public_url).first(conn)?;
    let channel = message_channel(campaign);
    for row in rows {
        match row.part.as_str() {
            "excluded" => report.excluded += row.members,
            "blocked" => report.blocked += row.members,
            "no_address" => report.no_address += row.members,
            "unreachable" if !row.has_address => report.no_address += row.members,
            "unreachable" | "no_consent" => report.no_consent += row.members,
            _ => {
                report.receivers += row.members;
                let Some(channel) = channel else { continue };
                // of an App coupon: who is not told of it
                if !row.consents {
                    report.no_consent += row.members;
                } else if !row.has_address {
                    report.no_device += row.members;
                } else if let Ok(texts) = Texts::of(campaign, channel) {
                    render(report, channel, &texts, &public_url, row.members);
                    *report.zones.entry(row.zone).or_default() += row.members;
                }
            }
        }
    }
    Ok(())
}

/// What is known only when all are counted.
fn finish(conn: &mut PgConnection, report: &mut Report, campaign: &Campaign, now: DateTime<Utc>) -> QueryResult<()> {
    let source = campaign.pos.code_source();
    if source.is_some_and(CodeSource::can_run_low) && campaign.channel() != Channel::Code {
        // imported ones are there before the campaign is published
        let made = if campaign.published_at.is_some() || source == Some(CodeSource::Imported) {
            CodeCounts::kept(conn, campaign.id, None)?.all
        } else {
            campaign.pos.code_count.unwrap_or(0).into()
        };
        report.missing_codes = (report.receivers - made).max(0);
    }
    let Some(used) = message_channel(campaign) else { return Ok(()) };
    report.placeholders = Texts::of(campaign, used).map(|texts| texts.unknown_placeholders()).unwrap_or_default();
    let columns = (channel::is_on, channel::rate);
    let (is_on, rate): (bool, Option<i32>) = channel::table.find(used.key()).select(columns).first(conn)?;
    let zone: String = setting::table.select(setting::time_zone).first(conn)?;
    let made = if report.nanos > 0 { report.messages as f64 / report.nanos as f64 * 1e9 } else { 1e6 };
    let plan = Plan {
        zones: &report.zones,
        zone: zone.parse().unwrap_or(chrono_tz::Tz::UTC),
        quiet: campaign.times.quiet_from.zip(campaign.times.quiet_until),
        begins_at: begins_at(campaign, now),
        ends_at: campaign.times.ends_at,
        per_second: rate.filter(|_| is_on).map_or(made, |rate| made.min(rate.into())),
    };
    report.estimate = Some(Estimate { rate, is_on, ..plan.estimate() });
    Ok(())
}

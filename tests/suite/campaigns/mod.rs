//! Campaigns: the wizard, publishing, and a campaign's life.

mod audience;
mod bounded;
mod content;
mod held;
mod life;
mod list;
mod live;
mod live_changes;
mod pos_input;
mod publishing;
mod receivers;
mod retry;
mod roles;
mod show;
mod tally;
mod time_settings;
mod upload;
mod why;
mod wizard;

use muster::ids::CampaignId;

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// A draft of this kind, begun as a marketer would; its first step.
fn begin(marketer: &Visitor, kind: &str) -> Page {
    let page = marketer.get("/campaigns/new").form(kind).send();
    assert_eq!(page.status, 303, "{}", page.text());
    page.follow(marketer)
}

/// The key of the newest campaign.
fn newest(app: &TestApp) -> CampaignId {
    CampaignId(make::count(app, "SELECT max(id) FROM campaign"))
}

/// A Code coupon, complete but for being published; its review.
fn complete(marketer: &Visitor, name: &str, code: &str) -> Page {
    let page = begin(marketer, "Code coupon");
    let page = page.form("Save and continue").fill("Campaign name", name).fill("Title", "Come in").send();
    let page = page.follow(marketer);
    let page = page.form("Save and continue").tick("Entry only").fill("Code", code).send();
    let page = page.follow(marketer);
    let page = page.form("Save and continue").tick("Everyone").send();
    let page = page.follow(marketer);
    let page = page.form("Save and continue").fill("Start", "2026-11-24T00:00").fill("End", "2026-12-24T23:59").send();
    page.follow(marketer)
}

/// A value of the campaign's row, as text.
fn column(app: &TestApp, id: CampaignId, column: &str) -> String {
    make::text(app, &format!("SELECT coalesce(({column})::text, '') FROM campaign WHERE id = {id}"))
}

/// How many audit entries of this action there are.
fn audited(app: &TestApp, action: &str) -> i64 {
    make::count(app, &format!("SELECT count(*) FROM audit_entry WHERE action = '{action}'"))
}

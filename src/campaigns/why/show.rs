//! Why this member did, or did not, get this campaign: one page, reached from both.

use actix_web::web::Path;
use askama::Template;

use super::situation::{Moment, Situation};
use super::verdict::{Verdict, rules};
use super::{Rule, Teller};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, MemberId};
use crate::web::{PageResult, Shell, show};

#[derive(Template)]
#[template(path = "campaigns/why/show.html")]
struct WhyPage {
    shell: Shell,
    /// Reached from the member's page.
    from_support: bool,
    of: Situation,
    rules: Vec<Rule>,
    verdict: Verdict,
}

/// `GET /campaigns/{id}/why/{member}`
pub async fn of_campaign(shell: Shell, db: Db, address: Path<(CampaignId, MemberId)>) -> PageResult {
    let (campaign, member) = address.into_inner();
    answer(shell, db, campaign, member, false).await
}

/// `GET /user-support/{member}/why/{campaign}`
pub async fn of_member(shell: Shell, db: Db, address: Path<(MemberId, CampaignId)>) -> PageResult {
    let (member, campaign) = address.into_inner();
    answer(shell, db, campaign, member, true).await
}

async fn answer(shell: Shell, db: Db, campaign: CampaignId, member: MemberId, from_support: bool) -> PageResult {
    let now = shell.now;
    let of =
        db.snapshot(move |conn| -> Result<_, AppError> { Ok(Situation::load(conn, campaign, member, now)?) }).await?;
    let teller = Teller { organisation: &shell.organisation, may_edit: shell.may_edit(), sight: shell.sight() };
    let rules = rules(&of, &teller);
    let verdict = Verdict::of(&of, &rules);
    show(&WhyPage { from_support, rules, verdict, of, shell })
}

impl WhyPage {
    fn sentence(&self) -> String {
        self.verdict.sentence(&self.of)
    }

    /// What the rule that decided says.
    fn because(&self) -> &str {
        let decided = |rule: &&Rule| Some(rule.check) == self.verdict.decided_by();
        self.rules.iter().find(decided).map(|rule| rule.words.as_str()).unwrap_or_default()
    }

    fn is_decisive(&self, rule: &Rule) -> bool {
        Some(rule.check) == self.verdict.decided_by()
    }

    /// Of which moment this tells.
    fn moment_words(&self) -> String {
        let at = self.shell.organisation.moment(self.of.moment.at());
        match self.of.moment {
            Moment::Decided(_) => format!("Decided on {at}."),
            Moment::PassedOver(_) => format!(
                "Issued from {at} on; nothing was kept about members who were no receivers, so this is worked out from their history."
            ),
            Moment::Now(_) => "Not decided yet: this is as things stand now.".to_owned(),
        }
    }
}

//! What surrounds each step: the bar, the answers so far, the preview.

use super::preview::Preview;
use super::step::Step;
use crate::campaigns::draft::Draft;
use crate::campaigns::{Status, chosen, time_words};
use crate::ids::CampaignId;
use crate::web::Shell;

/// A step as the bar shows it.
pub struct BarStep {
    /// "1. Content"
    pub text: &'static str,
    /// Its address.
    pub href: String,
    /// done, here, todo, look.
    pub state: &'static str,
}

/// The part that all steps' pages share.
pub struct Frame {
    /// Key.
    pub id: CampaignId,
    /// Of the campaign.
    pub name: String,
    /// "App coupon"
    pub kind: &'static str,
    /// Where the campaign stands.
    pub status: Status,
    /// The steps.
    pub bar: Vec<BarStep>,
    /// Answers so far: name, words; empty words: not answered yet.
    pub summary: Vec<(&'static str, String)>,
    /// What receivers see.
    pub preview: Preview,
}

impl Frame {
    /// Around the step `here`.
    pub fn of(draft: &Draft, here: Step, shell: &Shell) -> Self {
        let campaign = &draft.campaign;
        let missing = draft.missing(shell.now);
        let state = |step: Step| {
            let lacks = missing.iter().any(|missing| missing.step == step);
            match step {
                step if step == here => "here",
                Step::Review if campaign.published_at.is_none() => "todo",
                step if lacks && draft.is_begun(step) => "look",
                _ if lacks => "todo",
                _ => "done",
            }
        };
        let bar = Step::ALL
            .into_iter()
            .map(|step| BarStep { text: step.label(), href: step.path(campaign.id), state: state(step) })
            .collect();
        let summary = vec![
            ("Kind", campaign.channel().kind_label().to_owned()),
            ("Offer", campaign.pos.offer_summary(&shell.organisation.currency)),
            ("Codes", campaign.pos.codes_summary()),
            ("Receivers", chosen::in_words(campaign.everyone, &draft.groups)),
            ("Time frame", time_words::frame(&campaign.marks(), &shell.organisation)),
        ];
        Self {
            id: campaign.id,
            name: campaign.name().to_owned(),
            kind: campaign.channel().kind_label(),
            status: campaign.status(shell.now),
            bar,
            summary,
            preview: Preview::of(&campaign.content, campaign, shell),
        }
    }

    /// Whether it is still a draft.
    pub fn is_draft(&self) -> bool {
        self.status == Status::Draft
    }

    /// Whether it changes no more.
    pub fn is_cancelled(&self) -> bool {
        self.status == Status::Cancelled
    }

    /// Of the campaign's own page.
    pub fn path(&self) -> String {
        crate::campaigns::campaign::path(self.id)
    }

    /// The page's title: a draft is made, a published campaign edited.
    pub fn title(&self) -> String {
        if self.is_draft() { self.name.clone() } else { format!("Edit {}", self.name) }
    }
}

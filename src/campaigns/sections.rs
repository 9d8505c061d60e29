//! All that a campaign says of itself, step by step: for the review and for its own page.

use super::steps::Step;
use super::{Campaign, Channel, CodeSource, Content, time_words};
use crate::ids::CampaignId;
use crate::settings::Organisation;

/// A step's answers.
pub struct Section {
    /// Which step.
    pub step: Step,
    /// Its address; empty: it changes no more.
    pub href: String,
    /// Name and words; empty words: not given.
    pub facts: Vec<(&'static str, String)>,
}

impl Section {
    fn of(step: Step, id: CampaignId, facts: Vec<(&'static str, String)>) -> Self {
        Self { step, href: step.path(id), facts }
    }

    /// Its heading.
    pub fn title(&self) -> &'static str {
        self.step.label()
    }
}

/// In the order of the steps.
pub fn of(campaign: &Campaign, receivers: &str, organisation: &Organisation) -> Vec<Section> {
    let id = campaign.id;
    let mut sections = vec![
        Section::of(Step::Content, id, content(&campaign.content, campaign.channel())),
        Section::of(Step::PosInput, id, pos_input(campaign, &organisation.currency)),
        Section::of(Step::Receivers, id, who(campaign, receivers)),
        Section::of(Step::TimeSettings, id, times(campaign, organisation)),
    ];
    if campaign.cancelled_at.is_some() {
        sections.iter_mut().for_each(|section| section.href.clear());
    }
    sections
}

fn content(content: &Content, channel: Channel) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Campaign name", content.name.clone()),
        ("Title", content.title.clone()),
        ("Text", content.body.clone()),
        ("Image", if content.picture_id.is_some() { "Yes" } else { "None" }.to_owned()),
        ("Terms", content.terms.clone()),
    ];
    match channel {
        Channel::Sms => {
            facts.push(("Sender", content.sms_sender.clone()));
            facts.push(("SMS text", content.sms_text.clone()));
        }
        Channel::Email => {
            facts.push(("Subject", content.email_subject.clone()));
            facts.push(("Body", content.email_body.clone()));
        }
        Channel::App => {
            facts.push(("Notify by push", if content.notify_push { "Yes" } else { "No" }.to_owned()));
        }
        Channel::Code => {}
    }
    facts
}

fn pos_input(campaign: &Campaign, currency: &str) -> Vec<(&'static str, String)> {
    let pos = &campaign.pos;
    let mut facts = vec![
        ("Offer", pos.offer_summary(currency)),
        ("Products", pos.products_summary()),
        ("Minimum basket", pos.basket_summary(currency)),
        ("POS promotion id", pos.pos_promotion_id.clone()),
        ("Shops", pos.shops.join(", ")),
        ("Barcode", pos.barcode().label().to_owned()),
        ("Codes", pos.codes_summary()),
        ("Validations per member", pos.validations_per_member.to_string()),
    ];
    if pos.code_source() != Some(CodeSource::One) {
        let format = pos.code_format();
        let prefix = format.prefix.as_str();
        let after = if prefix.is_empty() { String::new() } else { format!("{prefix}, then ") };
        facts.push(("Code format", format!("{after}{} characters", format.length.get())));
    }
    facts.push(("Allow in app validation", if pos.allow_in_app_validation { "Yes" } else { "No" }.to_owned()));
    let money = |minor: Option<i64>| minor.map(|minor| super::offer::money(minor, currency)).unwrap_or_default();
    let advanced = [
        ("Tender id", pos.tender_id.clone()),
        ("Rebate handling", pos.rebate_handling.clone()),
        ("Merchant remuneration", money(pos.merchant_remuneration)),
        ("Handling fee", money(pos.handling_fee)),
    ];
    facts.extend(advanced.into_iter().filter(|(_, words)| !words.is_empty()));
    facts
}

fn who(campaign: &Campaign, receivers: &str) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Receivers", receivers.to_owned())];
    if campaign.everyone == Some(false) && campaign.channel() != Channel::Code {
        let later = if campaign.also_later { "Yes" } else { "No" };
        facts.push(("Also members who join later", later.to_owned()));
    }
    facts
}

fn times(campaign: &Campaign, organisation: &Organisation) -> Vec<(&'static str, String)> {
    let times = &campaign.times;
    let mut facts = vec![
        ("Start", times.starts_at.map(|at| time_words::start(at, organisation)).unwrap_or_default()),
        ("End", times.ends_at.map(|at| time_words::end(at, organisation)).unwrap_or_default()),
        ("Can be validated", times.days_words()),
    ];
    if campaign.channel() != Channel::Code {
        facts.push(("Validity", times.validity_words()));
        facts.push(("Quiet hours", times.quiet_words()));
        facts.push(("Reminder", times.reminder_words()));
        facts.push(("If it is late", times.if_late().label().to_owned()));
    }
    facts
}

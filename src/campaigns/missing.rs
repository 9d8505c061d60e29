//! What a draft lacks before it can be published.

use chrono::{DateTime, Utc};

use super::draft::{Draft, Missing};
use super::offer::ValueKind;
use super::steps::Step;
use super::{Channel, CodeSource, Content, PosInput, TimeSettings};
use crate::codes::barcode::Barcode;

/// In the order of the steps and their fields.
pub fn of(draft: &Draft, now: DateTime<Utc>) -> Vec<Missing> {
    let campaign = &draft.campaign;
    let mut list = List(Vec::new());
    list.content(&campaign.content, campaign.channel());
    list.pos_input(&campaign.pos);
    list.codes(&campaign.pos, draft);
    list.receivers(draft);
    list.times(&campaign.times, now);
    list.0
}

struct List(Vec<Missing>);

impl List {
    fn note(&mut self, wrong: bool, step: Step, field: &'static str, message: &str) {
        if wrong {
            self.0.push(Missing { step, field, message: message.to_owned() });
        }
    }

    fn content(&mut self, content: &Content, channel: Channel) {
        let mut needs = |text: &str, field, message| self.note(text.is_empty(), Step::Content, field, message);
        needs(&content.name, "name", "Enter a campaign name");
        needs(&content.title, "title", "Enter a title");
        match channel {
            Channel::Sms => needs(&content.sms_text, "sms_text", "Enter the SMS text"),
            Channel::Email => {
                needs(&content.email_subject, "subject", "Enter the e-mail’s subject");
                needs(&content.email_body, "body", "Enter the e-mail’s body");
            }
            Channel::App | Channel::Code => {}
        }
    }

    fn pos_input(&mut self, pos: &PosInput) {
        let Some(offer) = pos.offer() else {
            return self.note(true, Step::PosInput, "offer", "Choose an offer");
        };
        let mut needs = |wrong, field, message| self.note(wrong, Step::PosInput, field, message);
        match offer.value_kind() {
            ValueKind::None => {}
            ValueKind::Amount => needs(pos.amount.is_none(), offer.key(), "Enter the offer’s value"),
            ValueKind::Percent => needs(pos.percent.is_none(), offer.key(), "Enter the offer’s value"),
            ValueKind::Quantities => {
                needs(pos.buy_quantity.is_none(), "buy", "Enter how many items to buy");
                needs(pos.get_quantity.is_none(), "get", "Enter how many items are free");
            }
        }
    }

    fn codes(&mut self, pos: &PosInput, draft: &Draft) {
        let mut needs = |wrong, field, message| self.note(wrong, Step::PosInput, field, message);
        match pos.code_source() {
            None => needs(true, "codes", "Choose where the codes come from"),
            Some(CodeSource::One) => {
                // an empty one is generated, of letters and digits
                let unfit = pos.shared_code.is_none() && pos.barcode() == Barcode::Ean13;
                needs(unfit, "code", "Enter a code of 12 or 13 digits for EAN-13");
                needs(draft.code_taken, "code", "Another campaign has this code: enter another one");
            }
            Some(CodeSource::Many) => {
                needs(pos.code_count.is_none(), "number_of_codes", "Enter how many codes to make")
            }
            Some(CodeSource::Personal) => {}
            Some(CodeSource::Imported) => {
                needs(draft.codes.there == 0, "codes", "Import the codes: choose their file in this step");
                needs(draft.codes.being_removed, "codes", "Wait until the removed codes are gone, then publish");
            }
        }
    }

    fn receivers(&mut self, draft: &Draft) {
        let receivers = draft.receivers();
        self.note(receivers.everyone.is_none(), Step::Receivers, "audience", "Choose who receives the campaign");
        let none = receivers.everyone == Some(false) && !receivers.is_chosen();
        self.note(none, Step::Receivers, "audience", "Include or exclude at least one group");
    }

    fn times(&mut self, times: &TimeSettings, now: DateTime<Utc>) {
        self.note(times.starts_at.is_none(), Step::TimeSettings, "start", "Enter a start");
        self.note(times.ends_at.is_none(), Step::TimeSettings, "end", "Enter an end");
        let over = times.ends_at.is_some_and(|end| end <= now);
        self.note(over, Step::TimeSettings, "end", "Enter an end in the future");
    }
}

//! What receivers will see, beside the form.

use crate::campaigns::{Campaign, Channel, CodeSource, Content, picture};
use crate::channels::push::notice::beginning;
use crate::web::Shell;

/// A phone screen, an SMS or an e-mail.
pub struct Preview {
    /// How it reaches people.
    pub channel: Channel,
    /// Whose it is.
    pub organisation: String,
    /// Title, or what stands for it.
    pub title: String,
    /// Text.
    pub text: String,
    /// "20 % off"
    pub offer: String,
    /// Address of the picture; empty: none.
    pub picture: String,
    /// The code as it may look.
    pub code: String,
    /// SMS: who it comes from.
    pub sender: String,
    /// SMS: its text, `{link}` shown as a short link.
    pub sms_text: String,
    /// E-mail.
    pub subject: String,
    /// E-mail.
    pub body: String,
    /// App: receivers are told by a notification.
    pub notify_push: bool,
}

impl Preview {
    /// Of a content as typed, with the rest from the campaign.
    pub fn of(content: &Content, campaign: &Campaign, shell: &Shell) -> Self {
        let shown = |text: &str, instead: &str| if text.is_empty() { instead.to_owned() } else { text.to_owned() };
        let name = shell.organisation_name();
        Self {
            channel: campaign.channel(),
            organisation: name.to_owned(),
            title: shown(&content.title, "Title"),
            text: content.body.clone(),
            offer: campaign.pos.offer_words(&shell.organisation.currency),
            picture: content.picture_id.map(picture::path).unwrap_or_default(),
            code: code_of(campaign),
            sender: shown(&content.sms_sender, name),
            sms_text: shown(&content.sms_text, "SMS text").replace("{link}", "muster.example/c/…"),
            subject: shown(&content.email_subject, "Subject"),
            notify_push: content.notify_push,
            body: shown(&content.email_body, "Body").replace("{link}", "muster.example/c/…"),
        }
    }

    /// Whether nobody is told of it.
    pub fn is_code(&self) -> bool {
        self.channel == Channel::Code
    }

    /// The text as a notification shows it.
    pub fn notice_text(&self) -> String {
        beginning(&self.text, 120)
    }

    /// "sms", "email" or "app".
    pub fn kind(&self) -> &'static str {
        match self.channel {
            Channel::Sms => "sms",
            Channel::Email => "email",
            Channel::App | Channel::Code => "app",
        }
    }
}

/// The one code, or how a generated one looks.
fn code_of(campaign: &Campaign) -> String {
    let pos = &campaign.pos;
    match (pos.code_source(), &pos.shared_code) {
        (Some(CodeSource::One), Some(code)) => code.clone(),
        _ => pos.code_format().sample(),
    }
}

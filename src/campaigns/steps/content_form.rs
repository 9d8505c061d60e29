//! Step 1 as typed.

use serde::Deserialize;

use crate::campaigns::sms_sender::SmsSender;
use crate::campaigns::{Channel, Content};
use crate::web::FieldErrors;
use crate::web::text::{Line, Paragraphs};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ContentForm {
    pub name: String,
    pub title: String,
    pub text: String,
    pub terms: String,
    pub sender: String,
    pub sms_text: String,
    pub subject: String,
    pub body: String,
    pub notify_push: String,
    pub remove_image: String,
    pub then: String,
}

impl ContentForm {
    /// What is stored, to be edited.
    pub fn of(content: &Content) -> Self {
        let content = content.clone();
        Self {
            name: content.name,
            title: content.title,
            text: content.body,
            terms: content.terms,
            sender: content.sms_sender,
            sms_text: content.sms_text,
            subject: content.email_subject,
            body: content.email_body,
            notify_push: if content.notify_push { "on".to_owned() } else { String::new() },
            ..Self::default()
        }
    }

    /// What is given is checked; what is not may come later. The picture is the caller's business.
    pub fn parse(&self, channel: Channel) -> (Content, FieldErrors) {
        let mut errors = FieldErrors::new();
        let mut given = |field: &str, parsed: Result<Option<String>, String>| {
            errors.take(field, parsed).flatten().unwrap_or_default()
        };
        let mut content = Content {
            name: given("name", Line::parse(&self.name, Content::MAX_NAME)),
            title: given("title", Line::parse(&self.title, Content::MAX_TITLE)),
            body: given("text", Paragraphs::parse(&self.text, Content::MAX_TEXT)),
            terms: given("terms", Paragraphs::parse(&self.terms, Content::MAX_TERMS)),
            ..Content::default()
        };
        match channel {
            Channel::Sms => {
                let sender =
                    SmsSender::parse(&self.sender).map(|sender| sender.map(|sender| sender.as_str().to_owned()));
                content.sms_sender = given("sender", sender);
                content.sms_text = given("sms_text", with_link(Paragraphs::parse(&self.sms_text, Content::MAX_TEXT)));
            }
            Channel::Email => {
                content.email_subject = given("subject", Line::parse(&self.subject, Content::MAX_SUBJECT));
                content.email_body = given("body", Paragraphs::parse(&self.body, Content::MAX_EMAIL));
            }
            Channel::App => content.notify_push = self.notify_push == "on",
            Channel::Code => {}
        }
        (content, errors)
    }
}

/// Without the link nobody could open the coupon.
fn with_link(text: Result<Option<String>, String>) -> Result<Option<String>, String> {
    match text? {
        Some(text) if !text.contains("{link}") => {
            Err("Write {link} where the link to the coupon shall stand".to_owned())
        }
        text => Ok(text),
    }
}

//! What a campaign's message says, as far as it can be said without a receiver.

use crate::campaigns::draft::Missing;
use crate::campaigns::steps::Step;
use crate::campaigns::{Campaign, Channel};
use crate::channels::MessageChannel;
use crate::channels::push::notice::{MAX_TEXT, beginning};

/// Stands for the coupon's address.
pub const LINK: &str = "{link}";

/// How receivers are told; none: they are not.
pub fn message_channel(campaign: &Campaign) -> Option<MessageChannel> {
    match campaign.channel() {
        Channel::Sms => Some(MessageChannel::Sms),
        Channel::Email => Some(MessageChannel::Email),
        Channel::App => campaign.content.notify_push.then_some(MessageChannel::Push),
        Channel::Code => None,
    }
}

/// A message's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// E-mail's subject, a notification's title.
    pub subject: String,
    /// With `{link}` where the address shall stand; a notification has none.
    pub body: String,
}

impl Texts {
    /// Of a campaign, as it is now; else what has to be entered first.
    pub fn of(campaign: &Campaign, channel: MessageChannel) -> Result<Self, Missing> {
        let content = &campaign.content;
        let (subject, body, needed): (&str, String, &[_]) = match channel {
            MessageChannel::Sms => {
                ("", content.sms_text.clone(), &[(&content.sms_text, "sms_text", "Enter the SMS text")])
            }
            MessageChannel::Email => (
                &content.email_subject,
                with_link(&content.email_body),
                &[
                    (&content.email_subject, "subject", "Enter the e-mail’s subject"),
                    (&content.email_body, "body", "Enter the e-mail’s body"),
                ],
            ),
            MessageChannel::Push => {
                (&content.title, beginning(&content.body, MAX_TEXT), &[(&content.title, "title", "Enter a title")])
            }
        };
        match needed.iter().find(|(text, ..)| text.is_empty()) {
            Some((_, field, message)) => Err(Missing { step: Step::Content, field, message: (*message).to_owned() }),
            None => Ok(Self { subject: subject.to_owned(), body }),
        }
    }

    /// The same with an address in its place.
    pub fn with_address(&self, address: &str) -> Self {
        Self { subject: self.subject.clone(), body: self.body.replace(LINK, address) }
    }

    /// Words in braces that nothing will be put in the place of.
    pub fn unknown_placeholders(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for text in [&self.subject, &self.body] {
            for part in text.split('{').skip(1) {
                let Some((name, _)) = part.split_once('}') else { continue };
                let is_name = !name.is_empty()
                    && name.len() <= 30
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '-' | '.'));
                let whole = format!("{{{name}}}");
                if is_name && (whole != LINK || text == &self.subject) && !found.contains(&whole) {
                    found.push(whole);
                }
            }
        }
        found
    }
}

/// An e-mail that does not say where its link stands has it at the end.
fn with_link(body: &str) -> String {
    if body.contains(LINK) { body.to_owned() } else { format!("{}\n\n{LINK}", body.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_is_put_into_is_found() {
        let texts =
            |subject: &str, body: &str| Texts { subject: subject.into(), body: body.into() }.unknown_placeholders();
        assert_eq!(texts("", "Hi {name}, {link} {name} {first_name}"), ["{name}", "{first_name}"]);
        assert_eq!(texts("Here: {link}", "{ } {} {link} {a\nb}"), ["{link}", "{ }"]);
        assert!(texts("", "no { braces } here? {link}").contains(&"{ braces }".to_owned()));
    }
}

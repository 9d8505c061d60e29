//! What dashboard users are told by e-mail. Nothing a message says lets anyone in but the link of an invitation or a
//! reset, once.

use chrono::{DateTime, Utc};

use super::link_token::LinkToken;
use crate::deliveries::message::NewMessage;

/// A message to a dashboard user, or to someone who shall become one.
pub struct Notice {
    /// E-mail's subject.
    pub subject: String,
    /// Paragraphs.
    pub body: String,
    /// Of the token in its link.
    link_hash: Option<Vec<u8>>,
}

/// What a person does who did not do what a message tells of.
const NOT_YOU: &str = "If this was not you, reset your password on the sign-in page and tell an Admin.";

impl Notice {
    /// A link that makes a dashboard user.
    pub fn invitation(organisation: &str, invited_by: &str, role: &str, (url, token): (&str, &LinkToken)) -> Self {
        let link = format!("{url}/invitation/{}", token.text());
        Self {
            link_hash: Some(token.hash()),
            subject: format!("Your access to {organisation}"),
            body: format!(
                "{invited_by} invites you to the dashboard of {organisation}, as {role}.\n\nOpen this link and choose a password:\n{link}\n\nIt works once, for 72 hours."
            ),
        }
    }

    /// A link that sets a password.
    pub fn reset(organisation: &str, (url, token): (&str, &LinkToken)) -> Self {
        let link = format!("{url}/password-reset/{}", token.text());
        Self {
            link_hash: Some(token.hash()),
            subject: format!("Reset your password for {organisation}"),
            body: format!(
                "Someone asked to reset your password for the dashboard of {organisation}. To choose a new one, open this link:\n{link}\n\nIt works once, for an hour. If this was not you, do nothing: your password stays as it is."
            ),
        }
    }

    /// Of something about one's sign-in that changed: `what` is a sentence.
    pub fn changed(organisation: &str, what: &str) -> Self {
        let subject = format!("Your sign-in to {organisation} has changed");
        Self { subject, body: format!("{what}\n\n{NOT_YOU}"), link_hash: None }
    }

    /// Of a sign-in from a browser that was never used before.
    pub fn new_browser(organisation: &str, browser: &str, address: &str, when: &str) -> Self {
        Self {
            link_hash: None,
            subject: format!("New sign-in to {organisation}"),
            body: format!(
                "You signed in from a new browser: {browser}, address {address}, {when}.\n\n{NOT_YOU} Under My account you can sign it out."
            ),
        }
    }

    /// Of a webhook that is sent nothing any more: `why` is a sentence without its beginning.
    pub fn webhook_disabled(organisation: &str, name: &str, why: &str, link: &str) -> Self {
        Self {
            link_hash: None,
            subject: format!("A webhook of {organisation} is disabled"),
            body: format!(
                "Nothing is sent to the webhook {name} any more: {why}.\n\nWhat happens is kept for it for 30 days. Mend its receiver, then enable it here, and all that it missed is sent:\n{link}"
            ),
        }
    }

    /// Ready for the queue.
    pub fn to(self, email: &str, now: DateTime<Utc>) -> NewMessage {
        NewMessage {
            member_id: None,
            campaign_id: None,
            purpose: "staff",
            channel: "email",
            recipient: email.to_owned(),
            subject: self.subject,
            body: self.body,
            link_hash: self.link_hash,
            created_at: now,
        }
    }
}

//! The form of Settings → Channels → **E-mail**.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::settings::{Security, SmtpSettings, SmtpTyped};
use crate::channels::pace_form;
use crate::channels::stored::{Pace, StoredChannel};
use crate::web::FieldErrors;

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EmailForm {
    pub is_on: String,
    pub host: String,
    pub port: String,
    pub security: String,
    pub user: String,
    pub password: String,
    pub remove_password: String,
    pub sender_name: String,
    pub sender_address: String,
    pub reply_to: String,
    pub ca_certificate: String,
    pub timeout: String,
    pub rate: String,
    pub connections: String,
    pub new_hook: String,
}

/// What the channel keeps sealed: the transport reads the password of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmailSecret {
    /// Of the user at the server.
    pub password: String,
    /// The secret part of the address for reports of bounces and complaints.
    pub hook: String,
}

impl EmailSecret {
    /// Where a mail service reports to; empty: there is no such address yet.
    pub fn callback(&self, public_url: &str) -> String {
        if self.hook.is_empty() { String::new() } else { format!("{public_url}/hooks/email/{}", self.hook) }
    }
}

impl EmailForm {
    /// What is stored.
    pub fn of(stored: &StoredChannel) -> Self {
        let settings: Option<SmtpSettings> = stored.settings();
        let typed = settings.as_ref().map(SmtpTyped::of).unwrap_or_default();
        Self {
            is_on: pace_form::tick(stored.is_on),
            host: typed.host,
            port: typed.port,
            security: typed.security,
            user: typed.user,
            sender_name: typed.sender_name,
            sender_address: typed.sender_address,
            reply_to: typed.reply_to,
            ca_certificate: typed.ca_certificate,
            timeout: typed.timeout,
            rate: pace_form::rate_text(stored.rate),
            connections: stored.connections.to_string(),
            ..Self::default()
        }
    }

    fn smtp(&self) -> SmtpTyped {
        let form = self.clone();
        SmtpTyped {
            host: form.host,
            port: form.port,
            security: form.security,
            user: form.user,
            sender_name: form.sender_name,
            sender_address: form.sender_address,
            reply_to: form.reply_to,
            ca_certificate: form.ca_certificate,
            timeout: form.timeout,
        }
    }

    /// Valid values, or all that is wrong.
    pub fn parse(&self, before: &EmailSecret) -> Result<(Pace, SmtpSettings, EmailSecret), FieldErrors> {
        let (mut errors, settings) = match self.smtp().parse() {
            Ok(settings) => (FieldErrors::new(), Some(settings)),
            Err(errors) => (errors, None),
        };
        let pace = pace_form::parse(&self.is_on, &self.rate, &self.connections, &mut errors);
        let password = pace_form::secret(&before.password, &self.password, &self.remove_password);
        if self.user.trim().is_empty() && !password.is_empty() {
            errors.add("user", "Enter the user that the password belongs to, or remove the password");
        }
        if self.security == Security::None.key() && !password.is_empty() && !is_near(self.host.trim()) {
            errors.add("security", "Choose STARTTLS or TLS: with None the password would travel in the open");
        }
        match (settings, pace) {
            (Some(settings), Some(pace)) if errors.is_empty() => {
                Ok((pace, settings, EmailSecret { password, hook: before.hook.clone() }))
            }
            _ => Err(errors),
        }
    }

    /// Whether the channel is to send.
    pub fn ticked(&self) -> bool {
        self.is_on == "on"
    }
}

/// On this machine, where nobody listens in between.
fn is_near(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn typed() -> EmailForm {
        EmailForm {
            host: "smtp.example.com".into(),
            port: "587".into(),
            security: "starttls".into(),
            sender_address: "club@example.com".into(),
            timeout: "30".into(),
            connections: "1".into(),
            ..EmailForm::default()
        }
    }

    fn wrong(form: EmailForm) -> Vec<String> {
        let errors = form.parse(&EmailSecret::default()).err().unwrap();
        errors.iter().map(|error| error.field.clone()).collect()
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let form = EmailForm { host: "http://x/".into(), rate: "-1".into(), connections: "33".into(), ..typed() };
        assert_eq!(wrong(form), ["host", "rate", "connections"]);
    }

    #[test]
    fn a_password_has_a_user_and_does_not_travel_in_the_open() {
        let password = || EmailForm { password: "p".into(), ..typed() };
        assert_eq!(wrong(password()), ["user"]);
        assert_eq!(wrong(EmailForm { user: "u".into(), security: "none".into(), ..password() }), ["security"]);
        let near = EmailForm { user: "u".into(), security: "none".into(), host: "127.0.0.1".into(), ..password() };
        assert!(near.parse(&EmailSecret::default()).is_ok());
    }

    #[test]
    fn a_stored_password_stays_until_it_is_removed() {
        let before = EmailSecret { password: "old".into(), hook: "h".into() };
        let form = EmailForm { user: "u".into(), ..typed() };
        let stored = |form: &EmailForm| form.parse(&before).unwrap().2.password;
        assert_eq!(stored(&form), "old");
        assert_eq!(stored(&EmailForm { remove_password: "on".into(), ..form.clone() }), "");
        assert_eq!(stored(&EmailForm { password: "new".into(), remove_password: "on".into(), ..form }), "new");
    }
}

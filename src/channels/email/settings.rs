//! How e-mail leaves: the server, and as whom.

use lettre::transport::smtp::client::Certificate;
use serde::{Deserialize, Serialize};

use crate::members::email::Email;
use crate::web::FieldErrors;
use crate::web::text::Line;

/// What the channel's secret is sealed for.
pub const SECRET_PURPOSE: &str = "channel email";

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Not at all: a server on the same machine.
    None,
    /// Begins in plain text, and goes on only under TLS.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl Security {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::StartTls, Self::Tls, Self::None];

    /// As stored and sent by forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::StartTls => "STARTTLS (usually port 587)",
            Self::Tls => "TLS (usually port 465)",
        }
    }

    /// The one with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|security| security.key() == key)
    }
}

/// `channel.settings` of e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmtpSettings {
    /// Name or address of the server.
    pub host: String,
    /// 587, 465, 25.
    pub port: u16,
    /// TLS or not.
    pub security: Security,
    /// Signs in as; empty: without signing in.
    pub user: String,
    /// As people see it; empty: the organisation's name.
    pub sender_name: String,
    /// From, and where undeliverable mail returns to.
    pub sender_address: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// An authority of one's own, in PEM; none: those that browsers trust.
    pub ca_certificate: Option<String>,
    /// Seconds until the server counts as silent.
    pub timeout: u16,
}

/// `channel.secret` of e-mail, sealed for `SECRET_PURPOSE`.
#[derive(Default, Serialize, Deserialize)]
pub struct SmtpSecret {
    /// Of the user.
    pub password: String,
}

/// The settings as typed. Errors are at fields of these names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SmtpTyped {
    pub host: String,
    pub port: String,
    pub security: String,
    pub user: String,
    pub sender_name: String,
    pub sender_address: String,
    pub reply_to: String,
    pub ca_certificate: String,
    pub timeout: String,
}

impl Default for SmtpTyped {
    fn default() -> Self {
        let text = String::new;
        Self {
            host: text(),
            port: "587".into(),
            security: Security::StartTls.key().into(),
            user: text(),
            sender_name: text(),
            sender_address: text(),
            reply_to: text(),
            ca_certificate: text(),
            timeout: "30".into(),
        }
    }
}

impl SmtpTyped {
    /// What is stored, as it would be typed.
    pub fn of(settings: &SmtpSettings) -> Self {
        let settings = settings.clone();
        Self {
            host: settings.host,
            port: settings.port.to_string(),
            security: settings.security.key().into(),
            user: settings.user,
            sender_name: settings.sender_name,
            sender_address: settings.sender_address,
            reply_to: settings.reply_to.unwrap_or_default(),
            ca_certificate: settings.ca_certificate.unwrap_or_default(),
            timeout: settings.timeout.to_string(),
        }
    }

    /// Valid settings, or all that is wrong.
    pub fn parse(&self) -> Result<SmtpSettings, FieldErrors> {
        let mut errors = FieldErrors::new();
        let host = errors.take("host", host(&self.host));
        let port = errors.take("port", number(&self.port, 1..=65_535, "Enter a port from 1 to 65535"));
        let security =
            errors.take("security", Security::parse(&self.security).ok_or("Choose how the connection is protected"));
        let user = errors.take("user", Line::parse(&self.user, 254));
        let sender_name = errors.take("sender_name", Line::parse(&self.sender_name, 80));
        let sender_address = errors.take("sender_address", Email::parse(&self.sender_address));
        let reply_to = errors.take("reply_to", optional_address(&self.reply_to));
        let ca_certificate = errors.take("ca_certificate", certificate(&self.ca_certificate));
        let timeout = errors.take("timeout", number(&self.timeout, 5..=300, "Enter seconds from 5 to 300"));
        match (host, port, security, user, sender_name, sender_address, reply_to, ca_certificate, timeout) {
            (
                Some(host),
                Some(port),
                Some(security),
                Some(user),
                Some(name),
                Some(sender),
                Some(reply_to),
                Some(ca_certificate),
                Some(timeout),
            ) => Ok(SmtpSettings {
                host,
                port,
                security,
                user: user.unwrap_or_default(),
                sender_name: name.unwrap_or_default(),
                sender_address: sender.as_str().to_owned(),
                reply_to,
                ca_certificate,
                timeout,
            }),
            _ => Err(errors),
        }
    }
}

fn host(raw: &str) -> Result<String, &'static str> {
    let host = raw.trim().trim_start_matches('[').trim_end_matches(']');
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || host.len() > 253 || !host.chars().all(is_part) {
        return Err("Enter the server’s name, like smtp.example.com");
    }
    Ok(host.to_owned())
}

fn number(raw: &str, range: std::ops::RangeInclusive<u16>, instruction: &'static str) -> Result<u16, &'static str> {
    raw.trim().parse().ok().filter(|number| range.contains(number)).ok_or(instruction)
}

fn optional_address(raw: &str) -> Result<Option<String>, String> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    Email::parse(raw).map(|address| Some(address.as_str().to_owned()))
}

fn certificate(raw: &str) -> Result<Option<String>, &'static str> {
    const INSTRUCTION: &str = "Paste the certificate in PEM: from -----BEGIN CERTIFICATE----- to the END line";
    let pem = raw.trim();
    if pem.is_empty() {
        return Ok(None);
    }
    let whole = pem.contains("-----BEGIN CERTIFICATE-----") && pem.contains("-----END CERTIFICATE-----");
    match Certificate::from_pem(pem.as_bytes()) {
        Ok(_) if whole && pem.len() <= 100_000 => Ok(Some(pem.replace('\r', ""))),
        _ => Err(INSTRUCTION),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn typed() -> SmtpTyped {
        SmtpTyped {
            host: " smtp.example.com ".into(),
            sender_address: "Shop@Example.com".into(),
            ..SmtpTyped::default()
        }
    }

    #[test]
    fn what_is_stored_is_read_again() {
        let settings = typed().parse().unwrap();
        assert_eq!((settings.host.as_str(), settings.port, settings.timeout), ("smtp.example.com", 587, 30));
        assert_eq!(SmtpTyped::of(&settings).parse().unwrap(), settings);
        let json = serde_json::to_value(&settings).unwrap();
        assert_eq!(json["security"], "starttls");
        assert_eq!(serde_json::from_value::<SmtpSettings>(json).unwrap(), settings);
    }

    #[test]
    fn each_field_has_its_message() {
        type Change = fn(&mut SmtpTyped);
        let wrong: [(&str, Change); 11] = [
            ("host", |typed| typed.host = String::new()),
            ("host", |typed| typed.host = "smtp.example.com/x".into()),
            ("host", |typed| typed.host = "a\r\nb".into()),
            ("port", |typed| typed.port = "0".into()),
            ("security", |typed| typed.security = "ssl".into()),
            ("user", |typed| typed.user = "a\nb".into()),
            ("sender_name", |typed| typed.sender_name = "a\r\nBcc: x@example.com".into()),
            ("sender_address", |typed| typed.sender_address = "shop".into()),
            ("reply_to", |typed| typed.reply_to = "shop".into()),
            ("ca_certificate", |typed| typed.ca_certificate = "MIIB".into()),
            ("timeout", |typed| typed.timeout = "4".into()),
        ];
        for (field, change) in wrong {
            let mut typed = typed();
            change(&mut typed);
            let errors = typed.parse().unwrap_err();
            assert_eq!(errors.iter().count(), 1, "{field}");
            assert!(errors.on(field).is_some(), "{field}");
        }
    }
}

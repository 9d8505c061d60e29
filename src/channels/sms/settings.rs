//! What is stored of the SMS channel.

use serde::{Deserialize, Serialize};

/// Which gateway's language is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Kannel's `sendsms`.
    #[default]
    Kannel,
    /// Twilio's Messages API, which others offer too.
    Twilio,
    /// Any other: address, headers and body are templates.
    Generic,
}

impl Preset {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Kannel, Self::Twilio, Self::Generic];

    /// As stored and sent by the form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Kannel => "kannel",
            Self::Twilio => "twilio",
            Self::Generic => "generic",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Kannel => "Kannel",
            Self::Twilio => "Twilio or compatible",
            Self::Generic => "Generic",
        }
    }

    /// The preset with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.key() == key)
    }
}

/// How the generic gateway is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// With a body.
    #[default]
    Post,
    /// With a body.
    Put,
    /// All in the address.
    Get,
}

impl Method {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Post, Self::Put, Self::Get];

    /// As sent.
    pub fn key(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Get => "GET",
        }
    }

    /// The method with this name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.key() == key)
    }
}

/// What the body of the generic gateway is, which decides how values in it are escaped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// `application/json`
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

impl BodyKind {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Json, Self::Form];

    /// As stored and sent by the form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Form => "Form fields",
        }
    }

    /// The header Content-Type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }

    /// The kind with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What may be read by all: `channel.settings`. Each preset uses its own part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SmsSettings {
    /// Which gateway's language is spoken.
    pub preset: Preset,
    /// Kannel: of `sendsms`. Twilio: of the API, without path. Generic: a template.
    pub url: String,
    /// Kannel: user. Twilio: Account SID.
    pub user: String,
    /// What phones show where a campaign has no sender of its own.
    pub sender: String,
    /// Kannel: by which of its connections; empty: its own choice.
    pub smsc: String,
    /// Twilio: instead of a sender.
    pub messaging_service: String,
    /// Twilio: reports need no signature.
    pub unsigned: bool,
    /// Generic.
    pub method: Method,
    /// Generic.
    pub body_kind: BodyKind,
    /// Generic: a header a line, templates.
    pub headers: String,
    /// Generic: a template.
    pub body: String,
    /// Generic: statuses that mean accepted, as "200-299".
    pub accepted: String,
    /// Generic: where the gateway's own id stands in its JSON answer, as "messages.0.id".
    pub id_path: String,
}

/// `channel.secret`, sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SmsSecret {
    /// Kannel: password. Twilio: auth token. Generic: what stands for `{secret}`.
    pub password: String,
    /// The secret part of the address for delivery reports.
    pub hook: String,
}

impl SmsSecret {
    /// Where the gateway reports to; empty: there is no such address yet.
    pub fn callback(&self, public_url: &str) -> String {
        if self.hook.is_empty() { String::new() } else { format!("{public_url}/hooks/sms/{}", self.hook) }
    }
}

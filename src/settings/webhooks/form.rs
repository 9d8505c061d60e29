//! What is typed of a webhook, and what becomes of it.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::web::FieldErrors;
use crate::web::text::Line;
use crate::webhooks::{Kind, Target, Webhook};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WebhookForm {
    /// Where to.
    pub url: String,
    /// What for.
    pub description: String,
    /// "all" or "some".
    pub events: String,
    /// Keys of kinds, where "some".
    pub kinds: Vec<String>,
}

/// Checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where to.
    pub url: String,
    /// Empty: none.
    pub description: String,
    /// Empty: all.
    pub kinds: Vec<String>,
}

impl WebhookForm {
    /// As stored.
    pub fn of(hook: &Webhook) -> Self {
        Self {
            url: hook.url.clone(),
            description: hook.description.clone(),
            events: if hook.kinds.is_empty() { "all".into() } else { "some".into() },
            kinds: hook.kinds.clone(),
        }
    }

    /// Values, or what is wrong at which field.
    pub fn parse(&self, target: Target) -> Result<Wanted, FieldErrors> {
        let mut errors = FieldErrors::new();
        let url = errors.take("url", target.parse(&self.url));
        let description = errors.take("description", Line::parse(&self.description, 80));
        let kinds = errors.take("events", self.chosen());
        match (url, description, kinds) {
            (Some(url), Some(description), Some(kinds)) => {
                Ok(Wanted { url, description: description.unwrap_or_default(), kinds })
            }
            _ => Err(errors),
        }
    }

    fn chosen(&self) -> Result<Vec<String>, &'static str> {
        if self.events == "all" {
            return Ok(Vec::new());
        }
        let kinds: Vec<String> =
            Kind::ALL.map(Kind::key).into_iter().filter(|key| self.has(key)).map(str::to_owned).collect();
        if kinds.is_empty() { Err("Choose at least one event, or all") } else { Ok(kinds) }
    }

    fn has(&self, key: &str) -> bool {
        self.kinds.iter().any(|kind| kind == key)
    }

    /// Key, words, whether it is ticked.
    pub fn ticks(&self) -> Vec<(&'static str, String, bool)> {
        let tick = |kind: Kind| (kind.key(), format!("{}: {}", kind.key(), kind.sentence()), self.has(kind.key()));
        Kind::ALL.into_iter().map(tick).collect()
    }
}

impl Wanted {
    /// For the audit log.
    pub fn values(&self) -> Value {
        json!({ "url": self.url, "description": self.description, "events": words(&self.kinds) })
    }

    /// The same of what is stored.
    pub fn of(hook: &Webhook) -> Self {
        Self { url: hook.url.clone(), description: hook.description.clone(), kinds: hook.kinds.clone() }
    }
}

fn words(kinds: &[String]) -> String {
    if kinds.is_empty() { "all".into() } else { kinds.join(", ") }
}

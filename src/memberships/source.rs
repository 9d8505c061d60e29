//! How a stay in a group began or ended.

use serde_json::{Value, json};
use uuid::Uuid;

/// The way in or out, with what is worth knowing later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The member used the switch in the app.
    App,
    /// The member entered this code.
    Code(String),
    /// A dashboard user did it.
    Support {
        /// Who.
        account_id: Uuid,
        /// Who, by name as it was then.
        account_name: String,
        /// Why, if they said.
        reason: Option<String>,
    },
    /// Another program did it, with the key of this name.
    Api(String),
}

impl Source {
    /// As stored in `source` and `left_source`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Code(_) => "code",
            Self::Support { .. } => "support",
            Self::Api(_) => "api",
        }
    }

    /// As stored in `source_detail` and `left_detail`.
    pub fn detail(&self) -> Value {
        match self {
            Self::App => json!({}),
            Self::Code(text) => json!({ "code": text }),
            Self::Api(name) => json!({ "key": name }),
            Self::Support { account_id, account_name, reason } => {
                json!({ "account_id": account_id, "account": account_name, "reason": reason })
            }
        }
    }

    /// In words, from what is stored.
    pub fn words(key: &str, detail: &Value) -> String {
        let text = |name: &str| detail.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match key {
            "app" => "by the member, in the app".into(),
            "code" => format!("by the member, with code {}", text("code")),
            "support" => match (text("account"), text("reason")) {
                (who, why) if why.is_empty() => format!("by {who}"),
                (who, why) => format!("by {who}: {why}"),
            },
            "import" => "by an import".into(),
            "api" => match text("key") {
                name if name.is_empty() => "through the API".into(),
                name => format!("through the API, with key {name}"),
            },
            "game" => "by a game".into(),
            "survey" => "by a survey".into(),
            other => other.to_owned(),
        }
    }
}

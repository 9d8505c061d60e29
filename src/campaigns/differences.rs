//! What a change changed: for the audit log, which keeps no more than that.

use diesel::{PgConnection, QueryResult};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Campaign, campaign};
use crate::audit::{self, Actor, Change, Subject};
use chrono::{DateTime, Utc};

/// The fields that differ, before and after.
pub fn between(before: &impl Serialize, after: &impl Serialize) -> (Value, Value) {
    let (before, after) = (fields(before), fields(after));
    let pick = |from: &Map<String, Value>, other: &Map<String, Value>| {
        let differs = |(key, value): &(&String, &Value)| other.get(*key) != Some(*value);
        Value::Object(from.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect())
    };
    (pick(&before, &after), pick(&after, &before))
}

fn fields(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A form that is nothing but a button.
#[derive(Debug, serde::Deserialize)]
pub struct Confirmed {}

/// Who acts, when.
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
}

impl Act {
    /// Of the one signed in.
    pub fn of(shell: &crate::web::Shell) -> Self {
        Self { actor: shell.actor(), now: shell.now }
    }

    /// Notes a change of a campaign's step. Last in its transaction.
    pub fn changed(
        &self,
        conn: &mut PgConnection,
        campaign: &Campaign,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> QueryResult<()> {
        let (before, after) = between(before, after);
        // a draft's first name is its name in the log
        let name = after.get("name").and_then(Value::as_str).unwrap_or(campaign.name()).to_owned();
        let subject = Subject::new("campaign", campaign.id, campaign::named(&name));
        let change = Change { action: "campaign changed", before: Some(before), after: Some(after) };
        audit::append(conn, &self.actor, self.now, &subject, &change)
    }

    /// Notes what was done with a campaign as a whole. Last in its transaction.
    pub fn done(&self, conn: &mut PgConnection, campaign: &Campaign, action: &'static str) -> QueryResult<()> {
        let subject = Subject::new("campaign", campaign.id, campaign.name());
        audit::append(conn, &self.actor, self.now, &subject, &Change { action, before: None, after: None })
    }

    /// Notes that a campaign came to be, from what. Last in its transaction.
    pub fn made(
        &self,
        conn: &mut PgConnection,
        campaign: &Campaign,
        action: &'static str,
        from: Value,
    ) -> QueryResult<()> {
        let subject = Subject::new("campaign", campaign.id, campaign.name());
        audit::append(conn, &self.actor, self.now, &subject, &Change { action, before: None, after: Some(from) })
    }
}

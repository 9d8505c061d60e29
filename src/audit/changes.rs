//! What an entry's values say, field by field, in words.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::members::Sight;
use crate::settings::Organisation;

/// One field that an act changed, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// "Ends at".
    pub field: String,
    /// Empty: it had no value.
    pub before: String,
    /// Empty: it has no value now.
    pub after: String,
}

/// The fields of both sides, in the order of their names; those that stayed the same are left out.
pub fn between(
    before: Option<&Value>,
    after: Option<&Value>,
    (organisation, sight): (&Organisation, Sight),
) -> Vec<FieldChange> {
    let (before, after) = (fields(before), fields(after));
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let told = |value: Option<&Value>| value.map(|value| sight.text(&words(value, organisation))).unwrap_or_default();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| FieldChange { field: name(key), before: told(before.get(key)), after: told(after.get(key)) })
        // nothing that became nothing, as a reason that was not given
        .filter(|change| change.before != change.after)
        .collect()
}

fn fields(value: Option<&Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(fields)) => fields.clone(),
        Some(Value::Null) | None => Map::new(),
        Some(other) => Map::from_iter([("value".to_owned(), other.clone())]),
    }
}

/// "ends_at" → "Ends at".
fn name(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn words(value: &Value, organisation: &Organisation) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => match text.parse::<DateTime<Utc>>() {
            Ok(at) => organisation.moment(at),
            Err(_) => text.clone(),
        },
        Value::Array(values) => values.iter().map(|value| words(value, organisation)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let told = fields.iter().map(|(key, value)| format!("{}: {}", name(key), words(value, organisation)));
            told.collect::<Vec<_>>().join("; ")
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_changed_is_told() {
        let before = json!({ "name": "VIP", "ends_at": "2026-12-01T23:00:00Z", "order": 1, "viewable": false });
        let after = json!({ "name": "VIP", "ends_at": null, "order": 2, "viewable": true, "groups": ["A", "B"] });
        let told = between(Some(&before), Some(&after), (&Organisation::default(), Sight::Full));
        let told: Vec<(&str, &str, &str)> =
            told.iter().map(|change| (&*change.field, &*change.before, &*change.after)).collect();
        assert_eq!(
            told,
            [
                ("Ends at", "2 Dec 2026, 00:00", ""),
                ("Groups", "", "A, B"),
                ("Order", "1", "2"),
                ("Viewable", "no", "yes")
            ]
        );
        assert_eq!(between(None, None, (&Organisation::default(), Sight::Full)), []);
        assert_eq!(between(None, Some(&json!(7)), (&Organisation::default(), Sight::Full))[0].field, "Value");
    }
}

//! Events in the words of those who talk to members.

use serde_json::Value;

use super::event::Event;
use crate::channels::MessageChannel;
use crate::deliveries::Skip;
use crate::members::Sight;
use crate::memberships::Source;

/// A sentence with what it is about in the middle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// "Joined ".
    pub before: String,
    /// "Tea lovers".
    pub about: String,
    /// ", by the member, in the app".
    pub after: String,
}

impl Telling {
    /// As this viewer may read it: phone numbers and e-mail addresses that were changed stand in it.
    fn for_eyes(self, sight: Sight) -> Self {
        let Self { before, about, after } = self;
        Self { before: sight.text(&before), about, after: sight.text(&after) }
    }
}

fn telling(before: &str, about: &str, after: impl Into<String>) -> Telling {
    Telling { before: before.into(), about: about.into(), after: after.into() }
}

/// An event in words.
pub fn tell(event: &Event, sight: Sight) -> Telling {
    tell_all(event, sight).for_eyes(sight)
}

fn tell_all(event: &Event, sight: Sight) -> Telling {
    let name = event.name.as_deref().unwrap_or_default();
    let words = event.words.as_deref().unwrap_or_default();
    // a provider's words
    let because = if words.is_empty() { String::new() } else { format!(": {}", sight.foreign(words)) };
    match event.kind.as_str() {
        "created" => telling("Became a member", "", ""),
        "audit" => audit(name, who(words), &event.detail),
        "consent" => consent(name, words, &event.detail),
        "attempt" => telling("Entered code ", words, format!(": {}", outcome(&event.detail))),
        "validated" if event.detail["via"] == "till" => {
            telling("Validated ", name, format!(" at a till, code {words}"))
        }
        "validated" => telling("Used code ", words, format!(" in the app: {name}")),
        "reversed" => telling("Validation of ", name, format!(" reversed, code {words}")),
        "joined" => telling("Joined ", name, format!(", {}", Source::words(words, &event.detail))),
        "left" => telling("Left ", name, format!(", {}", Source::words(words, &event.detail))),
        "issued" => telling("Got ", name, ""),
        "sent" => telling("Sent ", name, ""),
        "seen" => telling("Opened ", name, ""),
        "accepted" => telling("The provider reports the arrival of ", name, ""),
        "uncertain" => telling("Perhaps sent ", name, ": a worker ended in the middle of it"),
        "expired" => telling("Expired unused: ", name, ""),
        "skipped" => {
            let why = Skip::parse(words).map_or(words.to_owned(), |skip| skip.label().to_lowercase());
            telling("Did not get ", name, if why.is_empty() { why } else { format!(": {why}") })
        }
        "failed" | "bounced" => telling("Did not get ", name, because),
        "withdrawn" => telling("Withdrawn: ", name, because),
        _ => telling(name, "", because),
    }
}

/// "Ada Adams" of "Ada Adams <ada@example.com>".
fn who(actor: &str) -> &str {
    actor.split_once(" <").map_or(actor, |(name, _)| name)
}

fn outcome(detail: &Value) -> &'static str {
    match detail["outcome"].as_str().unwrap_or_default() {
        "ok" => "accepted",
        "too_many_attempts" => "refused, too many wrong codes in a short time",
        "code_unknown" => "refused, there is no such code",
        "in_app_validation_not_allowed" => "refused, its campaign takes no codes in the app",
        "campaign_not_active" => "refused, its campaign was not live",
        "group_not_active" => "refused, its user group was not active",
        "not_a_receiver" => "refused, it was not for this member",
        "already_member" => "already in the user group, nothing used up",
        "code_used_up" => "refused, it was used up",
        _ => "refused",
    }
}

fn consent(channel: &str, source: &str, detail: &Value) -> Telling {
    let label = MessageChannel::parse(channel).map_or("", MessageChannel::label);
    let campaign = |unknown| detail["campaign"].as_str().unwrap_or(unknown).to_owned();
    let by = match (source, detail["account"].as_str()) {
        (_, Some(name)) => format!(" by {name}"),
        ("app", None) => " by the member, in the app".to_owned(),
        ("import", None) => " by an import".to_owned(),
        ("unsubscribe", None) => format!(" by the member, by the link in {}", campaign("a message")),
        ("complaint", None) => format!(": the member called {} spam", campaign("a message")),
        _ => String::new(),
    };
    let change = if detail["granted"] == true { "given" } else { "withdrawn" };
    telling(&format!("{label} consent {change}"), "", by)
}

fn audit(action: &str, who: &str, detail: &Value) -> Telling {
    let after = &detail["after"];
    match action {
        "member added" => telling("Added as a member by ", who, ""),
        "member changed" => telling(&changes(&detail["before"], after), "", format!(" by {who}")),
        "member blocked" => telling("Blocked by ", who, reason(after)),
        "member unblocked" => telling("Unblocked by ", who, reason(after)),
        other => telling(&format!("{}{}", other[..1].to_uppercase(), &other[1..]), "", format!(" by {who}")),
    }
}

fn reason(after: &Value) -> String {
    after["reason"].as_str().map_or_else(String::new, |reason| format!(": {reason}"))
}

/// "Phone changed from +49 … to +49 …; Name changed from …".
fn changes(before: &Value, after: &Value) -> String {
    let said: Vec<String> = [
        ("name", "Name"),
        ("phone", "Phone"),
        ("email", "E-mail"),
        ("time_zone", "Time zone"),
        ("date_language", "Language of dates"),
    ]
    .into_iter()
    .filter_map(|(key, label)| Some((label, after.get(key)?, before.get(key).unwrap_or(&Value::Null))))
    .map(|(label, after, before)| match (before.as_str(), after.as_str()) {
        (Some(before), Some(after)) => format!("{label} changed from {before} to {after}"),
        (None, Some(after)) => format!("{label} {after} added"),
        (Some(before), None) => format!("{label} {before} removed"),
        (None, None) => format!("{label} changed"),
    })
    .collect();
    if said.is_empty() { "Details changed".to_owned() } else { said.join(", ") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use serde_json::json;

    fn told(kind: &str, name: &str, words: &str, detail: Value) -> String {
        let event = json!({ "at": "2026-11-24T10:00:00Z", "place": "1x", "kind": kind, "name": name, "words": words, "detail": detail });
        let told = tell(&serde_json::from_value(event).unwrap(), Sight::Full);
        format!("{}{}{}", told.before, told.about, told.after)
    }

    #[test]
    fn numbers_and_addresses_are_for_those_who_may_see_them() {
        let detail =
            json!({ "before": { "phone": "+436641234512" }, "after": { "phone": null, "email": "ana@b.example" } });
        let event = json!({ "at": "2026-11-24T10:00:00Z", "place": "1x", "kind": "audit", "name": "member changed",
            "words": "Ada <a@b.c>", "detail": detail });
        let told = tell(&serde_json::from_value(event).unwrap(), Sight::Masked);
        assert_eq!(told.before, "Phone +43 664 •••••12 removed, E-mail a•••@b.example added");
    }

    #[test]
    fn events_are_told_in_plain_words() {
        let by_sue = json!({ "account": "Sue", "reason": "asked by phone" });
        assert_eq!(told("joined", "Tea lovers", "support", by_sue), "Joined Tea lovers, by Sue: asked by phone");
        assert_eq!(told("left", "Tea lovers", "app", json!({})), "Left Tea lovers, by the member, in the app");
        assert_eq!(
            told("attempt", "", "VIPP", json!({ "outcome": "code_unknown" })),
            "Entered code VIPP: refused, there is no such code"
        );
        assert_eq!(
            told("consent", "sms", "app", json!({ "granted": false })),
            "SMS consent withdrawn by the member, in the app"
        );
        let changed =
            json!({ "before": { "name": "Ann", "phone": null }, "after": { "name": "Anne", "phone": "+491" } });
        assert_eq!(
            told("audit", "member changed", "Ada <a@b.c>", changed),
            "Name changed from Ann to Anne, Phone +491 added by Ada"
        );
        assert_eq!(told("audit", "sign-ins ended", "command line", json!(null)), "Sign-ins ended by command line");
        assert_eq!(
            told("audit", "member blocked", "Ada <a@b.c>", json!({ "after": { "reason": "fraud" } })),
            "Blocked by Ada: fraud"
        );
    }
}

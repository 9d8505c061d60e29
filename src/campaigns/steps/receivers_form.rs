//! Step 3 as typed.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::campaigns::chosen::Receivers;
use crate::campaigns::{Audience, Channel};
use crate::ids::GroupId;
use crate::web::FieldErrors;

/// As typed: each group has a field of its own, `group-12`, that holds `include`, `exclude` or nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct ReceiversForm {
    /// "everyone", "groups" or nothing.
    pub audience: String,
    /// By group: include or exclude.
    pub choices: BTreeMap<GroupId, String>,
    /// Ticked: "on".
    pub also_later: String,
    /// The pressed button.
    pub then: String,
}

impl From<Vec<(String, String)>> for ReceiversForm {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "audience" => form.audience = value,
                "also_later" => form.also_later = value,
                "then" => form.then = value,
                other => {
                    let group = other.strip_prefix("group-").and_then(|key| key.parse().ok());
                    if let Some(group) = group.filter(|_| matches!(value.as_str(), "include" | "exclude")) {
                        form.choices.insert(group, value);
                    }
                }
            }
        }
        form
    }
}

impl ReceiversForm {
    /// What is stored, to be edited.
    pub fn of(receivers: &Receivers) -> Self {
        let audience = match receivers.everyone {
            None => "",
            Some(true) => "everyone",
            Some(false) => "groups",
        };
        let included = receivers.included.iter().map(|group| (*group, "include".to_owned()));
        let excluded = receivers.excluded.iter().map(|group| (*group, "exclude".to_owned()));
        Self {
            audience: audience.to_owned(),
            choices: included.chain(excluded).collect(),
            also_later: if receivers.also_later { "on" } else { "" }.to_owned(),
            then: String::new(),
        }
    }

    /// What is chosen. Groups count only where groups are chosen.
    pub fn parse(&self, channel: Channel) -> (Receivers, FieldErrors) {
        let mut errors = FieldErrors::new();
        let everyone = match self.audience.as_str() {
            "" => None,
            "everyone" => Some(true),
            "groups" => Some(false),
            _ => {
                errors.add("audience", "Choose who receives the campaign");
                None
            }
        };
        let keys = |choice: &str| {
            let chosen = self.choices.iter().filter(|(_, chosen)| everyone == Some(false) && *chosen == choice);
            chosen.map(|(group, _)| *group).collect::<Vec<_>>()
        };
        let later = match everyone {
            Some(false) => channel != Channel::Code && !self.also_later.is_empty(),
            // asked only with groups: what is usual, for when groups are chosen
            _ => channel == Channel::App,
        };
        (Receivers { everyone, included: keys("include"), excluded: keys("exclude"), also_later: later }, errors)
    }

    /// The audience as chosen now, once there is a choice.
    pub fn audience(&self, channel: Channel) -> Option<Audience> {
        let (receivers, _) = self.parse(channel);
        receivers.is_chosen().then(|| Audience {
            everyone: receivers.everyone == Some(true),
            included: receivers.included,
            excluded: receivers.excluded,
            channel,
        })
    }

    /// The choices as an address's query.
    pub fn query(&self) -> String {
        let mut pairs = vec![("audience".to_owned(), self.audience.clone())];
        if self.audience == "groups" {
            pairs.extend(self.choices.iter().map(|(group, choice)| (format!("group-{group}"), choice.clone())));
        }
        serde_html_form::to_string(pairs).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn choices_of_groups_are_read_from_fields_of_their_own() {
        let form: ReceiversForm = serde_html_form::from_str(
            "audience=groups&group-7=include&group-9=exclude&group-8=&group-x=include&also_later=on",
        )
        .unwrap();
        let (receivers, errors) = form.parse(Channel::Sms);
        assert!(errors.is_empty() && receivers.also_later);
        assert_eq!((receivers.included, receivers.excluded), (vec![GroupId(7)], vec![GroupId(9)]));
        assert_eq!(form.query(), "audience=groups&group-7=include&group-9=exclude");
    }

    #[test]
    fn groups_do_not_count_for_everyone() {
        let form: ReceiversForm = serde_html_form::from_str("audience=everyone&group-7=exclude").unwrap();
        assert!(form.parse(Channel::App).0.excluded.is_empty());
        assert!(form.audience(Channel::App).unwrap().everyone);
        assert_eq!(ReceiversForm::default().audience(Channel::App), None);
    }
}

//! Phone numbers and e-mail addresses of all members, and whether a text gives one away in any spelling.

use std::collections::HashSet;

use crate::support::{TestApp, make};

/// What must not be seen.
pub struct Seeded {
    /// Digits with the country code.
    phones: HashSet<String>,
    emails: HashSet<String>,
}

impl Seeded {
    pub fn of(app: &TestApp) -> Self {
        let all = |column: &str| -> HashSet<String> {
            let list = make::text(app, &format!("SELECT string_agg(trim('+' from {column}), ' ') FROM member"));
            list.split(' ').map(str::to_owned).collect()
        };
        let (phones, emails) = (all("phone"), all("email"));
        assert!(phones.len() > 100 && emails.len() > 100);
        Self { phones, emails }
    }

    /// The first that stands in a text.
    pub fn within(&self, text: &str) -> Option<String> {
        let lower = text.to_lowercase();
        let is_part = |c: char| c.is_ascii_alphanumeric() || "@._+-".contains(c);
        let words = lower.split(|c: char| !is_part(c)).map(|word| word.trim_matches(['.', '-', '_']));
        if let Some(email) = words.into_iter().find(|word| self.emails.contains(*word)) {
            return Some(email.to_owned());
        }
        self.phone(&lower)
    }

    /// Digits count whatever stands between them.
    fn phone(&self, text: &str) -> Option<String> {
        let text = text.replace("&nbsp;", " ").replace("%2b", "+").replace("%20", " ");
        let is_between = |c: char| " -().+/\u{a0}".contains(c);
        let mut run = String::new();
        for c in text.chars().chain(['\n']) {
            match c {
                c if c.is_ascii_digit() => run.push(c),
                c if is_between(c) && !run.is_empty() => {}
                _ => {
                    let found = self.in_run(&run);
                    if found.is_some() {
                        return found;
                    }
                    run.clear();
                }
            }
        }
        None
    }

    fn in_run(&self, run: &str) -> Option<String> {
        let ends = |from: usize| (from + 8..=(from + 15).min(run.len())).map(move |to| &run[from..to]);
        (0..run.len()).flat_map(ends).find(|part| self.phones.contains(*part)).map(str::to_owned)
    }
}

#[test]
fn every_spelling_is_noticed() {
    let seeded = Seeded { phones: ["436641234512".into()].into(), emails: ["ana@example.com".into()].into() };
    for text in ["+43 664 1234512", "tel:+43-664-1234512", "+436641234512", "Ana@Example.com.", "<ana@example.com>"] {
        assert!(seeded.within(text).is_some(), "{text}");
    }
    for text in ["+43 664 •••••12", "a•••@example.com", "banana@example.com", "43664"] {
        assert_eq!(seeded.within(text), None, "{text}");
    }
}

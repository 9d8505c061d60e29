//! Currencies and phone regions to choose from.

use std::sync::LazyLock;

/// A choice: as stored, and as shown.
pub struct Choice {
    /// "EUR", "DE".
    pub key: &'static str,
    /// "EUR – Euro", "Germany".
    pub words: String,
}

/// ISO 4217 currencies.
pub fn currencies() -> &'static [Choice] {
    static ALL: LazyLock<Vec<Choice>> =
        LazyLock::new(|| read(include_str!("currencies.tsv"), |key, name| format!("{key} – {name}")));
    &ALL
}

/// ISO 3166 countries whose phone numbers are known.
pub fn regions() -> &'static [Choice] {
    static ALL: LazyLock<Vec<Choice>> = LazyLock::new(|| {
        let mut all = read(include_str!("regions.tsv"), |_, name| name.to_owned());
        all.retain(|region| phonenumber::metadata::DATABASE.by_id(region.key).is_some());
        all
    });
    &ALL
}

/// Whether it is one of them.
pub fn has(choices: &[Choice], key: &str) -> bool {
    choices.iter().any(|choice| choice.key == key)
}

fn read(lines: &'static str, words: impl Fn(&str, &str) -> String) -> Vec<Choice> {
    let split = lines.lines().filter_map(|line| line.split_once('\t'));
    split.map(|(key, name)| Choice { key, words: words(key, name) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_new_installation_holds_can_be_chosen() {
        assert!(has(currencies(), "EUR") && has(regions(), "DE") && has(regions(), "US"));
        assert!(!has(regions(), "XX") && regions().len() > 200);
    }
}

//! Who gets a campaign, in words: "Everyone", "VIP and Regulars, but not Staff".

/// From the choice and the names of the groups; empty while nobody has chosen.
pub fn of(everyone: Option<bool>, included: &[String], excluded: &[String]) -> String {
    match (everyone, included, excluded) {
        (None, ..) | (Some(false), [], []) => String::new(),
        (Some(true), ..) => "Everyone".to_owned(),
        (Some(false), [], excluded) => format!("Everyone but {}", listed(excluded)),
        (Some(false), included, []) => listed(included),
        (Some(false), included, excluded) => format!("{}, but not {}", listed(included), listed(excluded)),
    }
}

/// Three names at most: a list has room for no more.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, more @ ..] => format!("{one}, {two} and {} more", more.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn receivers_in_words() {
        let names = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let words = |everyone, included, excluded| of(everyone, &names(included), &names(excluded));
        assert_eq!(words(None, "A", ""), "");
        assert_eq!(words(Some(true), "A", "B"), "Everyone");
        assert_eq!(words(Some(false), "", "Staff"), "Everyone but Staff");
        assert_eq!(words(Some(false), "VIP Regulars", "Staff"), "VIP and Regulars, but not Staff");
        assert_eq!(words(Some(false), "A B C", ""), "A, B and C");
        assert_eq!(words(Some(false), "A B C D", ""), "A, B and 2 more");
    }
}

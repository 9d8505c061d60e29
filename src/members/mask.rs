//! Phone numbers and e-mail addresses with most of them hidden: enough left to tell two of them apart on the phone.

use super::phone::display_phone;

const DOT: char = '•';
/// Digits hidden at least; where the first group after the country code would leave fewer, it is hidden too.
const HIDDEN: usize = 4;
/// Digits at the end that stay.
const LAST: usize = 2;

/// "+43 664 •••••12".
pub fn phone(e164: &str) -> String {
    let shown = display_phone(e164);
    let is_digit = |c: char| c.is_ascii_digit();
    let groups: Vec<usize> = shown.split(|c: char| !is_digit(c)).map(str::len).filter(|length| *length > 0).collect();
    let all: usize = groups.iter().sum();
    // no groups: it could not be read as a number, so nothing is known to be a country code
    let country = if groups.len() > 1 { groups[0] } else { 0 };
    let area = groups.get(1).copied().unwrap_or_default();
    let first = if all >= country + area + HIDDEN + LAST { country + area } else { country };
    let last = if all >= first + HIDDEN + LAST { LAST } else { 0 };
    let mut place = 0;
    let mask = |c: char| {
        if !is_digit(c) {
            return c;
        }
        place += 1;
        if place <= first || place > all - last { c } else { DOT }
    };
    shown.chars().map(mask).collect()
}

/// "a•••@example.com": what comes before the @ could be a name, the provider is not one.
pub fn email(address: &str) -> String {
    let (name, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = name.chars().take(usize::from(name.chars().count() > 1)).collect();
    let dots = DOT.to_string().repeat(3);
    if host.is_empty() { format!("{first}{dots}") } else { format!("{first}{dots}@{host}") }
}

/// Numbers with a country code and addresses within a text.
pub fn within(text: &str) -> String {
    masked(text, false)
}

/// The same in a provider's words, which may name numbers without a plus.
pub fn within_foreign(text: &str) -> String {
    masked(text, true)
}

fn masked(text: &str, bare: bool) -> String {
    addresses(&numbers(text, bare))
}

fn numbers(text: &str, bare: bool) -> String {
    let (mut told, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        let begins = c == '+' || (bare && c.is_ascii_digit());
        let (run, digits) = if begins { run(rest) } else { ("", String::new()) };
        if digits.len() >= if c == '+' { 6 } else { 8 } {
            told += &phone(&if c == '+' { format!("+{digits}") } else { digits });
            rest = &rest[run.len()..];
        } else {
            let whole = run.len().max(c.len_utf8());
            told += &rest[..whole];
            rest = &rest[whole..];
        }
    }
    told
}

/// A plus, and digits with at most one sign between two of them; and the digits alone.
fn run(text: &str) -> (&str, String) {
    let (mut end, mut digits, mut gap) = (0, String::new(), 0);
    for (at, c) in text.char_indices() {
        match c {
            '+' if at == 0 => {}
            '0'..='9' => {
                digits.push(c);
                (end, gap) = (at + 1, 0);
            }
            ' ' | '-' | '.' | '/' | '\u{a0}' if gap == 0 && !digits.is_empty() => gap = 1,
            _ => break,
        }
    }
    (&text[..end], digits)
}

fn addresses(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "@.+-_%'/~!#$&*=?^{}|•".contains(c);
    let (mut told, mut word) = (String::with_capacity(text.len()), String::new());
    let masked = |word: &str| {
        let is_address = word.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if is_address { email(word) } else { word.to_owned() }
    };
    for c in text.chars() {
        if is_part(c) {
            word.push(c);
        } else {
            told += &masked(&word);
            word.clear();
            told.push(c);
        }
    }
    told + &masked(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn enough_is_left_to_tell_them_apart() {
        assert_eq!(phone("+436641234512"), "+43 664 •••••12");
        assert_eq!(phone("+4915123456789"), "+49 1512 •••••89");
        // Andorra: six digits, so the first group is hidden as well
        assert_eq!(phone("+376312345"), "+376 ••• •45");
        assert_eq!(phone("+12125550123"), "+1 212-•••-••23");
        assert_eq!(phone("12"), "••");
        assert_eq!(email("ana.li@example.com"), "a•••@example.com");
        assert_eq!(email("a@example.com"), "•••@example.com");
    }

    #[test]
    fn texts_keep_their_words() {
        assert_eq!(
            within("Phone changed from +4915123456789 to none, ask <ana@example.com>."),
            "Phone changed from +49 1512 •••••89 to none, ask <a•••@example.com>."
        );
        assert_eq!(within("Code 4006381333931, used 12 times"), "Code 4006381333931, used 12 times");
        assert_eq!(within_foreign("invalid number 4915123456789"), "invalid number •••••••••••89");
        assert_eq!(within("rang from +49 1512-3456789 twice"), "rang from +49 1512 •••••89 twice");
        assert_eq!(within_foreign("550 5.1.1 ana@example.com unknown"), "550 5.1.1 a•••@example.com unknown");
    }

    proptest! {
        #[test]
        fn at_least_four_digits_are_hidden(digits in "[1-9][0-9]{7,14}") {
            let masked = phone(&format!("+{digits}"));
            prop_assert!(masked.chars().filter(|c| *c == DOT).count() >= HIDDEN, "{masked}");
        }

        #[test]
        fn no_text_breaks_it(text in any::<String>()) {
            within_foreign(&text);
            if !text.contains(['@', '+']) {
                prop_assert_eq!(within(&text), text);
            }
        }
    }
}

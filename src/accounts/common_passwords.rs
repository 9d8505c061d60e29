//! Passwords that are tried first: the most used of published lists (as the Django project collects them), and what is
//! made of them or of a row of keys by adding digits, signs or itself.

use std::collections::HashSet;
use std::io::Read;
use std::sync::LazyLock;

/// Sorted, one a line.
static LIST: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    // a list that cannot be read would be found by the tests
    drop(flate2::read::GzDecoder::new(&include_bytes!("common_passwords.txt.gz")[..]).read_to_string(&mut text));
    text
});
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// Rows that fingers and people follow.
const ROWS: [&str; 6] =
    ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm"];

/// Whether it is one of them.
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    if COMMON.contains(lower.as_str()) || is_repeated(&lower) || is_of_rows(&lower) {
        return true;
    }
    // "Password2026!!": what is left of a common one without what is added to satisfy rules
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    !core.is_empty() && (COMMON.contains(core) || is_repeated(core)) && lower.chars().count() < 24
}

/// A short text over and over: "passwordpassword", "ababababab".
fn is_repeated(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    (1..=all.len() / 2).any(|size| {
        let unit = &all[..size];
        let again = all.chunks(size).all(|part| unit.starts_with(part));
        again && (size <= 4 || COMMON.contains(unit.iter().collect::<String>().as_str()))
    })
}

/// Nothing but stretches of three and more along rows, forwards or backwards: "abcdefabcdef", "1234567890qwerty".
fn is_of_rows(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    let follows = |a: char, b: char| {
        let pairs = [[a, b], [b, a]].map(String::from_iter);
        ROWS.iter().any(|row| pairs.iter().any(|pair| row.contains(pair.as_str())))
    };
    let mut stretches = vec![1usize];
    for pair in all.windows(2) {
        if follows(pair[0], pair[1]) {
            if let Some(last) = stretches.last_mut() {
                *last += 1;
            }
        } else {
            stretches.push(1);
        }
    }
    all.len() >= 3 && stretches.iter().all(|length| *length >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_known() {
        assert!(COMMON.len() > 8_000);
        let common = [
            "1234567890123",
            "passwordpassword",
            "Password2026!",
            "qwertyuiop123",
            "abcdefghijkl",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "Football123456",
            "654321fedcba",
            "!!!iloveyou!!!",
        ];
        for password in common {
            assert!(is_common(password), "{password}");
        }
        for password in ["correct horse battery", "four-lemon-bicycle", "Tr0mbone&Giraffe", "ßäöü und noch mehr"] {
            assert!(!is_common(password), "{password}");
        }
    }
}

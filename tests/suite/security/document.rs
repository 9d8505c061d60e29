//! `docs/security.md` names tests: each of them exists.

use std::fs;
use std::path::Path;

use crate::bad_input::none;

/// "accounts::reset::a_link…" → the file that would hold it, and its name.
fn found(root: &Path, named: &str) -> bool {
    let Some((module, test)) = named.rsplit_once("::") else { return false };
    let path = module.replace("::", "/");
    let base = if path.starts_with("src/") { path } else { format!("tests/suite/{path}") };
    let files = [root.join(format!("{base}.rs")), root.join(base).join("mod.rs")];
    let text: String = files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let begins = format!("fn {test}(");
    text.match_indices(&begins).any(|(at, _)| {
        let before = text[..at].trim_end();
        // the attribute stands right above, or above a parameter of proptest
        before.ends_with("#[test]") || before.ends_with(']')
    })
}

#[test]
fn every_test_that_it_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let names: Vec<&str> =
        rows.flat_map(|row| row.split('`').skip(1).step_by(2)).filter(|name| name.contains("::")).collect();
    assert!(names.len() > 80, "{} tests are named", names.len());
    let missing: Vec<String> =
        names.iter().filter(|name| !found(root, name)).map(|name| format!("no test {name}")).collect();
    none(&missing);
}

/// Rows that say "not met" are no shame, rows that say nothing are.
#[test]
fn every_row_says_how_or_what_shows_it() {
    let text = include_str!("../../../docs/security.md");
    let table = text.split("## ASVS").nth(1).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && line.chars().nth(2).is_some_and(|c| c.is_ascii_digit()))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 100, "{} rows", rows.len());
    let empty: Vec<String> = rows
        .iter()
        .filter(|row| row.len() != 4 || row[1].is_empty() || (row[2].is_empty() && row[3].is_empty()))
        .map(|row| row.join(" | "))
        .collect();
    none(&empty);
}

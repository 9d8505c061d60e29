use diesel::prelude::*;

use super::Marker;
use super::log::Captured;

/// The statement with its values in the places of its parameters. The log does not tell their types: most follow from
/// where they stand; where the server cannot tell, they are guessed from how they look.
pub fn with_values(conn: &mut PgConnection, statement: &Captured, markers: &[Marker]) -> String {
    if statement.parameters.is_empty() {
        return marked(&statement.sql, markers);
    }
    let guesses = [|_: &str| "", |value: &str| if is_number(value) { "" } else { type_of(value) }, type_of];
    let tried: Vec<String> = guesses.iter().map(|guess| filled(statement, markers, *guess)).collect();
    let fits = tried.iter().find(|sql| can_be_prepared(conn, sql));
    fits.unwrap_or_else(|| panic!("no types fit:\n{}", tried[2])).clone()
}

fn filled(statement: &Captured, markers: &[Marker], guess: fn(&str) -> &'static str) -> String {
    let values: Vec<String> = statement
        .parameters
        .iter()
        .map(|value| match value {
            None => "NULL".to_owned(),
            Some(value) => match expression(value, markers) {
                Some((expression, whole)) if whole => cast(&expression, guess(value)),
                // put together from pieces, it is a text that must be told what it is
                Some((expression, _)) => cast(&expression, type_of(value)),
                None => cast(&quoted(value), guess(value)),
            },
        })
        .collect();
    let mut sql = String::new();
    let mut rest = statement.sql.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        let digits = after.len() - after.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        sql.push_str(&marked(before, markers));
        match after[..digits].parse::<usize>() {
            Ok(number) => sql.push_str(values.get(number - 1).map_or("NULL", String::as_str)),
            Err(_) => sql.push('$'),
        }
        rest = &after[digits..];
    }
    sql + &marked(rest, markers)
}

fn cast(expression: &str, to: &str) -> String {
    if to.is_empty() { expression.to_owned() } else { format!("({expression})::{to}") }
}

/// pgbench takes what follows a colon for a variable, so there are none in its literals.
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a").replace('\n', "\\n");
    format!("E'{escaped}'")
}

/// The value with markers in it, as an expression, and whether it is nothing but one marker.
fn expression(value: &str, markers: &[Marker]) -> Option<(String, bool)> {
    if let Some(marker) = markers.iter().find(|marker| marker.value == value) {
        return Some((marker.expression.clone(), true));
    }
    let (marker, place) = markers.iter().find_map(|marker| Some((marker, find(value, &marker.value)?)))?;
    let after = &value[place + marker.value.len()..];
    Some((format!("{} || ({})::text || {}", quoted(&value[..place]), marker.expression, quoted(after)), false))
}

/// Markers that stand in the statement itself.
fn marked(sql: &str, markers: &[Marker]) -> String {
    markers.iter().fold(sql.to_owned(), |sql, marker| match find(&sql, &marker.value) {
        Some(place) => {
            let after = marked(&sql[place + marker.value.len()..], markers);
            format!("{}{}{after}", &sql[..place], marker.expression)
        }
        None => sql,
    })
}

/// Where the marker stands by itself, not as a part of a longer word or number.
fn find(text: &str, marker: &str) -> Option<usize> {
    let is_part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '.');
    text.match_indices(marker).map(|(place, _)| place).find(|place| {
        !is_part(text[..*place].chars().next_back()) && !is_part(text[*place + marker.len()..].chars().next())
    })
}

fn is_number(value: &str) -> bool {
    value.parse::<i64>().is_ok()
}

fn type_of(value: &str) -> &'static str {
    let is_list = value.starts_with('{') && value.ends_with('}');
    let like = |pattern: &str| {
        value.len() >= pattern.len()
            && value
                .chars()
                .zip(pattern.chars())
                .all(|(letter, like)| if like == '0' { letter.is_ascii_digit() } else { letter == like })
    };
    if is_number(value) {
        "bigint"
    } else if like("0000-00-00 00:00:00") {
        "timestamptz"
    } else if is_list && value[1..value.len() - 1].split(',').all(|item| item.is_empty() || is_number(item)) {
        // an empty object looks the same as an empty list
        if value == "{}" { "jsonb" } else { "bigint[]" }
    } else if is_list && value.contains('"') && value.contains(':') {
        "jsonb"
    } else if value.starts_with("\\x") {
        "bytea"
    } else if uuid::Uuid::parse_str(value).is_ok() {
        "uuid"
    } else if value == "t" || value == "f" {
        "boolean"
    } else {
        "text"
    }
}

/// Whether the server can make a plan of it, pgbench's variables being parameters.
fn can_be_prepared(conn: &mut PgConnection, sql: &str) -> bool {
    let mut number = 0;
    let mut prepared = String::new();
    let mut rest = sql;
    while let Some(place) = rest.find(':') {
        let after = &rest[place + 1..];
        let name =
            after.len() - after.trim_start_matches(|letter: char| letter.is_ascii_lowercase() || letter == '_').len();
        let is_cast = after.starts_with(':');
        prepared.push_str(&rest[..place]);
        if is_cast {
            prepared.push_str("::");
            rest = &after[1..];
        } else if name > 0 {
            number += 1;
            prepared.push_str(&format!("${number}"));
            rest = &after[name..];
        } else {
            prepared.push(':');
            rest = after;
        }
    }
    prepared.push_str(rest);
    let whole = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"].iter().any(|word| sql.starts_with(word));
    whole || {
        use diesel::connection::SimpleConnection;
        let fits = conn.batch_execute(&format!("PREPARE bench AS {prepared}")).is_ok();
        if fits {
            conn.batch_execute("DEALLOCATE bench").unwrap();
        }
        fits
    }
}

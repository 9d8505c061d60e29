/// A statement as PostgreSQL logged it.
pub struct Captured {
    pub sql: String,
    /// None: NULL.
    pub parameters: Vec<Option<String>>,
}

/// All statements of a piece of the log, in their order; what the server does by the clock is left out.
pub fn statements(text: &str) -> Vec<Captured> {
    let mut found: Vec<Captured> = Vec::new();
    let mut last_is_statement = false;
    for entry in entries(text) {
        if let Some(details) = entry.strip_prefix("DETAIL:  parameters: ") {
            if let Some(statement) = found.last_mut().filter(|_| last_is_statement) {
                statement.parameters = parameters(details);
            }
            continue;
        }
        let Some(statement) = executed(&entry) else {
            last_is_statement = false;
            continue;
        };
        last_is_statement = true;
        found.push(Captured { sql: statement.to_owned(), parameters: Vec::new() });
    }
    found.retain(|statement| !statement.sql.contains("\"setting\".\"organisation_name\""));
    found
}

/// "LOG:  duration: 0.034 ms  execute name: SELECT …" or "… statement: BEGIN"; parsing and binding come before.
fn executed(entry: &str) -> Option<&str> {
    let rest = entry.strip_prefix("LOG:  duration: ")?.split_once(" ms  ")?.1;
    if let Some(sql) = rest.strip_prefix("statement: ") {
        return Some(sql);
    }
    rest.strip_prefix("execute ")?.split_once(": ").map(|(_, sql)| sql)
}

/// Entries begin with the number of a process; the lines that follow one are indented by a tab.
fn entries(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some(entry) = entries.last_mut() {
                entry.push('\n');
                entry.push_str(more);
            }
        } else if let Some((_, entry)) = line.split_once('|') {
            entries.push(entry.to_owned());
        }
    }
    entries
}

/// "$1 = 'it''s', $2 = NULL"
fn parameters(details: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = details;
    while let Some((_, value)) = rest.split_once(" = ") {
        if let Some(after) = value.strip_prefix("NULL") {
            found.push(None);
            rest = after;
            continue;
        }
        let Some(quoted) = value.strip_prefix('\'') else { break };
        let mut text = String::new();
        let mut letters = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((place, letter)) = letters.next() {
            if letter != '\'' {
                text.push(letter);
            } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
                text.push('\'');
            } else {
                end = place + 1;
                break;
            }
        }
        found.push(Some(text));
        rest = &quoted[end..];
    }
    found
}

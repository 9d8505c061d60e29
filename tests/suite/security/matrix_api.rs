//! Every address of the APIs × everyone: who may passes the guard, who may not is refused and nothing is written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use muster::api::Scope;

use crate::bad_input::none;
use crate::bad_input::world::World;
use crate::support::Program;

/// An address, who may call it, and by which methods.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    who: String,
    methods: String,
    path: String,
}

fn expected() -> BTreeSet<Line> {
    let lines = include_str!("matrix_api.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let [who, methods, path] = line.split_whitespace().collect::<Vec<_>>().try_into().expect(line);
            Line { who: who.into(), methods: methods.into(), path: path.into() }
        })
        .collect()
}

/// As the `routes.rs` of each API says.
fn there() -> BTreeSet<Line> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api")];
    let mut lines = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        lines.extend(fs::read_to_string(folder.join("routes.rs")).map(|source| read(&source)).unwrap_or_default());
        let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        folders.extend(entries.filter(|path| path.is_dir()));
    }
    lines
}

fn read(source: &str) -> Vec<Line> {
    let between = |line: &str, before: &str, after: &str| -> Option<String> {
        Some(line.split_once(before)?.1.split_once(after)?.0.to_owned())
    };
    let (mut lines, mut prefix, mut guard) = (Vec::new(), String::new(), "anyone".to_owned());
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        if let Some(scope) = between(line, "scope(\"", "\"").filter(|scope| !scope.is_empty()) {
            (prefix, guard) = (scope, "anyone".into());
        }
        let here = between(line, "from_fn(", ")").map(|name| match name.trim_start_matches("guard::") {
            "members" => "app".to_owned(),
            other => other.to_owned(),
        });
        match (between(line, "at(\"", "\""), between(line, "at(\"", ")")) {
            (Some(path), Some(whole)) => {
                let methods = whole.split('"').nth(2).unwrap_or_default().replace(' ', "");
                let who = here.unwrap_or_else(|| guard.clone());
                lines.push(Line { who, methods, path: format!("{prefix}{path}") });
            }
            _ => guard = here.unwrap_or(guard),
        }
    }
    lines
}

#[test]
fn every_address_of_the_apis_is_expected_and_every_expected_one_is_there() {
    let (there, expected) = (there(), expected());
    let mut found: Vec<String> =
        there.difference(&expected).map(|line| format!("not in matrix_api.txt: {line:?}")).collect();
    found.extend(expected.difference(&there).map(|line| format!("not in any routes.rs: {line:?}")));
    none(&found);
    assert!(there.len() > 5, "{there:?}");
}

/// With which key, or cookie, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Nobody,
    Admin,
    Member,
    Key(Scope),
}

/// Whether the guard lets through.
fn may(caller: Caller, line: &Line, method: &str) -> bool {
    match line.who.as_str() {
        "anyone" => true,
        "tills" => caller == Caller::Key(Scope::Pos),
        "office" => {
            caller == Caller::Key(Scope::Office) || (method == "GET" && caller == Caller::Key(Scope::OfficeRead))
        }
        // nobody here has a member's token
        "app" => false,
        other => panic!("nobody is called {other}"),
    }
}

#[test]
fn a_key_opens_what_it_is_for_and_a_cookie_opens_nothing() {
    let world = World::fill();
    let with = |scope| Program::new(&world.app, scope, "", "");
    let cookies = [world.admin.cookies(), world.member.cookies()];
    let mut callers =
        vec![(Caller::Nobody, with(Scope::Pos)), (Caller::Admin, with(Scope::Pos)), (Caller::Member, with(Scope::Pos))];
    for scope in Scope::ALL {
        let program = with(scope);
        // that a key was used is noted once a minute, and the clock stands
        for path in ["/api/pos/v1/reservations/1", "/api/v1/groups"] {
            program.get(path);
        }
        callers.push((Caller::Key(scope), program));
    }
    let mut found = Vec::new();
    for line in expected() {
        let path = line.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        for method in line.methods.split(',') {
            for (caller, program) in &callers {
                let headers: &[(&str, &str)] = match caller {
                    Caller::Nobody => &[("Authorization", "")],
                    Caller::Admin => &[("Authorization", ""), ("Cookie", &cookies[0])],
                    Caller::Member => &[("Authorization", ""), ("Cookie", &cookies[1])],
                    Caller::Key(_) => &[],
                };
                world.forget_tries();
                let before = world.everything();
                let answered = program.try_send(method, &path, headers, None).unwrap();
                let who = format!("{method} {path} as {caller:?}");
                let refused = matches!(answered.status, 401 | 403);
                if refused == may(*caller, &line, method) || answered.status >= 500 {
                    found.push(format!("{who}: {} {}", answered.status, answered.text));
                }
                if refused && world.everything() != before {
                    found.push(format!("{who}: something was written"));
                }
                if refused && answered.kind != "application/problem+json" {
                    found.push(format!("{who}: told as {}", answered.kind));
                }
            }
        }
    }
    none(&found);
}

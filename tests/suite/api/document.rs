//! The OpenAPI document tells of every call, of no other, and of every problem.

use std::collections::{BTreeMap, BTreeSet};

use muster::api::docs::document;
use muster::api::{Scope, problem_codes};
use serde_json::Value;

use super::{Caller, app_of};
use crate::support::{Program, TestApp, make};

fn told() -> BTreeSet<String> {
    let paths = document()["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

/// What the files of addresses say: `at("/path", …).get(…)`.
fn served() -> BTreeSet<String> {
    let files = [
        ("/api/pos/v1", include_str!("../../../src/api/pos/routes.rs")),
        ("/api/app/v1", include_str!("../../../src/api/app/routes.rs")),
        ("/api/v1", include_str!("../../../src/api/office/routes.rs")),
    ];
    let mut served = BTreeSet::new();
    for (base, source) in files {
        let source = source.replace(['\n', ' '], "");
        for part in source.split("at(\"").skip(1) {
            let (path, rest) = part.split_once('"').unwrap();
            // to the end of this resource: the next one, or the next function
            let rest = rest.split(".service(").next().unwrap().split("fn").next().unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                if rest.contains(&format!(").{method}(")) {
                    served.insert(format!("{} {base}{path}", method.to_uppercase()));
                }
            }
        }
    }
    served
}

#[test]
fn every_address_is_in_it_and_no_other() {
    assert!(told().len() >= 40, "{:?}", told());
    assert_eq!(told(), served());
}

#[test]
fn every_address_says_which_methods_it_has() {
    let app = TestApp::start();
    let key = |scope| Program::new(&app, scope, "", "").key;
    let ann = app_of(&app, make::member(&app, "Ann"));
    let callers = [
        ("/api/pos/v1", Caller::new(&app, "", &key(Scope::Pos))),
        ("/api/app/v1", Caller::new(&app, "", ann.bearer())),
        ("/api/v1", Caller::new(&app, "", &key(Scope::Office))),
    ];
    for (path, methods) in document()["paths"].as_object().unwrap() {
        let caller = &callers.iter().find(|(base, _)| path.starts_with(base)).unwrap().1;
        let place = path.split('/').map(|part| {
            if part == "{id}" && path.contains("reservations") {
                "0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f"
            } else if part.starts_with('{') {
                "17"
            } else {
                part
            }
        });
        let answer = caller.send("OPTIONS", &place.collect::<Vec<_>>().join("/"), &[], None);
        assert_eq!(answer.refusal(), (405, "wrong_method"), "{path}");
        let allowed: BTreeSet<String> = answer.header("allow").split(", ").map(str::to_lowercase).collect();
        assert_eq!(allowed, methods.as_object().unwrap().keys().cloned().collect(), "{path}");
    }
}

#[test]
fn every_code_that_the_source_can_give_is_in_the_table_and_no_other() {
    let mut given = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            let source = source.split("#[cfg(test)]").next().unwrap();
            let name = path.to_string_lossy().into_owned();
            let tells = name.contains("src/api/") && !name.ends_with("problem_codes.rs") && !name.contains("/docs/");
            let refuses = name.ends_with("refusal.rs") || name.ends_with("app/membership.rs");
            for text in source.split('"').skip(1).step_by(2).filter(|_| tells || refuses) {
                let looks = text.contains('_') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                if looks && source_gives(source, text, refuses) {
                    given.insert(text.to_owned());
                }
            }
        }
    }
    let listed: BTreeSet<String> = problem_codes::ALL.iter().map(|known| known.code.to_owned()).collect();
    let missing: Vec<_> = given.difference(&listed).collect();
    // success says it, not a problem
    assert_eq!(missing, ["already_member"]);
    // no line of the table is of something that is never given
    let plain = ["bad_request", "forbidden", "internal", "invalid", "unauthorized", "too_large", "wrong_method"];
    let unused: Vec<_> =
        listed.iter().filter(|code| !given.contains(*code) && !plain.contains(&code.as_str())).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// Where a text is given as a code: first or second in a call, or the result of a match.
fn source_gives(source: &str, text: &str, refuses: bool) -> bool {
    let quoted = format!("\"{text}\"");
    source.match_indices(&quoted).any(|(at, _)| {
        let before = source[..at].trim_end();
        (refuses && before.ends_with("=>"))
            || before.ends_with("too_many(")
            || before.ends_with("refuse(")
            || before.ends_with("Err((")
            || (before.ends_with(',')
                && (before[..before.len() - 1].contains("StatusCode::")
                    && before.rsplit('\n').take(2).any(|line| line.contains("StatusCode::"))))
            || (before.ends_with(',') && before.rsplit('\n').next().unwrap().contains("Refused("))
    })
}

#[test]
fn every_call_has_words_and_examples() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(call["summary"].is_string(), "{name} says nothing");
            assert_eq!(ids.insert(call["operationId"].clone().to_string(), name.clone()), None, "{name}");
            for content in call["requestBody"]["content"].as_object().into_iter().flat_map(|all| all.values()) {
                assert!(!content["example"].is_null(), "{name} has no example");
            }
            for (status, answer) in call["responses"].as_object().unwrap() {
                assert!(answer["headers"]["RateLimit"].is_object(), "{name} {status}");
                if status.starts_with('4') {
                    codes_are_listed(&name, status, answer);
                }
            }
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, told) in schema["properties"].as_object().into_iter().flatten() {
            let has_words = told["description"].is_string() || told["$ref"].is_string() || told["oneOf"].is_array();
            assert!(has_words, "{name}.{field} says nothing");
        }
    }
}

fn codes_are_listed(name: &str, status: &str, answer: &Value) {
    let words = answer["description"].as_str().unwrap();
    let codes: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
    assert!(!codes.is_empty(), "{name} {status} names no code");
    for code in codes {
        let known = problem_codes::ALL.iter().find(|known| known.code == code);
        assert_eq!(known.map(|known| known.status.to_string()).as_deref(), Some(status), "{name}: {code}");
    }
}

#[test]
fn the_page_shows_every_call_and_every_code() {
    let app = TestApp::start();
    let visitor = app.visitor();
    let page = visitor.get("/api/docs");
    assert_eq!(page.status, 200);
    for call in told() {
        assert!(page.html.contains(call.split_once(' ').unwrap().1), "{call}");
    }
    for known in problem_codes::ALL {
        assert!(page.html.contains(&format!("id=\"{}\"", problem_codes::anchor(known.code))), "{}", known.code);
    }
    // nothing is asked of elsewhere
    for link in ["src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(!page.html.contains(link), "{link}");
    }
    let file = Caller::new(&app, "", "").get("/api/openapi.json");
    assert_eq!(&file.body, document());
    let again =
        Caller::new(&app, "", "").send("GET", "/api/openapi.json", &[("If-None-Match", file.header("etag"))], None);
    assert_eq!(again.status, 304);
}

//! The one OpenAPI document of all APIs: told beside the endpoints, with what holds for all of them.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::example::example;
use crate::api::app::AppDocument;
use crate::api::office::OfficeDocument;
use crate::api::pos::PosDocument;
use crate::api::problem_codes;

const ABOUT: &str = "Tills, members’ apps and the back office speak to Muster. Values are JSON in UTF-8, moments are RFC 3339 \
  in UTC. What is refused is a problem document (RFC 9457) with a stable code. Reads carry an ETag: send it as If-None-Match, \
  and what is unchanged is not sent again. Writes that use something up take an Idempotency-Key. RateLimit says how many more \
  requests are taken.";

#[derive(OpenApi)]
#[openapi(
    info(title = "Muster", description = ABOUT, version = env!("CARGO_PKG_VERSION"), license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later")),
    servers((url = "/", description = "This server")),
)]
struct Whole;

/// The document; made once.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut parts = PosDocument::openapi();
        parts.merge(AppDocument::openapi());
        parts.merge(OfficeDocument::openapi());
        let whole = Whole::openapi().merge_from(parts);
        let mut document = serde_json::to_value(&whole).unwrap_or_default();
        list_codes(&mut document);
        require_all(&mut document);
        let components = document["components"].clone();
        if let Some(paths) = document["paths"].as_object_mut() {
            for (path, methods) in paths {
                for (method, operation) in methods.as_object_mut().into_iter().flatten() {
                    complete(path, method, operation, &components);
                }
            }
        }
        document
    })
}

/// A problem's code is one of the list.
fn list_codes(document: &mut Value) {
    let codes: Vec<&str> = problem_codes::ALL.iter().map(|known| known.code).collect();
    if let Some(code) = document.pointer_mut("/components/schemas/Problem/properties/code") {
        code["enum"] = json!(codes);
    }
}

/// Answers leave nothing out: what is not there is null.
fn require_all(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (_, schema) in schemas.into_iter().flatten().filter(|(name, _)| name.ends_with("Json")) {
        let names: Vec<String> =
            schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect();
        if !names.is_empty() {
            schema["required"] = json!(names);
        }
    }
}

/// What holds for every call of its kind need not be told beside each.
fn complete(path: &str, method: &str, operation: &mut Value, components: &Value) {
    let schemes: Vec<String> = operation["security"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|security| security.as_object().into_iter().flat_map(|names| names.keys().cloned()))
        .collect();
    let places: Vec<(String, String)> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| (text(&one["in"]), text(&one["name"])))
        .collect();
    let has = |place: &str| places.iter().any(|(at, _)| at == place);
    let mut common = vec![(429, "too_many_requests")];
    if !schemes.is_empty() {
        common.push((401, "unauthorized"));
    }
    if schemes.iter().any(|name| name == "key") {
        common.push((403, "forbidden"));
    }
    if has("path") {
        common.push((404, "not_found"));
    }
    if has("query") {
        common.push((400, "bad_request"));
    }
    if !operation["requestBody"].is_null() {
        common.extend([(400, "bad_request"), (413, "too_large"), (422, "invalid")]);
    }
    if places.iter().any(|(_, name)| name == "Idempotency-Key") {
        common.extend([(400, "bad_request"), (422, "idempotency_key_reused")]);
    }
    let is_read = method == "get" && !path.starts_with("/api/pos/") && !path.contains("/reports/");
    if is_read {
        let param = json!({ "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "ETag of what you have: if it is unchanged, the answer is 304", "example": "\"Zk3uQm1x7Bq9aT0wVbNs\"" });
        match operation.get_mut("parameters").and_then(Value::as_array_mut) {
            Some(params) => params.push(param),
            None => operation["parameters"] = json!([param]),
        }
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, code) in common {
        mention(responses, status, code);
    }
    if is_read {
        responses.insert("304".into(), json!({ "description": "Unchanged: you have it already" }));
    }
    for (status, response) in responses.iter_mut() {
        finish(status, response, is_read, components);
    }
    for content in operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut).into_iter().flatten() {
        add_example(content.1, components);
    }
}

/// Adds a problem's code to what is told of a status.
fn mention(responses: &mut Map<String, Value>, status: u16, code: &str) {
    let told = responses.entry(status.to_string()).or_insert_with(|| json!({ "description": "" }));
    let words = text(&told["description"]);
    let code = format!("`{code}`");
    if !words.contains(&code) {
        told["description"] = json!(if words.is_empty() { code } else { format!("{words}, {code}") });
    }
}

/// Problems are problem documents; every answer tells the limits.
fn finish(status: &str, response: &mut Value, is_read: bool, components: &Value) {
    let is_problem = status.starts_with(['4', '5']);
    if is_problem {
        let first = text(&response["description"]);
        let code = first.split('`').nth(1).unwrap_or_default();
        response["content"] = json!({ "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" }, "example": problem(code, status) } });
    }
    for content in response.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten() {
        add_example(content.1, components);
    }
    let header = |words: &str, example: &str| json!({ "description": words, "schema": { "type": "string" }, "example": example });
    response["headers"]["RateLimit-Policy"] =
        header("Requests taken in a window of seconds", "\"requests\";q=6000;w=60");
    response["headers"]["RateLimit"] =
        header("Requests left in this window, and its seconds", "\"requests\";r=5999;t=60");
    if status == "429" {
        response["headers"]["Retry-After"] = header("Seconds to wait", "17");
    }
    if is_read && matches!(status, "200" | "304") {
        response["headers"]["ETag"] = header("Of what was read", "\"Zk3uQm1x7Bq9aT0wVbNs\"");
    }
}

fn add_example(content: &mut Value, components: &Value) {
    if content["example"].is_null() && content["examples"].is_null() {
        content["example"] = example(&content["schema"], components);
    }
}

fn problem(code: &str, status: &str) -> Value {
    let known = problem_codes::ALL.iter().find(|known| known.code == code);
    json!({
        "type": format!("/api/docs#{}", problem_codes::anchor(code)),
        "title": code.replace('_', " "),
        "status": status.parse::<u16>().unwrap_or_default(),
        "code": code,
        "detail": known.map(|known| known.meaning).unwrap_or_default(),
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

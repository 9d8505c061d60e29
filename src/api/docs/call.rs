//! One call, ready to be shown.

use serde_json::Value;

use super::example::{kind, resolved};

/// A call.
pub struct Operation {
    /// Its `operationId`, for links.
    pub id: &'static str,
    /// "POST".
    pub method: String,
    /// With places in braces.
    pub path: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// More about it.
    pub about: String,
    /// "A key", "A token", or nothing.
    pub needs: &'static str,
    /// In the address and in headers.
    pub params: Vec<Field>,
    /// In the body.
    pub body: Vec<Field>,
    /// As a shell would send it.
    pub curl: String,
    /// What may come back.
    pub answers: Vec<Answered>,
    /// The best of it.
    pub example: String,
}

/// A value that is sent.
pub struct Field {
    /// "phone".
    pub name: String,
    /// "path", "query", "header", or the type of a body's field.
    pub place: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it is.
    pub about: String,
}

/// One kind of answer.
pub struct Answered {
    /// HTTP status.
    pub status: &'static str,
    /// Words, and problem codes.
    pub parts: Vec<Told>,
}

/// A piece of what is told of an answer.
pub struct Told {
    /// A problem's code, or words.
    pub text: &'static str,
    /// The place of a code's line; empty: words.
    pub anchor: String,
}

impl Operation {
    /// From the document.
    pub fn new(path: &'static str, method: &str, told: &'static Value, components: &'static Value, base: &str) -> Self {
        let text = |value: &'static Value| value.as_str().unwrap_or_default();
        let content = told["requestBody"]["content"].as_object().into_iter().flatten().next();
        let needs = told["security"].as_array().and_then(|all| all.first()?.as_object()?.keys().next());
        let needs = match needs.map(String::as_str) {
            Some("token") => "a member’s access token",
            Some(_) => "an API key",
            None => "",
        };
        let params = told["parameters"].as_array().into_iter().flatten();
        Self {
            id: text(&told["operationId"]),
            method: method.to_uppercase(),
            path,
            summary: text(&told["summary"]).trim_end_matches('.'),
            about: text(&told["description"]).replace('`', ""),
            needs,
            params: params.map(param).collect(),
            body: content.map(|(_, content)| fields(&content["schema"], components)).unwrap_or_default(),
            curl: curl(path, method, told, content, needs, base),
            answers: told["responses"].as_object().into_iter().flatten().map(answered).collect(),
            example: best(told),
        }
    }
}

fn param(told: &'static Value) -> Field {
    Field {
        name: told["name"].as_str().unwrap_or_default().to_owned(),
        place: told["in"].as_str().unwrap_or_default().to_owned(),
        required: told["required"] == true,
        about: told["description"].as_str().unwrap_or_default().to_owned(),
    }
}

fn fields(schema: &'static Value, components: &'static Value) -> Vec<Field> {
    let schema = resolved(schema, components);
    let schema = schema["oneOf"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["type"] != "null"))
        .map_or(schema, |one| resolved(one, components));
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, field)| Field {
            name: name.clone(),
            place: match kind(field) {
                "" => "object".to_owned(),
                kind => kind.to_owned(),
            },
            required: required(name),
            about: field["description"].as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}

fn curl(path: &str, method: &str, told: &Value, content: Option<(&String, &Value)>, needs: &str, base: &str) -> String {
    let mut address = path.to_owned();
    let mut once = "";
    for param in told["parameters"].as_array().into_iter().flatten() {
        let name = param["name"].as_str().unwrap_or_default();
        let example = param.get("example").or_else(|| param["schema"].get("example"));
        if let Some(example) = example.filter(|_| param["in"] == "path") {
            let value = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            address = address.replace(&format!("{{{name}}}"), &value);
        }
        if name == "Idempotency-Key" {
            once = " \\\n  -H \"Idempotency-Key: $(uuidgen)\"";
        }
    }
    let method = if method == "get" { String::new() } else { format!(" -X {}", method.to_uppercase()) };
    let mut text = format!("curl{method} {base}{address}");
    if !needs.is_empty() {
        text += if needs.contains("token") {
            " \\\n  -H \"Authorization: Bearer $TOKEN\""
        } else {
            " \\\n  -H \"Authorization: Bearer $KEY\""
        };
    }
    text += once;
    if let Some((kind, content)) = content {
        text += &format!(
            " \\\n  -H 'Content-Type: {kind}' \\\n  -d '{}'",
            content["example"].to_string().replace('\'', "’")
        );
    }
    text
}

fn answered((status, told): (&'static String, &'static Value)) -> Answered {
    let words = told["description"].as_str().unwrap_or_default();
    let parts = words.split('`').enumerate().filter(|(_, text)| !text.is_empty()).map(|(place, text)| {
        let anchor = if place % 2 == 1 { crate::api::problem_codes::anchor(text) } else { String::new() };
        Told { text, anchor }
    });
    Answered { status, parts: parts.collect() }
}

/// The example of the first good answer.
fn best(told: &Value) -> String {
    let responses = told["responses"].as_object().into_iter().flatten();
    let good = responses.filter(|(status, _)| status.starts_with('2')).find_map(|(_, response)| {
        response["content"].as_object()?.values().next().map(|content| content["example"].clone())
    });
    good.filter(|value| value.is_object())
        .and_then(|value| serde_json::to_string_pretty(&value).ok())
        .unwrap_or_default()
}

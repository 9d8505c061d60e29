//! A value as a schema describes it, made of the examples at its fields.

use serde_json::{Map, Value, json};

/// How deep schemas nest before one is taken for endless.
const DEEPEST: usize = 12;

/// An example of a schema.
pub fn example(schema: &Value, components: &Value) -> Value {
    of(schema, components, 0)
}

/// What a `$ref` stands for, or the schema itself.
pub fn resolved<'a>(schema: &'a Value, components: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/"));
    name.map_or(schema, |name| &components["schemas"][name])
}

fn of(schema: &Value, components: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    let schema = resolved(schema, components);
    if let Some(given) = schema.get("example").or_else(|| schema.get("examples").and_then(|all| all.get(0))) {
        return given.clone();
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().filter_map(|part| of(part, components, depth + 1).as_object().cloned());
        return Value::Object(parts.flatten().collect());
    }
    let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(choice) = choices.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return of(choice, components, depth + 1);
    }
    if let Some(first) = schema["enum"].get(0).or_else(|| schema.get("const")) {
        return first.clone();
    }
    match kind(schema) {
        "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(
                fields.map(|(name, field)| (name.clone(), of(field, components, depth + 1))).collect::<Map<_, _>>(),
            )
        }
        "array" => json!([of(&schema["items"], components, depth + 1)]),
        "integer" => json!(1),
        "number" => json!(1.5),
        "boolean" => json!(true),
        "string" => json!(match schema["format"].as_str() {
            Some("date-time") => "2026-11-24T10:00:00Z",
            Some("uuid") => "0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f",
            _ => "…",
        }),
        _ => Value::Null,
    }
}

/// Its type; of several, the one that is not null.
pub fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("null"),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_make_the_whole() {
        let components = json!({ "schemas": { "Name": { "type": "string", "example": "Ann" } } });
        let schema = json!({ "type": "object", "properties": {
            "name": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Name" }] },
            "at": { "type": ["string", "null"], "format": "date-time" },
            "codes": { "type": "array", "items": { "type": "integer" } },
        }});
        let made = json!({ "name": "Ann", "at": "2026-11-24T10:00:00Z", "codes": [1] });
        assert_eq!(example(&schema, &components), made);
    }
}

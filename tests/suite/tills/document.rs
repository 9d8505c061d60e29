//! The OpenAPI document tells of every call, and of no other.

use std::collections::BTreeSet;

use muster::api::pos::PosDocument;
use serde_json::Value;
use utoipa::OpenApi;

fn document() -> Value {
    serde_json::from_str(&PosDocument::openapi().to_json().unwrap()).unwrap()
}

#[test]
fn every_address_is_in_it() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let told: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |method| format!("{method} {path}")))
        .collect();
    let source = include_str!("../../../src/api/pos/routes.rs");
    let served: BTreeSet<String> = source
        .lines()
        .filter_map(|line| {
            let (_, rest) = line.split_once("service(at(\"")?;
            let (path, rest) = rest.split_once('"')?;
            let method = if rest.contains(".get(") { "get" } else { "post" };
            Some(format!("{method} /api/pos/v1{path}"))
        })
        .collect();
    assert_eq!(served.len(), 7);
    assert_eq!(told, served);
}

#[test]
fn every_value_that_is_sent_or_answered_has_words_and_all_that_is_sent_an_example() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in ["NewLookup", "NewReservation", "NewValidation", "AtTill", "CouponJson", "ReservationJson", "Problem"] {
        for (field, schema) in schemas[name]["properties"].as_object().unwrap() {
            let is_sent = name.starts_with("New") || name == "AtTill";
            assert!(
                schema["description"].is_string() || schema["$ref"].is_string() || schema["oneOf"].is_array(),
                "{name}.{field} says nothing"
            );
            assert!(
                !is_sent || !schema["example"].is_null() || schema["examples"].is_array(),
                "{name}.{field} has no example"
            );
        }
    }
    assert_eq!(schemas["Problem"]["properties"]["code"]["type"], "string");
    assert_eq!(document["components"]["securitySchemes"]["key"]["scheme"], "bearer");
}

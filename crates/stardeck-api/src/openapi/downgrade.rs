//! Writes an OpenAPI 3.1 document in the words of 3.0. It covers what our document uses; a test looks for what 3.0 does
//! not know.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub(super) fn to_3_0(mut document: Value) -> Value {
    rewrite(&mut document);
    if let Some(root) = document.as_object_mut() {
        root.insert("openapi".to_owned(), json!("3.0.3"));
        // SPDX identifiers came with 3.1.
        if let Some(license) = root.get_mut("info").and_then(|info| info.get_mut("license")) {
            remove(license, "identifier");
        }
    }
    document
}

fn rewrite(value: &mut Value) {
    match value {
        Value::Object(members) => {
            nullable_type(members);
            nullable_reference(members);
            reference_alone(members);
            first_example(members);
            scopes(members);
            for key in ["propertyNames", "contentMediaType", "contentEncoding"] {
                members.remove(key);
            }
            // In the order of their names, whatever order the JSON library was built to keep.
            let sorted: BTreeMap<_, _> = std::mem::take(members).into_iter().collect();
            *members = sorted.into_iter().collect();
            members.values_mut().for_each(rewrite);
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `type: [string, null]` becomes `type: string, nullable: true`.
fn nullable_type(members: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = members.get("type") else { return };
    let is_nullable = types.iter().any(|name| name == "null");
    let first = types.iter().find(|name| *name != "null").cloned();
    match first {
        Some(first) => members.insert("type".to_owned(), first),
        None => members.remove("type"),
    };
    if is_nullable {
        members.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// `oneOf: [{type: null}, {$ref}]` becomes `$ref` with `nullable: true`, which `reference_alone` then takes apart.
fn nullable_reference(members: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = members.get_mut("oneOf") else { return };
    let before = choices.len();
    choices.retain(|choice| choice.get("type") != Some(&json!("null")));
    if choices.len() == before {
        return;
    }
    members.insert("nullable".to_owned(), Value::Bool(true));
    if let Some(Value::Array(choices)) = members.remove("oneOf") {
        match <[Value; 1]>::try_from(choices) {
            Ok([Value::Object(only)]) => members.extend(only),
            Ok([other]) => {
                members.insert("oneOf".to_owned(), json!([other]));
            }
            Err(choices) => {
                members.insert("oneOf".to_owned(), Value::Array(choices));
            }
        }
    }
}

/// In 3.0 nothing may stand beside a `$ref`, so a described one becomes `allOf: [{$ref}]` with the description.
fn reference_alone(members: &mut Map<String, Value>) {
    if members.len() > 1
        && let Some(target @ Value::String(_)) = members.get("$ref").cloned()
    {
        members.remove("$ref");
        members.insert("allOf".to_owned(), json!([{ "$ref": target }]));
    }
}

/// A schema's list of examples becomes its first one.
fn first_example(members: &mut Map<String, Value>) {
    if let Some(Value::Array(examples)) = members.get("examples")
        && let Some(first) = examples.first().cloned()
    {
        members.remove("examples");
        members.insert("example".to_owned(), first);
    }
}

/// Roles in the scopes of a scheme that is not OAuth came with 3.1.
fn scopes(members: &mut Map<String, Value>) {
    let Some(Value::Array(requirements)) = members.get_mut("security") else { return };
    for requirement in requirements.iter_mut().filter_map(Value::as_object_mut) {
        requirement.values_mut().for_each(|scopes| *scopes = json!([]));
    }
}

fn remove(value: &mut Value, key: &str) {
    if let Some(members) = value.as_object_mut() {
        members.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_values_are_written_the_old_way() {
        let new = json!({
            "a": { "type": ["string", "null"], "format": "date-time" },
            "b": { "oneOf": [{ "type": "null" }, { "$ref": "#/x", "description": "d" }] },
        });
        assert_eq!(
            to_3_0(new),
            json!({
                "openapi": "3.0.3",
                "a": { "type": "string", "format": "date-time", "nullable": true },
                "b": { "allOf": [{ "$ref": "#/x" }], "description": "d", "nullable": true },
            })
        );
    }

    #[test]
    fn our_document_has_nothing_left_that_3_0_does_not_know() {
        let document = crate::openapi::openapi_3_0().unwrap();
        assert_eq!(document["openapi"], "3.0.3");
        look(&document, "");
    }

    fn look(value: &Value, place: &str) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    let is_name = place.ends_with("/properties") || place.ends_with("/schemas");
                    if !is_name {
                        assert!(
                            !matches!(key.as_str(), "const" | "$defs" | "prefixItems" | "examples"),
                            "{place}/{key}"
                        );
                        assert!(key != "type" || member.is_string(), "{place}/{key}");
                        assert!(key != "$ref" || members.len() == 1, "{place}");
                    }
                    look(member, &format!("{place}/{key}"));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| look(item, place)),
            _ => assert!(value != "null" || !place.ends_with("/type"), "{place}"),
        }
    }
}

//! Reading JSON whose shape differs between Podman versions.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads an answer, treating null like an absent field: Go writes null for every empty list, map and pointer.
///
/// # Errors
/// A description of what did not fit, without the values of the answer, since they can be secret.
pub(crate) fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    let mut value: Value = serde_json::from_slice(json).map_err(|error| describe(&error))?;
    drop_nulls(&mut value);
    T::deserialize(value).map_err(|error| describe(&error))
}

/// The same of JSON that was read already.
///
/// # Errors
/// As for [`from_slice`].
pub(crate) fn from_value<T: DeserializeOwned>(mut value: Value) -> Result<T, String> {
    drop_nulls(&mut value);
    T::deserialize(value).map_err(|error| describe(&error))
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, inner| !inner.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(drop_nulls);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The text of a JSON error with quoted values taken out. Quotation marks of a value itself have a backslash before them.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let mut result = String::with_capacity(text.len());
    let mut letters = text.chars();
    let mut is_quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                is_quoted = !is_quoted;
                result.push_str(if is_quoted { "\"…" } else { "\"" });
            }
            '\\' if is_quoted => drop(letters.next()),
            _ if is_quoted => {}
            _ => result.push(letter),
        }
    }
    result
}

/// A time as RFC 3339 text or as Unix seconds; the zero time of Go ("never") is `None`, as is anything odd.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let time = match Value::deserialize(deserializer)? {
        Value::String(text) => DateTime::parse_from_rfc3339(&text).ok().map(|time| time.with_timezone(&Utc)),
        Value::Number(number) => number.as_i64().and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    // Go's zero time is in the year 1; nothing in a container engine happened before 1970.
    Ok(time.filter(|time| time.timestamp() > 0))
}

/// A list of words, or one text holding them (the 4.x shape of `Entrypoint`). The text is split at white space,
/// which can not be exact: 4.x joined the words without quoting.
pub(crate) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shape {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Shape::deserialize(deserializer)? {
        Shape::List(words) => words,
        Shape::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
    })
}

/// One text or a list of them.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shape {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Shape::deserialize(deserializer)? {
        Shape::List(words) => words,
        Shape::Text(text) if text.is_empty() => Vec::new(),
        Shape::Text(text) => vec![text],
    })
}

/// The keys of an object whose values say nothing (`{"5432/tcp": {}}`).
pub(crate) fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    Ok(BTreeMap::<String, Value>::deserialize(deserializer)?.into_keys().collect())
}

/// A port as number or text; zero and empty text are `None`.
pub(crate) fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shape {
        Number(u16),
        Text(String),
    }
    let port = match Shape::deserialize(deserializer)? {
        Shape::Number(port) => port,
        Shape::Text(text) if text.is_empty() => 0,
        Shape::Text(text) => text.parse().map_err(|_| D::Error::custom("not a port"))?,
    };
    Ok(Some(port).filter(|port| *port != 0))
}

/// An IP address; empty or unreadable text is `None`.
pub(crate) fn ip<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<IpAddr>, D::Error> {
    Ok(String::deserialize(deserializer)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_hides_values_with_quotation_marks_and_backslashes_in_them() {
        for json in [r#"{"a":"s3cr3t"}"#, r#"{"a":"x\"s3cr3t"}"#, r#"{"a":"x\\\"s3cr3t\\"}"#, r#"{"a":"\\"}"#]
        {
            let reason = from_slice::<BTreeMap<String, u16>>(json.as_bytes()).unwrap_err();
            assert_eq!(reason, r#"invalid type: string "…", expected u16"#, "{json}");
        }
    }
}

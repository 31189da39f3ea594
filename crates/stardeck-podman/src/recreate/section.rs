//! Reading one part of an inspection field by field, so that a field that nobody knows is noticed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Unkept;

/// One part of an inspection, such as `HostConfig`.
pub(super) struct Section<'a> {
    name: &'static str,
    fields: Option<&'a Map<String, Value>>,
    seen: BTreeSet<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn of(whole: &'a Value, name: &'static str) -> Self {
        Self { name, fields: whole.get(name).and_then(Value::as_object), seen: BTreeSet::new() }
    }

    /// A field's value; `None` when it is absent or says nothing.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.seen.insert(key);
        self.fields?.get(key).filter(|value| !is_empty(value))
    }

    pub(super) fn text(&mut self, key: &'static str) -> String {
        self.value(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub(super) fn int(&mut self, key: &'static str) -> i64 {
        self.value(key).and_then(Value::as_i64).unwrap_or_default()
    }

    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        self.value(key).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn list(&mut self, key: &'static str) -> &'a [Value] {
        self.value(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.list(key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The fields of a field, with their names.
    pub(super) fn pairs(
        &mut self,
        key: &'static str,
    ) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.value(key).and_then(Value::as_object).into_iter().flatten()
    }

    /// Fields that follow from others, or that are about one run only.
    pub(super) fn skip(&mut self, keys: &[&'static str]) {
        self.seen.extend(keys);
    }

    /// Refuses a field that has another value than these.
    pub(super) fn only(&mut self, key: &'static str, usual: &[&str], unkept: &mut Vec<Unkept>) {
        let value = self.text(key);
        if !value.is_empty() && !usual.contains(&value.as_str()) {
            unkept.push(self.unkept(key, format!("a container with {value} can not be made anew as it was")));
        }
    }

    pub(super) fn unkept(&self, key: &str, reason: impl Into<String>) -> Unkept {
        Unkept { field: format!("{}.{key}", self.name), reason: reason.into() }
    }

    /// Refuses every field that says something and that nobody read.
    pub(super) fn refuse_rest(self, unkept: &mut Vec<Unkept>) {
        let rest = self.fields.into_iter().flatten();
        let rest = rest.filter(|(key, value)| !self.seen.contains(key.as_str()) && !is_empty(value));
        unkept.extend(rest.map(|(key, _)| self.unkept(key, "it is not known how to keep it")));
    }
}

/// Whether a value is what Podman writes for nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(fields) => fields.is_empty(),
    }
}

//! Reads an OpenAPI 3.0 document. It knows what our own document uses; anything else is an error, never a guess.

use anyhow::{Context as _, bail};
use serde_json::{Map, Value};

use crate::model::{Api, Field, Kind, Operation, Presence, Schema, Type};

/// Reads the whole document.
///
/// # Errors
/// It uses something that the generator does not know.
pub(crate) fn read(document: &Value) -> anyhow::Result<Api> {
    let schemas = object(document.pointer("/components/schemas"), "components/schemas")?;
    let schemas =
        schemas.iter().map(|(name, value)| schema(name, value).with_context(|| format!("schema {name}")));
    let mut operations = Vec::new();
    for (path, methods) in object(document.get("paths"), "paths")? {
        for (method, value) in object(Some(methods), path)? {
            // A WebSocket is no request with an answer, and what is not JSON is no answer in a type; of them the client has
            // the types only.
            let answer = value.pointer("/responses/200/content").and_then(Value::as_object);
            let is_text = answer.is_some_and(|kinds| !kinds.contains_key("application/json"));
            if is_text || value.pointer("/responses/101").is_some() {
                continue;
            }
            operations.push(operation(path, method, value).with_context(|| format!("{method} {path}"))?);
        }
    }
    Ok(Api { schemas: schemas.collect::<anyhow::Result<_>>()?, operations })
}

fn schema(name: &str, value: &Value) -> anyhow::Result<Schema> {
    let kind = if let Some(values) = value.get("enum").and_then(Value::as_array) {
        let texts = values.iter().map(|text| text.as_str().map(str::to_owned).context("a value of an enum"));
        Kind::Enum(texts.collect::<anyhow::Result<_>>()?)
    } else if value.get("type").and_then(Value::as_str) == Some("object") {
        Kind::Struct(fields(value)?)
    } else {
        Kind::Newtype(type_of(value)?)
    };
    Ok(Schema { name: name.to_owned(), doc: text(value, "description"), kind })
}

fn fields(value: &Value) -> anyhow::Result<Vec<Field>> {
    let required: Vec<_> = value.get("required").and_then(Value::as_array).into_iter().flatten().collect();
    let mut found = Vec::new();
    for (name, member) in object(value.get("properties"), "properties")? {
        let ty = type_of(member).with_context(|| format!("member {name}"))?;
        let is_required = required.iter().any(|wanted| *wanted == name);
        let presence = match (is_required && !is_nullable(member), &ty) {
            (true, _) => Presence::Always,
            (false, Type::List(_)) if !is_nullable(member) => Presence::EmptyWhenAbsent,
            (false, _) => Presence::Optional,
        };
        found.push(Field { name: name.clone(), doc: text(member, "description"), ty, presence });
    }
    // Members that have to be given come first, in the order in which the document requires them, which is that of a
    // constructor's arguments.
    found
        .sort_by_key(|field| required.iter().position(|wanted| **wanted == field.name).unwrap_or(usize::MAX));
    Ok(found)
}

fn is_nullable(value: &Value) -> bool {
    value.get("nullable") == Some(&Value::Bool(true))
}

fn type_of(value: &Value) -> anyhow::Result<Type> {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        return named(reference);
    }
    if let Some([only]) = value.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return type_of(only);
    }
    let format = value.get("format").and_then(Value::as_str);
    match (value.get("type").and_then(Value::as_str), format) {
        (Some("string"), Some("password")) => Ok(Type::Secret),
        (Some("string"), Some("date-time")) => Ok(Type::Time),
        (Some("string"), Some("uuid")) => Ok(Type::Uuid),
        (Some("string"), Some("date") | None) => Ok(Type::Text),
        (Some("boolean"), None) => Ok(Type::Bool),
        // Counts of bytes outgrow 32 bits.
        (Some("integer"), Some("int64")) => Ok(Type::I64),
        (Some("integer"), _) => Ok(integer(value)),
        (Some("number"), _) => Ok(Type::F64),
        (Some("object"), None) => {
            let item = value.get("additionalProperties").context("the values of a map")?;
            Ok(Type::Map(Box::new(type_of(item)?), is_nullable(item)))
        }
        (Some("array"), None) => {
            let item = value.get("items").context("the items of an array")?;
            Ok(Type::List(Box::new(type_of(item)?)))
        }
        (None, None) if value.as_object().is_some_and(|members| !members.contains_key("oneOf")) => {
            Ok(Type::Any)
        }
        (ty, format) => bail!("unknown type {ty:?} with format {format:?}"),
    }
}

fn integer(value: &Value) -> Type {
    let bound = |name: &str| value.get(name).and_then(Value::as_i64);
    if value.get("format").and_then(Value::as_str) == Some("int64") {
        return Type::I64;
    }
    match (bound("minimum"), bound("maximum")) {
        (Some(0..), Some(65_535)) => Type::U16,
        (Some(0..), _) => Type::U32,
        (Some(..0) | None, _) => Type::I64,
    }
}

fn named(reference: &str) -> anyhow::Result<Type> {
    let name = reference.strip_prefix("#/components/schemas/").context("a reference to a schema")?;
    Ok(Type::Named(name.to_owned()))
}

fn operation(path: &str, method: &str, value: &Value) -> anyhow::Result<Operation> {
    let (mut path_parameters, mut query, mut headers) = (Vec::new(), Vec::new(), Vec::new());
    for parameter in value.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let field = parameter_field(parameter)?;
        match parameter.get("in").and_then(Value::as_str) {
            Some("path") => path_parameters.push(field),
            Some("query") => query.push(field),
            Some("header") => headers.push(field),
            other => bail!("a parameter in {other:?}"),
        }
    }
    query.sort_by_key(|field| field.presence != Presence::Always);
    let body = value.pointer("/requestBody/content/application~1json/schema").map(type_of).transpose()?;
    let body = match body {
        Some(Type::Named(name)) => Some(name),
        None => None,
        Some(_) => bail!("a body without a name"),
    };
    let summary = text(value, "summary");
    let more = text(value, "description");
    Ok(Operation {
        name: text(value, "operationId"),
        doc: if more.is_empty() { summary } else { format!("{summary}\n\n{more}") },
        method: method.to_uppercase(),
        path: path.to_owned(),
        path_parameters,
        query,
        headers,
        body,
        answer: answer(value)?,
    })
}

fn parameter_field(parameter: &Value) -> anyhow::Result<Field> {
    let name = text(parameter, "name");
    let schema = parameter.get("schema").with_context(|| format!("the schema of parameter {name}"))?;
    let is_required = parameter.get("required") == Some(&Value::Bool(true));
    let presence = if is_required { Presence::Always } else { Presence::Optional };
    Ok(Field { ty: type_of(schema)?, doc: text(parameter, "description"), name, presence })
}

/// The type of the one successful answer.
fn answer(operation: &Value) -> anyhow::Result<Option<Type>> {
    let responses = object(operation.get("responses"), "responses")?;
    let success = responses.iter().find(|(status, _)| status.starts_with('2'));
    let (_, response) = success.context("a successful answer")?;
    response.pointer("/content/application~1json/schema").map(type_of).transpose()
}

fn object<'a>(value: Option<&'a Value>, what: &str) -> anyhow::Result<&'a Map<String, Value>> {
    value.and_then(Value::as_object).with_context(|| format!("{what} is missing"))
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

//! The module of types.
#![expect(
    clippy::format_collect,
    reason = "it runs seldom; that it reads like what it writes matters more than an allocation"
)]

use std::collections::BTreeSet;

use super::{camel, doc, identifier, operations::query_name, spell};
use crate::model::{Api, Field, Kind, Operation, Presence, Schema, Type};

/// The module with every type of the document and one for the query of each operation that has one.
pub(super) fn module(api: &Api) -> String {
    let requests = api.in_requests();
    let schemas = api.schemas.iter().map(|schema| type_code(api, schema, &requests));
    let queries = api.operations.iter().filter(|operation| !operation.query.is_empty()).map(query);
    let body: String = schemas.chain(queries).collect();
    format!(
        "pub(crate) mod types {{\n\
         use chrono::{{DateTime, Utc}};\nuse secrecy::SecretString;\nuse serde::{{Deserialize, Serialize}};\n\
         use uuid::Uuid;\n\n{body}}}\n"
    )
}

fn type_code(api: &Api, schema: &Schema, requests: &BTreeSet<String>) -> String {
    match &schema.kind {
        Kind::Enum(values) => enumeration(schema, values),
        Kind::Newtype(ty) => newtype(schema, ty),
        Kind::Struct(fields) if requests.contains(&schema.name) => request(schema, fields),
        Kind::Struct(fields) => answer(schema, fields, api.holds_secret(&schema.name)),
    }
}

/// An enum takes texts that a newer server may send; they all become `Other`.
fn enumeration(schema: &Schema, values: &[String]) -> String {
    let name = &schema.name;
    let variants: String = values
        .iter()
        .map(|text| format!("/// `{text}`\n#[serde(rename = {text:?})]\n{},\n", camel(text)))
        .collect();
    let arms: String = values.iter().map(|text| format!("Self::{} => {text:?},\n", camel(text))).collect();
    format!(
        "{doc}#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]\n\
         pub enum {name} {{\n{variants}\
         /// A text that is newer than this client.\n#[serde(other)]\nOther,\n}}\n\n\
         impl {name} {{\n/// The text form of the API.\npub const fn as_str(self) -> &'static str {{\n\
         match self {{\n{arms}Self::Other => \"other\",\n}}\n}}\n}}\n\n{display}",
        doc = doc(&schema.doc),
        display = display(name, "f.write_str(self.as_str())"),
    )
}

fn newtype(schema: &Schema, ty: &Type) -> String {
    let name = &schema.name;
    let is_text = *ty == Type::Text;
    let copy = if is_text { "" } else { "Copy, " };
    let extra = match ty {
        Type::Text => {
            format!("impl {name} {{\n/// The text.\npub fn as_str(&self) -> &str {{\n&self.0\n}}\n}}\n\n")
        }
        Type::Uuid => format!(
            "impl std::str::FromStr for {name} {{\ntype Err = uuid::Error;\n\n\
             fn from_str(text: &str) -> Result<Self, Self::Err> {{\ntext.parse().map(Self)\n}}\n}}\n\n"
        ),
        Type::Bool
        | Type::U16
        | Type::U32
        | Type::I64
        | Type::F64
        | Type::Secret
        | Type::Time
        | Type::Any
        | Type::Named(_)
        | Type::List(_) => String::new(),
    };
    format!(
        "{doc}#[derive(Debug, Clone, {copy}PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]\n\
         #[serde(transparent)]\npub struct {name}(pub {ty});\n\n{extra}{display}",
        doc = doc(&schema.doc),
        ty = spell(ty),
        display = display(name, "self.0.fmt(f)"),
    )
}

fn display(name: &str, body: &str) -> String {
    format!(
        "impl std::fmt::Display for {name} {{\n\
         fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n{body}\n}}\n}}\n\n"
    )
}

/// What is sent. It has a constructor with what has to be given; the rest begins as left out.
fn request(schema: &Schema, fields: &[Field]) -> String {
    let members: String = fields
        .iter()
        .map(|field| {
            let attribute = match (field.presence, &field.ty) {
                (Presence::Always, Type::Secret) => "#[serde(serialize_with = \"crate::secret::expose\")]\n",
                (_, Type::Secret) => {
                    "#[serde(skip_serializing_if = \"Option::is_none\", \
                     serialize_with = \"crate::secret::expose_optional\")]\n"
                }
                (Presence::Optional, _) => "#[serde(skip_serializing_if = \"Option::is_none\")]\n",
                (Presence::Always | Presence::EmptyWhenAbsent, _) => "",
            };
            format!("{}{attribute}{}", doc(&field.doc), member(field))
        })
        .collect();
    format!(
        "{}#[derive(Debug, Clone, Serialize)]\npub struct {name} {{\n{members}}}\n\n{}",
        doc(&schema.doc),
        constructor(&schema.name, fields),
        name = schema.name,
    )
}

fn constructor(name: &str, fields: &[Field]) -> String {
    let given: Vec<_> = fields.iter().filter(|field| field.presence == Presence::Always).collect();
    let arguments: String =
        given.iter().map(|field| format!("{}: {}, ", identifier(&field.name), spell(&field.ty))).collect();
    let values: String = fields
        .iter()
        .map(|field| match field.presence {
            Presence::Always => format!("{}, ", identifier(&field.name)),
            Presence::Optional => format!("{}: None, ", identifier(&field.name)),
            Presence::EmptyWhenAbsent => format!("{}: Vec::new(), ", identifier(&field.name)),
        })
        .collect();
    format!(
        "impl {name} {{\n/// With what has to be given; all else is left out.\n#[must_use]\n\
         pub fn new({arguments}) -> Self {{\nSelf {{ {values} }}\n}}\n}}\n\n"
    )
}

/// What is received. It can be written out again unless it holds a secret.
fn answer(schema: &Schema, fields: &[Field], holds_secret: bool) -> String {
    let serialize = if holds_secret { "" } else { ", Serialize" };
    let members: String = fields
        .iter()
        .map(|field| {
            let attribute = match field.presence {
                Presence::EmptyWhenAbsent => "#[serde(default)]\n",
                Presence::Always | Presence::Optional => "",
            };
            format!("{}{attribute}{}", doc(&field.doc), member(field))
        })
        .collect();
    format!(
        "{}#[derive(Debug, Clone, Deserialize{serialize})]\npub struct {} {{\n{members}}}\n\n",
        doc(&schema.doc),
        schema.name,
    )
}

fn member(field: &Field) -> String {
    let ty = spell(&field.ty);
    let ty = if field.presence == Presence::Optional { format!("Option<{ty}>") } else { ty };
    format!("pub {}: {ty},\n", identifier(&field.name))
}

/// The parameters of an operation's query.
fn query(operation: &Operation) -> String {
    let name = query_name(operation);
    let has_required = operation.query.iter().any(|field| field.presence == Presence::Always);
    let default = if has_required { "" } else { ", Default" };
    let members: String =
        operation.query.iter().map(|field| format!("{}{}", doc(&field.doc), member(field))).collect();
    let body = pairs(&operation.query);
    let new = if has_required { constructor(&name, &operation.query) } else { String::new() };
    format!(
        "/// The query of `{operation_name}`.\n#[derive(Debug, Clone{default})]\npub struct {name} {{\n{members}}}\n\n\
         {new}impl {name} {{\npub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {{\n\
         {body}\n}}\n}}\n\n",
        operation_name = operation.name,
    )
}

/// What has to be given comes first, then what is given.
fn pairs(fields: &[Field]) -> String {
    let (always, optional): (Vec<_>, Vec<_>) =
        fields.iter().partition(|field| field.presence == Presence::Always);
    let always: String = always.into_iter().map(pair).collect();
    if optional.is_empty() {
        return format!("vec![{always}]");
    }
    let first = if always.is_empty() { "Vec::new()".to_owned() } else { format!("vec![{always}]") };
    let pushes: String = optional.into_iter().map(pair).collect();
    format!("let mut pairs = {first};\n{pushes}pairs")
}

fn pair(field: &Field) -> String {
    let (key, name) = (&field.name, identifier(&field.name));
    let text = |value: &str| match field.ty {
        Type::Time => format!("{value}.to_rfc3339()"),
        Type::Text => format!("{value}.clone()"),
        Type::Bool
        | Type::U16
        | Type::U32
        | Type::I64
        | Type::F64
        | Type::Secret
        | Type::Uuid
        | Type::Any
        | Type::Named(_)
        | Type::List(_) => format!("{value}.to_string()"),
    };
    if field.presence == Presence::Always {
        format!("({key:?}, {}), ", text(&format!("self.{name}")))
    } else {
        format!("if let Some(value) = &self.{name} {{\npairs.push(({key:?}, {}));\n}}\n", text("value"))
    }
}

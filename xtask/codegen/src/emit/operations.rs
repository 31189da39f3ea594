//! One method for each operation.
#![expect(
    clippy::format_push_string,
    reason = "it runs seldom; that it reads like what it writes matters more than an allocation"
)]

use super::{camel, doc, spell};
use crate::model::{Api, Operation, Type};

/// The client's methods.
pub(super) fn methods(api: &Api) -> String {
    let methods: String = api.operations.iter().map(method).collect();
    let mut names: Vec<_> = api.operations.iter().flat_map(used_types).collect();
    names.sort();
    names.dedup();
    format!(
        "use reqwest::Method;\nuse serde_json::Value;\n\nuse self::types::{{{}}};\nuse crate::{{Client, Error}};\n\n\
         impl Client {{\n{methods}}}\n",
        names.join(", "),
    )
}

/// The name of the type of an operation's query.
pub(super) fn query_name(operation: &Operation) -> String {
    format!("{}Query", camel(&operation.name))
}

fn used_types(operation: &Operation) -> Vec<String> {
    let answer = operation.answer.as_ref().and_then(Type::name).map(str::to_owned);
    let parameters = operation.path_parameters.iter().filter_map(|field| field.ty.name()).map(str::to_owned);
    let query = (!operation.query.is_empty()).then(|| query_name(operation));
    parameters.chain(answer).chain(query).chain(operation.body.clone()).collect()
}

fn method(operation: &Operation) -> String {
    let mut arguments = String::new();
    for field in &operation.path_parameters {
        let ty = if is_text(&field.ty) { "&str".to_owned() } else { spell(&field.ty) };
        arguments += &format!(", {}: {ty}", field.name);
    }
    if !operation.query.is_empty() {
        arguments += &format!(", query: &{}", query_name(operation));
    }
    // A header is a text; one that may be left out is None then.
    for field in &operation.headers {
        arguments += &format!(", {}: Option<&str>", header_name(&field.name));
    }
    if let Some(body) = &operation.body {
        arguments += &format!(", body: &{body}");
    }
    let returns = operation.answer.as_ref().map_or_else(|| "()".to_owned(), spell);
    let query = if operation.query.is_empty() { "" } else { ".query(&query.pairs())" };
    let headers: Vec<_> = operation
        .headers
        .iter()
        .map(|field| format!(".header({:?}, {})", field.name, header_name(&field.name)))
        .collect();
    let headers = headers.concat();
    let body = if operation.body.is_none() { "" } else { ".json(body)" };
    let end = if operation.answer.is_none() { "done" } else { "answer" };
    format!(
        "{doc}///\n/// # Errors\n/// The server can not be reached, refuses, or gives an answer of another kind.\n\
         pub async fn {name}(&self{arguments}) -> Result<{returns}, Error> {{\n\
         self.request(Method::{method}, &[{parts}]){query}{headers}{body}.{end}().await\n}}\n\n",
        doc = doc(&operation.doc),
        name = operation.name,
        method = operation.method,
        parts = parts(operation),
    )
}

/// `If-Match` becomes `if_match`.
fn header_name(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

/// The parts of the path; parameters as texts.
fn parts(operation: &Operation) -> String {
    let parts = operation.path.split('/').filter(|part| !part.is_empty()).map(|part| {
        match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(parameter) => {
                let field = operation.path_parameters.iter().find(|field| field.name == parameter);
                let is_text = field.is_some_and(|field| is_text(&field.ty));
                if is_text { parameter.to_owned() } else { format!("&{parameter}.to_string()") }
            }
            None => format!("{part:?}"),
        }
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Whether a parameter is a text as it stands.
fn is_text(ty: &Type) -> bool {
    spell(ty) == "String"
}

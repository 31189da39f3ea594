//! Writes the client's code. Its layout is left to rustfmt.

mod operations;
mod types;

use crate::model::{Api, Type};

/// The whole file.
pub(crate) fn client(api: &Api) -> String {
    format!(
        "//! The operations and types of the API. Generated from `docs/openapi-3.0.json` by\n\
         //! `cargo run -p xtask-codegen`; changes by hand are lost.\n\n{}\n{}",
        operations::methods(api),
        types::module(api),
    )
}

/// Doc comment lines.
fn doc(text: &str) -> String {
    text.lines().fold(String::new(), |lines, line| {
        let space = if line.is_empty() { "" } else { " " };
        lines + "///" + space + line + "\n"
    })
}

/// A type as Rust spells it, inside the module of types.
fn spell(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::I64 => "i64".to_owned(),
        Type::F64 => "f64".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Secret => "SecretString".to_owned(),
        Type::Time => "DateTime<Utc>".to_owned(),
        Type::Uuid => "Uuid".to_owned(),
        Type::Any => "Value".to_owned(),
        Type::Named(name) => name.clone(),
        Type::List(item) => format!("Vec<{}>", spell(item)),
    }
}

/// `list_databases` and `remove-all` become `ListDatabases` and `RemoveAll`.
fn camel(text: &str) -> String {
    let words = text.split(['_', '-']);
    words.fold(String::new(), |name, word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &first.into_iter().chain(letters).collect::<String>()
    })
}

/// A member's name; Rust's own words are marked.
fn identifier(name: &str) -> String {
    if matches!(name, "type" | "match" | "ref" | "use" | "in" | "loop" | "move") {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_rusts_form() {
        assert_eq!(camel("list_operation_log"), "ListOperationLog");
        assert_eq!(camel("ok"), "Ok");
        assert_eq!(identifier("type"), "r#type");
    }

    #[test]
    fn empty_lines_of_a_doc_comment_have_no_trailing_space() {
        assert_eq!(doc("One.\n\nTwo."), "/// One.\n///\n/// Two.\n");
    }
}

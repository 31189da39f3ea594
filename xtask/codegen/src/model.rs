//! The API as the generator sees it: types and operations, free of the document's notation.

use std::collections::BTreeSet;

/// The whole API.
pub(crate) struct Api {
    pub(crate) schemas: Vec<Schema>,
    pub(crate) operations: Vec<Operation>,
}

/// A type with a name.
pub(crate) struct Schema {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) kind: Kind,
}

/// What a type with a name is.
pub(crate) enum Kind {
    /// One of these texts.
    Enum(Vec<String>),
    /// Another type under a name of its own.
    Newtype(Type),
    /// Named members.
    Struct(Vec<Field>),
}

/// A member of a struct, or a parameter.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Type,
    pub(crate) presence: Presence,
}

/// Whether a member is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Always.
    Always,
    /// It may be null or left out.
    Optional,
    /// It may be left out, which means an empty list.
    EmptyWhenAbsent,
}

/// The type of a value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    U16,
    U32,
    I64,
    F64,
    Text,
    Secret,
    Time,
    Uuid,
    Any,
    Named(String),
    List(Box<Type>),
}

/// One operation.
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// In capitals.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) path_parameters: Vec<Field>,
    pub(crate) query: Vec<Field>,
    /// The name of the body's type.
    pub(crate) body: Option<String>,
    /// The type of a successful answer; None when it has no body.
    pub(crate) answer: Option<Type>,
}

impl Api {
    /// The type with this name.
    pub(crate) fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.name == name)
    }

    /// Names of the types that requests are made of.
    pub(crate) fn in_requests(&self) -> BTreeSet<String> {
        let bodies = self.operations.iter().filter_map(|operation| operation.body.clone());
        let parameters = self
            .operations
            .iter()
            .flat_map(|operation| operation.query.iter().chain(&operation.path_parameters));
        let named = parameters.filter_map(|field| field.ty.name()).map(str::to_owned);
        self.reachable(bodies.chain(named).collect())
    }

    /// Whether a secret is anywhere in the type.
    pub(crate) fn holds_secret(&self, name: &str) -> bool {
        self.reachable(vec![name.to_owned()]).iter().filter_map(|name| self.schema(name)).any(|schema| {
            match &schema.kind {
                Kind::Struct(fields) => fields.iter().any(|field| field.ty == Type::Secret),
                Kind::Newtype(ty) => *ty == Type::Secret,
                Kind::Enum(_) => false,
            }
        })
    }

    fn reachable(&self, mut open: Vec<String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(schema) = self.schema(&name)
                && let Kind::Struct(fields) = &schema.kind
            {
                open.extend(
                    fields
                        .iter()
                        .filter_map(|f| f.ty.name())
                        .filter(|n| !found.contains(*n))
                        .map(str::to_owned),
                );
            }
            found.insert(name);
        }
        found
    }
}

impl Type {
    /// The name in it, when there is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(item) => item.name(),
            Self::Bool
            | Self::U16
            | Self::U32
            | Self::I64
            | Self::F64
            | Self::Text
            | Self::Secret
            | Self::Time
            | Self::Uuid
            | Self::Any => None,
        }
    }
}

//! Adds to each operation the errors that come from the layers around the handlers, so that no route has to repeat
//! them and none can forget them; and puts what the derives say of members where generators of clients look for it.

use utoipa::openapi::{
    Content, Header, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, Schema, Type,
    path::{Operation, ParameterIn, PathItem},
    response::ResponseBuilder,
    schema::Object,
};

use crate::problem::PROBLEM_JSON;

/// Where the schema of a problem is.
const PROBLEM_SCHEMA: &str = "#/components/schemas/Problem";

pub(super) fn complete(document: &mut OpenApi) {
    for (name, schema) in document.components.iter_mut().flat_map(|components| &mut components.schemas) {
        if let RefOr::T(Schema::Object(object)) = schema {
            require_all_members(name, object);
            object.properties.values_mut().for_each(describe_choice);
        }
    }
    for item in document.paths.paths.values_mut() {
        for (is_safe, operation) in operations(item) {
            add_common(operation, is_safe);
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    name_media_type(response);
                    if matches!(status.as_str(), "429" | "503") {
                        response.headers.insert("Retry-After".to_owned(), RefOr::T(retry_after()));
                    }
                }
            }
        }
    }
}

/// A view always has all its members, null where there is nothing to say, so that a client need not tell an absent one
/// from a null one. Of a request and of a problem, members may be left out.
fn require_all_members(name: &str, object: &mut Object) {
    if !name.ends_with("Request") && name != "Problem" {
        object.required = object.properties.keys().cloned().collect();
    }
}

/// A member that is a reference or null has its description beside the reference, where generators of clients do not look:
/// it belongs to the member.
fn describe_choice(member: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(choice)) = member else { return };
    let references = choice.items.iter_mut().filter_map(|item| match item {
        RefOr::Ref(reference) => Some(reference),
        RefOr::T(_) => None,
    });
    let described = references.map(|reference| &mut reference.description).find(|text| !text.is_empty());
    if choice.description.is_none()
        && let Some(text) = described
    {
        choice.description = Some(std::mem::take(text));
    }
}

/// The operations of a path, each with whether its method changes nothing.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let changing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    let safe = item.get.as_mut().map(|operation| (true, operation));
    safe.into_iter().chain(changing.into_iter().flatten().map(|operation| (false, operation)))
}

fn add_common(operation: &mut Operation, is_safe: bool) {
    let is_guarded = operation.security.as_ref().is_some_and(|security| !security.is_empty());
    let has_body = operation.request_body.is_some();
    let has_parameter_in = |place: ParameterIn| {
        operation.parameters.iter().flatten().any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == place,
            RefOr::Ref(_) => false,
        })
    };
    let has_query = has_parameter_in(ParameterIn::Query);
    let has_path = has_parameter_in(ParameterIn::Path);
    let common = [
        ("400", true, "The request can not be read"),
        ("401", is_guarded, "Nobody is signed in, or the session has ended"),
        ("403", is_guarded || !is_safe, "The role does not allow it, or the request came from another site"),
        ("404", has_path, "There is no such thing"),
        ("408", has_body, "The body did not arrive in time"),
        ("413", has_body, "The body is too large"),
        ("415", has_body, "The body is not JSON"),
        ("421", true, "The host name is not allowed"),
        ("422", has_body || has_query, "Some fields are not right; `errors` names them"),
        ("500", true, "Something went wrong on our side"),
        ("503", true, "The store is busy, or Podman does not answer"),
    ];
    for (status, applies, description) in common {
        if applies && !operation.responses.responses.contains_key(status) {
            operation.responses.responses.insert(status.to_owned(), RefOr::T(problem(description)));
        }
    }
}

fn problem(description: &str) -> Response {
    let content = Content::new(Some(Ref::new(PROBLEM_SCHEMA)));
    ResponseBuilder::new().description(description).content(PROBLEM_JSON, content).build()
}

fn retry_after() -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build()))
        .description(Some("How many seconds to wait."))
        .build()
}

/// A route that says `body = Problem` means problem+json.
fn name_media_type(response: &mut Response) {
    let is_problem = response.content.get("application/json").is_some_and(|content| match content {
        RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => schema.ref_location == PROBLEM_SCHEMA,
        RefOr::T(_) | RefOr::Ref(_) => false,
    });
    if is_problem && let Some(content) = response.content.shift_remove("application/json") {
        response.content.insert(PROBLEM_JSON.to_owned(), content);
    }
}

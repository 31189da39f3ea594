//! The OpenAPI document, made from the routes themselves.
//!
//! What is *not* here: descriptions of requests and answers, which are the doc comments in `dto/` and `routes/`.

mod complete;
mod downgrade;

use actix_web::App;
use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        OpenApi,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt as _;

use crate::{
    dto::{
        apps::{DatabaseMode, LogicalFateParam, UserFateParam, VolumesParam},
        databases::{DataFateParam, LoginPurpose},
        events::EventFrame,
        logs::LogFrame,
        operation_events::OperationFrame,
    },
    problem::Problem,
    routes,
    state::CookiePolicy,
};

/// The parts of the document that belong to no single route.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Stardeck databases",
        description = "Deploys, runs and watches PostgreSQL, MariaDB, MySQL, Redis and MongoDB servers in Podman \
                       containers.\n\nErrors are problem details (RFC 9457); branch on their `code`. Long work is \
                       answered with 202 and an operation to follow. The scopes of `security` name the role that is \
                       needed: `viewer`, `operator` or `admin`, each of which may do what the ones before it may.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(
        DatabaseMode, LogicalFateParam, UserFateParam, VolumesParam, Problem, DataFateParam, EventFrame, LogFrame, LoginPurpose,
        OperationFrame
    )),
    modifiers(&SecuritySchemes),
    tags(
        (name = "setup", description = "The first administrator"),
        (name = "auth", description = "Signing in and out, sessions, API tokens"),
        (name = "users", description = "Accounts"),
        (name = "audit", description = "Who did what"),
        (name = "engines", description = "What can be deployed"),
        (name = "databases", description = "Managed databases"),
        (name = "logical", description = "Databases and users inside managed databases"),
        (name = "connections", description = "Links of apps to databases"),
        (name = "containers", description = "Apps"),
        (name = "volumes", description = "Data that was kept"),
        (name = "operations", description = "Long-running work"),
        (name = "events", description = "What happens, as it happens"),
        (name = "registries", description = "Logins for image registries"),
        (name = "health", description = "Whether the server works"),
        (name = "docs", description = "This description"),
    ),
)]
struct Frame;

/// The OpenAPI 3.1 document of the API. Needs no server.
pub fn openapi() -> OpenApi {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Frame::openapi())
        .configure(routes::documented)
        .split_for_parts();
    complete::complete(&mut document);
    document
}

/// The same as an OpenAPI 3.0 document, for generators that do not read 3.1. Only the form differs: 3.0 knows neither
/// lists of types nor roles in the scopes of a bearer token.
///
/// # Errors
/// The document can not be written as JSON, which is a defect.
pub fn openapi_3_0() -> Result<serde_json::Value, serde_json::Error> {
    serde_json::to_value(openapi()).map(downgrade::to_3_0)
}

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The `token` of a login, or an API token, which does what its scope says and its owner may.",
            ))
            .build();
        let name = CookiePolicy::HostPrefixed.name();
        let description = format!(
            "Set by a login, for browsers. Without TLS and away from loopback it is called `{}`. Requests that change \
             something need an `Origin` equal to `Host`.",
            CookiePolicy::Plain.name()
        );
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(name, &description));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_says_what_it_is_and_has_a_name_of_its_own() {
        let document = serde_json::to_value(openapi()).unwrap();
        let mut names = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path}");
                assert!(operation["tags"].is_array(), "{method} {path}");
                names.push(operation["operationId"].as_str().unwrap().to_owned());
            }
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_reference_leads_to_a_schema() {
        let document = serde_json::to_value(openapi()).unwrap();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(references.len() > 20);
        for reference in references {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
        }
    }

    #[test]
    fn members_that_may_be_null_are_described_themselves() {
        let document = serde_json::to_value(openapi()).unwrap();
        let mut seen = 0;
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
                let Some(choices) = schema["oneOf"].as_array() else { continue };
                assert!(schema["description"].is_string(), "{name}.{member}");
                assert!(choices.iter().all(|choice| choice["description"].is_null()), "{name}.{member}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    fn collect(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => {
                into.extend(members.get("$ref").and_then(|r| r.as_str()).map(str::to_owned));
                members.values().for_each(|member| collect(member, into));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
            _ => {}
        }
    }
}

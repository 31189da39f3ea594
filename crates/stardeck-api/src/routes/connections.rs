//! `/api/databases/{id}/connections`: the links of apps to a database.

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Json},
};
use stardeck_domain::{ConnectionId, DatabaseConnection, DatabaseId, Operation};

use stardeck_service::apps::{LinkApp, LinkContainer};

use crate::{
    dto::{
        apps::{
            ConnectionAccepted, ConnectionCredentialsView, ConnectionList, ConnectionView, LinkQuery,
            LinkReportView, LinkRequest, Linked, UnlinkQuery,
        },
        databases::OperationAccepted,
        operations::{OperationView, location_of},
    },
    extract::{Admin, Id, JsonBody, PartOf, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the apps that are linked to a database. Passwords are not in it.
#[utoipa::path(
    tag = "connections",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "The links", body = ConnectionList),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/databases/{id}/connections")]
pub(crate) async fn list_connections(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<Json<ConnectionList>, Problem> {
    let items = state.apps.list_connections(id.0).await?.into_iter().map(ConnectionView::of).collect();
    Ok(Json(ConnectionList { items }))
}

/// Links an app to a database.
///
/// The logical database and the user are made unless they are there. The app gets a new container with the variables; its
/// earlier one comes back when that does not work.
#[utoipa::path(
    tag = "connections",
    params(("id" = DatabaseId, Path, description = "The database"), LinkQuery),
    request_body = LinkRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "What would change, for a dry run", body = LinkReportView),
        (status = 202, description = "Begun", body = ConnectionAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "A name is taken, the database does not run or is another app's own, or an operation \
            is at work on the app; or somebody else's program makes the container, and the lines for it are told",
            body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[post("/api/databases/{id}/connections")]
pub(crate) async fn create_connection(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    query: QueryOf<LinkQuery>,
    body: JsonBody<LinkRequest>,
) -> Result<HttpResponse, Problem> {
    let is_dry_run = query.0.check().map_err(Problem::invalid_query)?;
    let (linked, options) = body.0.check().map_err(Problem::invalid_body)?;
    let apps = state.apps.clone();
    if is_dry_run {
        let report = match linked {
            Linked::App(app) => apps.examine_link(id.0, &LinkApp { app, options }).await?,
            Linked::Container(container) => {
                apps.examine_container(id.0, &LinkContainer { container, options }).await?
            }
        };
        return Ok(HttpResponse::Ok().json(LinkReportView::of(report)));
    }
    let begun = state.to_its_end(async move {
        match linked {
            Linked::App(app) => apps.link(&admin.0, id.0, LinkApp { app, options }).await,
            Linked::Container(container) => {
                apps.link_container(&admin.0, id.0, LinkContainer { container, options }).await
            }
        }
    });
    Ok(accepted(begun.await?))
}

/// Shows how the app of a link signs in, with all its variables. Every time is written to the audit log.
#[utoipa::path(
    tag = "connections",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("cid" = ConnectionId, Path, description = "The link"),
    ),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "The login", body = ConnectionCredentialsView),
        (status = 409, description = "It is not made yet", body = Problem),
    )
)]
#[get("/api/databases/{id}/connections/{cid}/credentials")]
pub(crate) async fn get_connection_credentials(
    admin: Admin,
    state: Data<AppState>,
    path: PartOf<DatabaseId, ConnectionId>,
) -> Result<HttpResponse, Problem> {
    let credentials = state.apps.connection_credentials(&admin.0, path.id, path.part).await?;
    let no_store = (header::CACHE_CONTROL, "no-store");
    Ok(HttpResponse::Ok().insert_header(no_store).json(ConnectionCredentialsView::of(credentials)))
}

/// Replaces the password of a link. Engine and app get it in one operation, which is taken back when it fails.
#[utoipa::path(
    tag = "connections",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("cid" = ConnectionId, Path, description = "The link"),
    ),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = ConnectionAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "The database does not run, or an operation is at work on the app", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases/{id}/connections/{cid}/rotate")]
pub(crate) async fn rotate_connection(
    admin: Admin,
    state: Data<AppState>,
    path: PartOf<DatabaseId, ConnectionId>,
) -> Result<HttpResponse, Problem> {
    let apps = state.apps.clone();
    let begun = state.to_its_end(async move { apps.rotate(&admin.0, path.id, path.part).await }).await?;
    Ok(accepted(begun))
}

/// Removes a link. There is no default for what happens to its user and its logical database.
#[utoipa::path(
    tag = "connections",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("cid" = ConnectionId, Path, description = "The link"),
        UnlinkQuery,
    ),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = OperationAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "The database does not run, another app uses the logical database, or an operation is \
            at work on the app", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[delete("/api/databases/{id}/connections/{cid}")]
pub(crate) async fn delete_connection(
    admin: Admin,
    state: Data<AppState>,
    path: PartOf<DatabaseId, ConnectionId>,
    query: QueryOf<UnlinkQuery>,
) -> Result<HttpResponse, Problem> {
    let request = query.0.check().map_err(Problem::invalid_query)?;
    let apps = state.apps.clone();
    let removal =
        state.to_its_end(async move { apps.unlink(&admin.0, path.id, path.part, request).await }).await;
    let operation = removal.map_err(|error| Problem::from(error).in_query())?;
    let location = (header::LOCATION, location_of(operation.id));
    let body = OperationAccepted { operation: OperationView::of(operation) };
    Ok(HttpResponse::Accepted().insert_header(location).json(body))
}

fn accepted((connection, operation): (DatabaseConnection, Operation)) -> HttpResponse {
    let location = (header::LOCATION, location_of(operation.id));
    let connection = ConnectionView::of_connection(connection);
    let body = ConnectionAccepted { connection, operation: OperationView::of(operation) };
    HttpResponse::Accepted().insert_header(location).json(body)
}

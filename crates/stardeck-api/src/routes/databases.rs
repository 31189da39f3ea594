//! `/api/databases`: managed databases.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header,
    patch, post,
    web::{Data, Json},
};
use stardeck_domain::{DatabaseId, ManagedDatabase, Operation};

use crate::{
    dto::{
        databases::{
            ChangeDatabaseQuery, ChangeDatabaseRequest, CreateDatabaseRequest, CredentialsView,
            DatabaseAccepted, DatabaseList, DatabaseView, DeleteDatabaseQuery, OperationAccepted,
            RotateRequest, SettingsChanged,
        },
        lists::ListQuery,
        operations::{OperationView, location_of},
    },
    extract::{Admin, Id, IfMatch, JsonBody, Operator, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the managed databases.
#[utoipa::path(
    tag = "databases",
    params(ListQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "The databases", body = DatabaseList,
            headers(("ETag" = String, description = "Names what is shown, for `If-None-Match`"))),
        (status = 304, description = "What is shown is what `If-None-Match` names"),
    )
)]
#[get("/api/databases")]
pub(crate) async fn list_databases(
    _viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let page = query.0.into_page().map_err(Problem::invalid_query)?;
    let body = state.ready.get(&state.databases, page).await?;
    Ok(body.unless_known(&request))
}

/// Deploys a database.
///
/// Name and port are reserved at once; the rest is done by the operation that the answer names. What can be told to be
/// wrong before that is told here.
#[utoipa::path(
    tag = "databases",
    request_body = CreateDatabaseRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = DatabaseAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "The name or the port is taken, no port is free, or the kept volume is in use or \
            gone", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases")]
pub(crate) async fn create_database(
    admin: Admin,
    state: Data<AppState>,
    body: JsonBody<CreateDatabaseRequest>,
) -> Result<HttpResponse, Problem> {
    let request = body.0.check().map_err(Problem::invalid_body)?;
    let databases = state.databases.clone();
    let begun = state.to_its_end(async move { databases.create(&admin.0, request).await }).await?;
    Ok(accepted(begun))
}

/// Shows a database.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The database", body = DatabaseView))
)]
#[get("/api/databases/{id}")]
pub(crate) async fn get_database(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<Json<DatabaseView>, Problem> {
    Ok(Json(DatabaseView::of(state.databases.get(id.0).await?)))
}

/// Changes settings of a database.
///
/// What needs no other container is done at once (200, without an operation). Everything else is an operation that makes
/// the container anew on the same volume, and puts the old one back when the new one does not answer (202). With
/// `dry_run=true` nothing is changed, and the answer (200) says what would be, and whether the database restarts for it.
#[utoipa::path(
    tag = "databases",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ChangeDatabaseQuery,
        ("If-Match" = Option<String>, Header, description = "The `revision` that is known, such as `\"3\"`, or `*` for any; \
            may be left out with `dry_run=true`"),
    ),
    request_body = ChangeDatabaseRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "Done, or looked at", body = SettingsChanged),
        (status = 202, description = "Begun", body = SettingsChanged,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "The port is taken, no port is free, its status does not allow it, or an operation \
            is at work", body = Problem),
        (status = 412, description = "The settings were changed meanwhile", body = Problem),
        (status = 428, description = "The header `If-Match` is missing", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[patch("/api/databases/{id}")]
pub(crate) async fn change_database(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    query: QueryOf<ChangeDatabaseQuery>,
    known: IfMatch,
    body: JsonBody<ChangeDatabaseRequest>,
) -> Result<HttpResponse, Problem> {
    let is_dry = query.0.into_dry().map_err(Problem::invalid_query)?;
    let revision = known.revision(is_dry)?;
    let request = body.0.check().map_err(Problem::invalid_body)?;
    let databases = state.databases.clone();
    let change = async move { databases.change_settings(&admin.0, id.0, revision, request, is_dry).await };
    let outcome = state.to_its_end(change).await?;
    let location = outcome.operation.as_ref().map(|operation| location_of(operation.id));
    let changed = SettingsChanged::of(outcome);
    Ok(match location {
        Some(location) => HttpResponse::Accepted().insert_header((header::LOCATION, location)).json(changed),
        None => HttpResponse::Ok().json(changed),
    })
}

/// Removes a database, keeping or deleting its data.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), DeleteDatabaseQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = OperationAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "Its status does not allow it, or an operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[delete("/api/databases/{id}")]
pub(crate) async fn delete_database(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    query: QueryOf<DeleteDatabaseQuery>,
) -> Result<HttpResponse, Problem> {
    let request = query.0.check().map_err(Problem::invalid_query)?;
    let databases = state.databases.clone();
    let removal = state.to_its_end(async move { databases.delete(&admin.0, id.0, request).await }).await;
    // The service speaks of fields; here they are parameters of the query.
    let operation = removal.map_err(|error| Problem::from(error).in_query())?;
    let location = (header::LOCATION, location_of(operation.id));
    let body = OperationAccepted { operation: OperationView::of(operation) };
    Ok(HttpResponse::Accepted().insert_header(location).json(body))
}

/// Starts a database.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 202, description = "Begun", body = DatabaseAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "Its status does not allow it, or an operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases/{id}/start")]
pub(crate) async fn start_database(
    operator: Operator,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<HttpResponse, Problem> {
    let databases = state.databases.clone();
    let begun = state.to_its_end(async move { databases.start(&operator.0, id.0).await }).await?;
    Ok(accepted(begun))
}

/// Stops a database.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 202, description = "Begun", body = DatabaseAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "Its status does not allow it, or an operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases/{id}/stop")]
pub(crate) async fn stop_database(
    operator: Operator,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<HttpResponse, Problem> {
    let databases = state.databases.clone();
    let begun = state.to_its_end(async move { databases.stop(&operator.0, id.0).await }).await?;
    Ok(accepted(begun))
}

/// Stops a database and starts it again.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 202, description = "Begun", body = DatabaseAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "Its status does not allow it, or an operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases/{id}/restart")]
pub(crate) async fn restart_database(
    operator: Operator,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<HttpResponse, Problem> {
    let databases = state.databases.clone();
    let begun = state.to_its_end(async move { databases.restart(&operator.0, id.0).await }).await?;
    Ok(accepted(begun))
}

/// Makes the container of a missing database again, on the data that is left.
///
/// It runs the image that it ran before, which is not pulled, and is `running` only after the stored login opened it.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = DatabaseAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "It is not missing, its data is gone as well, or an operation is at work",
            body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases/{id}/recreate")]
pub(crate) async fn recreate_database(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<HttpResponse, Problem> {
    let databases = state.databases.clone();
    let begun = state.to_its_end(async move { databases.recreate(&admin.0, id.0).await }).await?;
    Ok(accepted(begun))
}

/// Shows how to sign in to a database as its administrator.
///
/// Each time is written to the audit log.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "The login, not to be stored by caches", body = CredentialsView),
        (status = 409, description = "The database is still being deployed", body = Problem),
    )
)]
#[get("/api/databases/{id}/credentials")]
pub(crate) async fn get_credentials(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<HttpResponse, Problem> {
    let credentials = state.databases.credentials(&admin.0, id.0).await?;
    let no_store = (header::CACHE_CONTROL, "no-store");
    Ok(HttpResponse::Ok().insert_header(no_store).json(CredentialsView::of(credentials)))
}

/// Replaces the password of the administrator, or of Stardeck's own role, by a generated one.
///
/// Engine and store have the new one afterwards, or both have the one before. Apps are not concerned: they have users of
/// their own.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    request_body = RotateRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 204, description = "It is replaced"),
        (status = 409, description = "The database does not run, or is still being deployed", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[post("/api/databases/{id}/credentials/rotate")]
pub(crate) async fn rotate_credentials(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    body: JsonBody<RotateRequest>,
) -> Result<HttpResponse, Problem> {
    let whose = body.0.check().map_err(Problem::invalid_body)?;
    let databases = state.databases.clone();
    state.to_its_end(async move { databases.rotate_credentials(&admin.0, id.0, whose).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) fn accepted((database, operation): (ManagedDatabase, Operation)) -> HttpResponse {
    let location = (header::LOCATION, location_of(operation.id));
    let body =
        DatabaseAccepted { database: DatabaseView::of(database), operation: OperationView::of(operation) };
    HttpResponse::Accepted().insert_header(location).json(body)
}

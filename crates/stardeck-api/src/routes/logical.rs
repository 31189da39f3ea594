//! `/api/databases/{id}/databases` and `/api/databases/{id}/users`: what is inside a managed database.

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Json},
};
use stardeck_domain::{DatabaseId, LogicalName, LoginName};

use crate::{
    dto::logical::{
        ConfirmQuery, CreateLogicalDatabaseRequest, CreateLogicalUserRequest, LogicalDatabaseList,
        LogicalDatabaseView, LogicalUserList, LogicalUserView, UserCredentialsView,
    },
    extract::{Admin, Id, JsonBody, NamedIn, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the databases inside a managed database.
#[utoipa::path(
    tag = "logical",
    params(("id" = DatabaseId, Path, description = "The managed database")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "The databases inside", body = LogicalDatabaseList),
        (status = 409, description = "It does not run", body = Problem),
        (status = 422, description = "The database server refused", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[get("/api/databases/{id}/databases")]
pub(crate) async fn list_logical_databases(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<Json<LogicalDatabaseList>, Problem> {
    let items = state.logical.list_databases(id.0).await?.into_iter().map(LogicalDatabaseView::of).collect();
    Ok(Json(LogicalDatabaseList { items }))
}

/// Makes a database inside a managed database. No user may enter it yet.
///
/// One that is `pending` is finished.
#[utoipa::path(
    tag = "logical",
    params(("id" = DatabaseId, Path, description = "The managed database")),
    request_body = CreateLogicalDatabaseRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 201, description = "Made", body = LogicalDatabaseView),
        (status = 409, description = "The name is taken, or the managed database does not run", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[post("/api/databases/{id}/databases")]
pub(crate) async fn create_logical_database(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    body: JsonBody<CreateLogicalDatabaseRequest>,
) -> Result<HttpResponse, Problem> {
    let request = body.0.check().map_err(Problem::invalid_body)?;
    let logical = state.logical.clone();
    let made =
        state.to_its_end(async move { logical.create_database(&admin.0, id.0, request).await }).await?;
    Ok(HttpResponse::Created().json(LogicalDatabaseView::of(made)))
}

/// Drops a database inside a managed database, with all that is in it and the users that were made for it.
#[utoipa::path(
    tag = "logical",
    params(
        ("id" = DatabaseId, Path, description = "The managed database"),
        ("name" = String, Path, description = "The database inside"),
        ConfirmQuery,
    ),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 204, description = "Dropped"),
        (status = 409, description = "The managed database does not run", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[delete("/api/databases/{id}/databases/{name}")]
pub(crate) async fn delete_logical_database(
    admin: Admin,
    state: Data<AppState>,
    path: NamedIn<DatabaseId, LogicalName>,
    query: QueryOf<ConfirmQuery>,
) -> Result<HttpResponse, Problem> {
    let confirm = query.0.check().map_err(Problem::invalid_query)?;
    let logical = state.logical.clone();
    let dropped = state
        .to_its_end(async move { logical.delete_database(&admin.0, path.id, path.name, &confirm).await })
        .await;
    dropped.map_err(|error| Problem::from(error).in_query())?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lists the users that can log in to a managed database.
#[utoipa::path(
    tag = "logical",
    params(("id" = DatabaseId, Path, description = "The managed database")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "The users", body = LogicalUserList),
        (status = 409, description = "It does not run", body = Problem),
        (status = 422, description = "The database server refused", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[get("/api/databases/{id}/users")]
pub(crate) async fn list_logical_users(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<Json<LogicalUserList>, Problem> {
    let items = state.logical.list_users(id.0).await?.into_iter().map(LogicalUserView::of).collect();
    Ok(Json(LogicalUserList { items }))
}

/// Makes a user with rights in one logical database and nowhere else.
#[utoipa::path(
    tag = "logical",
    params(("id" = DatabaseId, Path, description = "The managed database")),
    request_body = CreateLogicalUserRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 201, description = "Made", body = LogicalUserView),
        (status = 409, description = "The name is taken, or the managed database does not run", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[post("/api/databases/{id}/users")]
pub(crate) async fn create_logical_user(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    body: JsonBody<CreateLogicalUserRequest>,
) -> Result<HttpResponse, Problem> {
    let request = body.0.check().map_err(Problem::invalid_body)?;
    let logical = state.logical.clone();
    let made = state.to_its_end(async move { logical.create_user(&admin.0, id.0, request).await }).await?;
    Ok(HttpResponse::Created().json(LogicalUserView::of(made)))
}

/// Shows how a user that was made through Stardeck signs in. Every time is written to the audit log.
#[utoipa::path(
    tag = "logical",
    params(
        ("id" = DatabaseId, Path, description = "The managed database"),
        ("name" = String, Path, description = "The user's login name"),
    ),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses((status = 200, description = "The login", body = UserCredentialsView))
)]
#[get("/api/databases/{id}/users/{name}/credentials")]
pub(crate) async fn get_user_credentials(
    admin: Admin,
    state: Data<AppState>,
    path: NamedIn<DatabaseId, LoginName>,
) -> Result<HttpResponse, Problem> {
    let credentials = state.logical.user_credentials(&admin.0, path.id, path.name).await?;
    let no_store = (header::CACHE_CONTROL, "no-store");
    Ok(HttpResponse::Ok().insert_header(no_store).json(UserCredentialsView::of(credentials)))
}

/// Drops a user that was made through Stardeck, and ends its connections. What it made in its database stays.
#[utoipa::path(
    tag = "logical",
    params(
        ("id" = DatabaseId, Path, description = "The managed database"),
        ("name" = String, Path, description = "The user's login name"),
        ConfirmQuery,
    ),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 204, description = "Dropped"),
        (status = 409, description = "The managed database does not run", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[delete("/api/databases/{id}/users/{name}")]
pub(crate) async fn delete_logical_user(
    admin: Admin,
    state: Data<AppState>,
    path: NamedIn<DatabaseId, LoginName>,
    query: QueryOf<ConfirmQuery>,
) -> Result<HttpResponse, Problem> {
    let confirm = query.0.check().map_err(Problem::invalid_query)?;
    let logical = state.logical.clone();
    let dropped = state
        .to_its_end(async move { logical.delete_user(&admin.0, path.id, path.name, &confirm).await })
        .await;
    dropped.map_err(|error| Problem::from(error).in_query())?;
    Ok(HttpResponse::NoContent().finish())
}

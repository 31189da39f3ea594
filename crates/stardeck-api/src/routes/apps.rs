//! `/api/containers`: apps.

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Json},
};
use stardeck_domain::{App, AppId, Operation};
use stardeck_service::Error;

use crate::{
    dto::{
        apps::{
            AppAccepted, AppList, AppView, ConnectionTestView, CreateAppRequest, DeleteAppQuery,
            ImageLookView, ImageQuery, PreviewList, PreviewRequest, TestConnectionRequest, within_choice,
        },
        databases::OperationAccepted,
        lists::{ListQuery, views},
        operations::{OperationView, location_of},
    },
    extract::{Admin, Id, JsonBody, Operator, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the apps that were made through Stardeck.
#[utoipa::path(
    tag = "containers",
    params(ListQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "The apps", body = AppList),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/containers")]
pub(crate) async fn list_containers(
    _viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<ListQuery>,
) -> Result<Json<AppList>, Problem> {
    let page = query.0.into_page().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.apps.list(page).await?, AppView::of);
    Ok(Json(AppList { items, next_cursor }))
}

/// Deploys an app, linked to a database where one is asked for.
///
/// With the mode `new` a dedicated database is deployed first, in the same operation, and taken back with it.
#[utoipa::path(
    tag = "containers",
    request_body = CreateAppRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = AppAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 404, description = "There is no such database", body = Problem),
        (status = 409, description = "A name or port is taken, or the database does not run or is another app's own",
            body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
        (status = 504, description = "The database server does not answer", body = Problem),
    )
)]
#[post("/api/containers")]
pub(crate) async fn create_container(
    admin: Admin,
    state: Data<AppState>,
    body: JsonBody<CreateAppRequest>,
) -> Result<HttpResponse, Problem> {
    let request = body.0.check().map_err(Problem::invalid_body)?;
    let apps = state.apps.clone();
    let (app, operation) = state
        .to_its_end(async move {
            let (app, _, operation) = apps.create(&admin.0, request).await.map_err(about_choice)?;
            Ok((app, operation))
        })
        .await?;
    accepted(&state, app, operation).await
}

/// Shows the variables that a link to a database would give to an app, with the password masked.
#[utoipa::path(
    tag = "containers",
    request_body = PreviewRequest,
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "The variables", body = PreviewList),
        (status = 404, description = "There is no such database", body = Problem),
    )
)]
#[post("/api/containers/preview")]
pub(crate) async fn preview_container(
    _viewer: Viewer,
    state: Data<AppState>,
    body: JsonBody<PreviewRequest>,
) -> Result<Json<PreviewList>, Problem> {
    let request = body.0.check().map_err(Problem::invalid_body)?;
    Ok(Json(PreviewList::of(state.apps.preview(&request).await.map_err(about_choice)?)))
}

/// Names the fields as they are in the request.
fn about_choice(error: Error) -> Error {
    match error {
        Error::Validation(errors) => Error::Validation(within_choice(errors)),
        other => other,
    }
}

/// Tries a database server that somebody else runs, from the network that apps are on.
///
/// What is wrong is told by the code of the field: `unknown_host`, `connection_refused`, `unreachable`,
/// `credentials_rejected`, `unknown_database`.
#[utoipa::path(
    tag = "containers",
    request_body = TestConnectionRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "It answers", body = ConnectionTestView),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/containers/test-connection")]
pub(crate) async fn test_connection(
    _admin: Admin,
    state: Data<AppState>,
    body: JsonBody<TestConnectionRequest>,
) -> Result<Json<ConnectionTestView>, Problem> {
    let given = body.0.check().map_err(Problem::invalid_body)?;
    Ok(Json(ConnectionTestView::of(state.apps.test_external(&given).await?)))
}

/// Looks at an app's image: which engines it seems to want, and what it declares. Nothing is pulled.
#[utoipa::path(
    tag = "containers",
    params(ImageQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "What it says", body = ImageLookView),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/containers/suggest")]
pub(crate) async fn suggest_engine(
    _viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<ImageQuery>,
) -> Result<Json<ImageLookView>, Problem> {
    let image = query.0.check().map_err(Problem::invalid_query)?;
    Ok(Json(ImageLookView::of(state.apps.look_at_image(image).await?)))
}

/// Shows an app.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "The app", body = AppView),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/containers/{id}")]
pub(crate) async fn get_container(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<AppId>,
) -> Result<Json<AppView>, Problem> {
    Ok(Json(AppView::of(state.apps.get(id.0).await?)))
}

/// Removes an app with its links and their users. The logical databases stay.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app"), DeleteAppQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = OperationAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "An operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[delete("/api/containers/{id}")]
pub(crate) async fn delete_container(
    admin: Admin,
    state: Data<AppState>,
    id: Id<AppId>,
    query: QueryOf<DeleteAppQuery>,
) -> Result<HttpResponse, Problem> {
    let (confirm, deletes_volumes) = query.0.check().map_err(Problem::invalid_query)?;
    let apps = state.apps.clone();
    let removal =
        state.to_its_end(async move { apps.delete(&admin.0, id.0, &confirm, deletes_volumes).await }).await;
    let operation = removal.map_err(|error| Problem::from(error).in_query())?;
    let location = (header::LOCATION, location_of(operation.id));
    let body = OperationAccepted { operation: OperationView::of(operation) };
    Ok(HttpResponse::Accepted().insert_header(location).json(body))
}

/// Starts an app.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app")),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 202, description = "Begun", body = AppAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "An operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/containers/{id}/start")]
pub(crate) async fn start_container(
    operator: Operator,
    state: Data<AppState>,
    id: Id<AppId>,
) -> Result<HttpResponse, Problem> {
    let apps = state.apps.clone();
    let (app, operation) = state.to_its_end(async move { apps.start(&operator.0, id.0).await }).await?;
    accepted(&state, app, operation).await
}

/// Stops an app.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app")),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 202, description = "Begun", body = AppAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "An operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/containers/{id}/stop")]
pub(crate) async fn stop_container(
    operator: Operator,
    state: Data<AppState>,
    id: Id<AppId>,
) -> Result<HttpResponse, Problem> {
    let apps = state.apps.clone();
    let (app, operation) = state.to_its_end(async move { apps.stop(&operator.0, id.0).await }).await?;
    accepted(&state, app, operation).await
}

/// Stops an app and starts it again.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app")),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 202, description = "Begun", body = AppAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "An operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/containers/{id}/restart")]
pub(crate) async fn restart_container(
    operator: Operator,
    state: Data<AppState>,
    id: Id<AppId>,
) -> Result<HttpResponse, Problem> {
    let apps = state.apps.clone();
    let (app, operation) = state.to_its_end(async move { apps.restart(&operator.0, id.0).await }).await?;
    accepted(&state, app, operation).await
}

async fn accepted(state: &AppState, app: App, operation: Operation) -> Result<HttpResponse, Problem> {
    let location = (header::LOCATION, location_of(operation.id));
    let container = AppView::of(state.apps.get(app.id).await?);
    let body = AppAccepted { container, operation: OperationView::of(operation) };
    Ok(HttpResponse::Accepted().insert_header(location).json(body))
}

//! `/api/users`: accounts.

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    patch, post, put,
    web::{Data, Json},
};
use stardeck_domain::UserId;

use crate::{
    dto::{
        lists::{ListQuery, views},
        users::{ChangePasswordRequest, ChangeUserRequest, CreateUserRequest, UserList, UserView},
    },
    extract::{Admin, Id, JsonBody, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the accounts.
#[utoipa::path(
    tag = "users",
    params(ListQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses((status = 200, description = "The accounts", body = UserList))
)]
#[get("/api/users")]
pub(crate) async fn list_users(
    _admin: Admin,
    state: Data<AppState>,
    query: QueryOf<ListQuery>,
) -> Result<Json<UserList>, Problem> {
    let page = query.0.into_page().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.users.list(page).await?, UserView::of);
    Ok(Json(UserList { items, next_cursor }))
}

/// Makes an account.
#[utoipa::path(
    tag = "users",
    request_body = CreateUserRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 201, description = "The account", body = UserView, headers(("Location" = String))),
        (status = 409, description = "The name is taken", body = Problem),
    )
)]
#[post("/api/users")]
pub(crate) async fn create_user(
    admin: Admin,
    state: Data<AppState>,
    body: JsonBody<CreateUserRequest>,
) -> Result<HttpResponse, Problem> {
    let new = body.0.check().map_err(Problem::invalid_body)?;
    let user = state.users.create(&admin.0, new.username, new.password, new.role).await?;
    let location = (header::LOCATION, format!("/api/users/{}", user.id));
    Ok(HttpResponse::Created().insert_header(location).json(UserView::of(user)))
}

/// Shows an account.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The account")),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses((status = 200, description = "The account", body = UserView))
)]
#[get("/api/users/{id}")]
pub(crate) async fn get_user(
    _admin: Admin,
    state: Data<AppState>,
    id: Id<UserId>,
) -> Result<Json<UserView>, Problem> {
    Ok(Json(UserView::of(state.users.get(id.0).await?)))
}

/// Gives an account another role.
///
/// When the new role may less, the account's sessions end.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The account")),
    request_body = ChangeUserRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "The account", body = UserView),
        (status = 409, description = "It is the last administrator's", body = Problem),
    )
)]
#[patch("/api/users/{id}")]
pub(crate) async fn change_user(
    admin: Admin,
    state: Data<AppState>,
    id: Id<UserId>,
    body: JsonBody<ChangeUserRequest>,
) -> Result<Json<UserView>, Problem> {
    let role = body.0.check().map_err(Problem::invalid_body)?;
    Ok(Json(UserView::of(state.users.change_role(&admin.0, id.0, role).await?)))
}

/// Removes an account with its sessions and API tokens.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The account")),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "It is the last administrator's", body = Problem),
    )
)]
#[delete("/api/users/{id}")]
pub(crate) async fn delete_user(
    admin: Admin,
    state: Data<AppState>,
    id: Id<UserId>,
) -> Result<HttpResponse, Problem> {
    state.users.delete(&admin.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives an account a new password and ends its sessions, except the one the request came with. API tokens go on.
///
/// Everybody may change their own, with the current one; an administrator may set those of others.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The account")),
    request_body = ChangePasswordRequest,
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 204, description = "Changed"),
        (status = 403, description = "It is the account of somebody else", body = Problem),
        (status = 429, description = "Too many wrong current passwords", body = Problem),
    )
)]
#[put("/api/users/{id}/password")]
pub(crate) async fn change_password(
    viewer: Viewer,
    state: Data<AppState>,
    id: Id<UserId>,
    body: JsonBody<ChangePasswordRequest>,
) -> Result<HttpResponse, Problem> {
    let (current, new) = body.0.check().map_err(Problem::invalid_body)?;
    state.users.change_password(&viewer.0, id.0, current, new).await?;
    Ok(HttpResponse::NoContent().finish())
}

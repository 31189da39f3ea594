//! The handlers, one file per resource. Each takes what it needs out of the request, makes one call to the service, and
//! answers with a view.
//!
//! The guard comes first in a handler's arguments. The OpenAPI document says the same role in `security`; a test
//! compares what it says with what the server does.

mod adoption;
mod app_watch;
mod apps;
mod audit;
mod auth;
mod connections;
mod database_watch;
mod databases;
mod detection;
mod docs;
mod engines;
mod events;
mod health;
mod logical;
mod metrics;
mod not_found;
mod operation_events;
mod operations;
mod ports;
mod registries;
mod sessions;
mod setup;
mod tokens;
mod ui;
mod users;
mod volumes;

use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa_actix_web::{OpenApiFactory as _, service_config::ServiceConfig};

pub(crate) use docs::{redirect_docs, swagger_ui};
pub(crate) use ui::{redirect_root, ui_or_not_found};

/// Declares what is done with every route, so that there is one list of them.
macro_rules! every_route {
    ($( $file:ident::$handler:ident, )+) => {
        /// Serves them, without describing them: each worker does this, and the schemas take megabytes.
        pub(crate) fn served(config: &mut web::ServiceConfig) {
            config $( .service($file::$handler) )+;
        }

        /// Describes them in the OpenAPI document.
        pub(crate) fn documented(config: &mut ServiceConfig<'_>) {
            config $( .service($file::$handler) )+;
        }

        /// Their paths and methods, without what they take and give.
        fn paths() -> Paths {
            let mut all = Paths::new();
            $( all.merge($file::$handler.paths()); )+
            all
        }
    };
}

every_route! {
    setup::get_setup,
    setup::complete_setup,
    auth::login,
    auth::logout,
    auth::get_me,
    sessions::list_sessions,
    sessions::revoke_session,
    tokens::list_tokens,
    tokens::create_token,
    tokens::revoke_token,
    users::list_users,
    users::create_user,
    users::get_user,
    users::change_user,
    users::delete_user,
    users::change_password,
    audit::list_audit,
    audit::export_audit,
    engines::list_engines,
    databases::list_databases,
    databases::create_database,
    detection::detect_databases,
    adoption::adopt_database,
    adoption::release_database,
    databases::get_database,
    databases::change_database,
    databases::delete_database,
    databases::start_database,
    databases::stop_database,
    databases::restart_database,
    databases::recreate_database,
    databases::get_credentials,
    databases::rotate_credentials,
    logical::list_logical_databases,
    logical::create_logical_database,
    logical::delete_logical_database,
    logical::list_logical_users,
    logical::create_logical_user,
    logical::get_user_credentials,
    logical::delete_logical_user,
    database_watch::list_logs,
    database_watch::follow_logs,
    database_watch::get_stats,
    connections::list_connections,
    connections::create_connection,
    connections::get_connection_credentials,
    connections::rotate_connection,
    connections::delete_connection,
    apps::list_containers,
    apps::create_container,
    apps::preview_container,
    apps::test_connection,
    apps::suggest_engine,
    apps::get_container,
    apps::delete_container,
    apps::start_container,
    apps::stop_container,
    apps::restart_container,
    app_watch::list_container_logs,
    app_watch::follow_container_logs,
    app_watch::get_container_stats,
    ports::get_next_port,
    volumes::list_kept_volumes,
    volumes::delete_kept_volume,
    events::follow_events,
    operations::list_operations,
    operations::get_operation,
    operations::list_operation_log,
    operation_events::follow_operation,
    operations::cancel_operation,
    registries::list_registries,
    registries::save_registry,
    registries::delete_registry,
    health::live,
    health::ready,
    metrics::get_metrics,
    docs::show_openapi,
}

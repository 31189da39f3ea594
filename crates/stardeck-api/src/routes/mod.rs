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

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use docs::{Document, redirect_docs, swagger_ui};
pub(crate) use not_found::RouteTable;
pub(crate) use ui::{redirect_root, ui_or_not_found};

/// Everything that is in the OpenAPI document.
pub(crate) fn documented(config: &mut ServiceConfig<'_>) {
    config
        .service(setup::get_setup)
        .service(setup::complete_setup)
        .service(auth::login)
        .service(auth::logout)
        .service(auth::get_me)
        .service(sessions::list_sessions)
        .service(sessions::revoke_session)
        .service(tokens::list_tokens)
        .service(tokens::create_token)
        .service(tokens::revoke_token)
        .service(users::list_users)
        .service(users::create_user)
        .service(users::get_user)
        .service(users::change_user)
        .service(users::delete_user)
        .service(users::change_password)
        .service(audit::list_audit)
        .service(audit::export_audit)
        .service(engines::list_engines)
        .service(databases::list_databases)
        .service(databases::create_database)
        .service(detection::detect_databases)
        .service(adoption::adopt_database)
        .service(adoption::release_database)
        .service(databases::get_database)
        .service(databases::change_database)
        .service(databases::delete_database)
        .service(databases::start_database)
        .service(databases::stop_database)
        .service(databases::restart_database)
        .service(databases::recreate_database)
        .service(databases::get_credentials)
        .service(databases::rotate_credentials)
        .service(logical::list_logical_databases)
        .service(logical::create_logical_database)
        .service(logical::delete_logical_database)
        .service(logical::list_logical_users)
        .service(logical::create_logical_user)
        .service(logical::get_user_credentials)
        .service(logical::delete_logical_user)
        .service(database_watch::list_logs)
        .service(database_watch::follow_logs)
        .service(database_watch::get_stats)
        .service(connections::list_connections)
        .service(connections::create_connection)
        .service(connections::get_connection_credentials)
        .service(connections::rotate_connection)
        .service(connections::delete_connection)
        .service(apps::list_containers)
        .service(apps::create_container)
        .service(apps::preview_container)
        .service(apps::test_connection)
        .service(apps::suggest_engine)
        .service(apps::get_container)
        .service(apps::delete_container)
        .service(apps::start_container)
        .service(apps::stop_container)
        .service(apps::restart_container)
        .service(app_watch::list_container_logs)
        .service(app_watch::follow_container_logs)
        .service(app_watch::get_container_stats)
        .service(ports::get_next_port)
        .service(volumes::list_kept_volumes)
        .service(volumes::delete_kept_volume)
        .service(events::follow_events)
        .service(operations::list_operations)
        .service(operations::get_operation)
        .service(operations::list_operation_log)
        .service(operation_events::follow_operation)
        .service(operations::cancel_operation)
        .service(registries::list_registries)
        .service(registries::save_registry)
        .service(registries::delete_registry)
        .service(health::live)
        .service(health::ready)
        .service(metrics::get_metrics)
        .service(docs::show_openapi);
}

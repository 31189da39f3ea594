// @generated automatically by Diesel CLI.

diesel::table! {
    api_tokens (id) {
        id -> Text,
        user_id -> Text,
        name -> Text,
        scope -> Text,
        token_hash -> Text,
        created_at -> Text,
        expires_at -> Text,
        last_used_at -> Nullable<Text>,
        made_by -> Nullable<Text>,
    }
}

diesel::table! {
    apps (id) {
        id -> Text,
        name -> Text,
        container_id -> Nullable<Text>,
        container_name -> Text,
        image -> Text,
        image_id -> Nullable<Text>,
        status -> Text,
        status_reason -> Nullable<Text>,
        desired_state -> Text,
        spec -> Text,
        sealed_env -> Text,
        created_at -> Text,
        updated_at -> Text,
        created_by -> Nullable<Text>,
        sealed_external -> Nullable<Text>,
    }
}

diesel::table! {
    audit_actions (name) {
        name -> Text,
    }
}

diesel::table! {
    audit_log (id) {
        id -> Text,
        at -> Text,
        user_id -> Nullable<Text>,
        username -> Nullable<Text>,
        action -> Text,
        target_id -> Nullable<Text>,
        target_name -> Nullable<Text>,
        remote_address -> Nullable<Text>,
        outcome -> Text,
        token_id -> Nullable<Text>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    credentials (id) {
        id -> Text,
        database_id -> Text,
        purpose -> Text,
        username -> Text,
        sealed_password -> Text,
        version -> Integer,
        state -> Text,
        created_at -> Text,
        activated_at -> Nullable<Text>,
        retired_at -> Nullable<Text>,
    }
}

diesel::table! {
    database_connections (id) {
        id -> Text,
        app_id -> Text,
        database_id -> Text,
        logical_database_id -> Text,
        logical_user_id -> Text,
        env_prefix -> Nullable<Text>,
        delivery -> Text,
        state -> Text,
        created_at -> Text,
        network -> Nullable<Text>,
    }
}

diesel::table! {
    engine_types (name) {
        name -> Text,
    }
}

diesel::table! {
    event_kinds (name) {
        name -> Text,
    }
}

diesel::table! {
    events (seq) {
        seq -> Integer,
        at -> Text,
        kind -> Text,
        facts -> Text,
    }
}

diesel::table! {
    hosts (id) {
        id -> Text,
    }
}

diesel::table! {
    logical_databases (id) {
        id -> Text,
        database_id -> Text,
        name -> Text,
        state -> Text,
        created_at -> Text,
        created_by -> Nullable<Text>,
    }
}

diesel::table! {
    logical_users (id) {
        id -> Text,
        database_id -> Text,
        logical_database_id -> Text,
        username -> Text,
        preset -> Text,
        state -> Text,
        created_at -> Text,
    }
}

diesel::table! {
    managed_databases (id) {
        id -> Text,
        host_id -> Text,
        container_id -> Nullable<Text>,
        container_name -> Text,
        name -> Text,
        #[sql_name = "type"]
        type_ -> Text,
        flavor -> Nullable<Text>,
        origin -> Text,
        version -> Text,
        server_version -> Nullable<Text>,
        image -> Text,
        image_id -> Nullable<Text>,
        digest -> Nullable<Text>,
        internal_host -> Text,
        internal_port -> Integer,
        external_port -> Nullable<Integer>,
        bind_address -> Text,
        admin_user -> Text,
        network -> Text,
        status -> Text,
        desired_state -> Text,
        status_reason -> Nullable<Text>,
        health -> Text,
        last_answer_at -> Nullable<Text>,
        is_shared -> Integer,
        spec -> Text,
        settings -> Text,
        description -> Nullable<Text>,
        color -> Nullable<Text>,
        revision -> Integer,
        created_at -> Text,
        updated_at -> Text,
        created_by -> Nullable<Text>,
        deleted_at -> Nullable<Text>,
        deleted_by -> Nullable<Text>,
        latency_ms -> Nullable<Integer>,
        connection_count -> Integer,
    }
}

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    operation_events (operation_id, seq) {
        operation_id -> Text,
        seq -> Integer,
        at -> Text,
        change -> Text,
    }
}

diesel::table! {
    operation_kinds (name) {
        name -> Text,
    }
}

diesel::table! {
    operation_log (operation_id, seq) {
        operation_id -> Text,
        seq -> Integer,
        at -> Text,
        step -> Nullable<Text>,
        line -> Text,
    }
}

diesel::table! {
    operation_steps (operation_id, position) {
        operation_id -> Text,
        position -> Integer,
        name -> Text,
        state -> Text,
        started_at -> Nullable<Text>,
        finished_at -> Nullable<Text>,
        detail -> Nullable<Text>,
        sealed_output -> Nullable<Text>,
    }
}

diesel::table! {
    operations (id) {
        id -> Text,
        kind -> Text,
        target_id -> Text,
        parent_id -> Nullable<Text>,
        requested_by -> Nullable<Text>,
        state -> Text,
        input -> Text,
        sealed_input -> Nullable<Text>,
        cancel_requested_at -> Nullable<Text>,
        error -> Nullable<Text>,
        undone -> Nullable<Integer>,
        created_at -> Text,
        finished_at -> Nullable<Text>,
    }
}

diesel::table! {
    port_reservations (host_id, port) {
        host_id -> Text,
        port -> Integer,
        address -> Text,
        purpose -> Text,
        database_id -> Nullable<Text>,
        reserved_at -> Text,
        quarantined_until -> Nullable<Text>,
        app_id -> Nullable<Text>,
    }
}

diesel::table! {
    registries (id) {
        id -> Text,
        host -> Text,
        username -> Text,
        sealed_password -> Text,
        created_at -> Text,
        updated_at -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        token_hash -> Text,
        created_at -> Text,
        expires_at -> Text,
        remote_address -> Nullable<Text>,
        last_used_at -> Nullable<Text>,
    }
}

diesel::table! {
    step_names (name) {
        name -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        username -> Text,
        password_hash -> Text,
        role -> Text,
        created_at -> Text,
        last_login_at -> Nullable<Text>,
    }
}

diesel::table! {
    volumes (id) {
        id -> Text,
        database_id -> Text,
        name -> Text,
        mount_path -> Text,
        kind -> Text,
        major -> Nullable<Integer>,
        owned -> Integer,
        initialised -> Integer,
        state -> Text,
        created_at -> Text,
    }
}

diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(apps -> users (created_by));
diesel::joinable!(audit_log -> audit_actions (action));
diesel::joinable!(credentials -> managed_databases (database_id));
diesel::joinable!(database_connections -> apps (app_id));
diesel::joinable!(database_connections -> logical_databases (logical_database_id));
diesel::joinable!(database_connections -> logical_users (logical_user_id));
diesel::joinable!(database_connections -> managed_databases (database_id));
diesel::joinable!(events -> event_kinds (kind));
diesel::joinable!(logical_databases -> managed_databases (database_id));
diesel::joinable!(logical_databases -> users (created_by));
diesel::joinable!(logical_users -> logical_databases (logical_database_id));
diesel::joinable!(logical_users -> managed_databases (database_id));
diesel::joinable!(managed_databases -> engine_types (type_));
diesel::joinable!(managed_databases -> hosts (host_id));
diesel::joinable!(managed_databases -> users (created_by));
diesel::joinable!(operation_events -> operations (operation_id));
diesel::joinable!(operation_log -> operations (operation_id));
diesel::joinable!(operation_log -> step_names (step));
diesel::joinable!(operation_steps -> operations (operation_id));
diesel::joinable!(operation_steps -> step_names (name));
diesel::joinable!(operations -> operation_kinds (kind));
diesel::joinable!(port_reservations -> apps (app_id));
diesel::joinable!(port_reservations -> hosts (host_id));
diesel::joinable!(port_reservations -> managed_databases (database_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(volumes -> managed_databases (database_id));

diesel::allow_tables_to_appear_in_same_query!(
    api_tokens,
    apps,
    audit_actions,
    audit_log,
    credentials,
    database_connections,
    engine_types,
    event_kinds,
    events,
    hosts,
    logical_databases,
    logical_users,
    managed_databases,
    meta,
    operation_events,
    operation_kinds,
    operation_log,
    operation_steps,
    operations,
    port_reservations,
    registries,
    sessions,
    step_names,
    users,
    volumes,
);

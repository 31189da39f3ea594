//! Links of apps to databases.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    AppId, ConnectionId, ConnectionState, DatabaseConnection, DatabaseId, DatabaseName, Delivery,
    InvalidValue, LinkNetwork, LogicalName, LoginName, Preset, ValidationErrors,
};
use stardeck_service::apps::{
    ConnectionCredentials, ConnectionEntry, LinkOptions, LogicalFate, UnlinkApp, UserFate,
};
use utoipa::{IntoParams, ToSchema};

use super::link::{Linked, linked};
use crate::dto::{
    fields::{Fields, absent, any, one_of},
    operations::OperationView,
};

/// Longest prefix of variables, in characters.
const PREFIX_MAX: usize = 32;

/// An app's link to one logical database. Passwords are never in it: see its `credentials`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DatabaseConnection)]
pub(crate) struct ConnectionView {
    /// Its id.
    id: ConnectionId,
    /// The app.
    container_id: AppId,
    /// The app's name.
    container_name: DatabaseName,
    /// The managed database.
    database_id: DatabaseId,
    /// The logical database in it.
    database_name: LogicalName,
    /// The app's user in it.
    username: LoginName,
    /// What that user may do.
    preset: Preset,
    /// What the names of the app's variables begin with; null for its first database.
    env_prefix: Option<String>,
    /// How the app gets its password.
    delivery: Delivery,
    /// Where the app meets the database.
    network: LinkNetwork,
    /// Where it stands. `orphaned` is one whose app was removed behind Stardeck's back.
    state: ConnectionState,
    /// When it was asked for.
    created_at: DateTime<Utc>,
}

impl ConnectionView {
    pub(crate) fn of(entry: ConnectionEntry) -> Self {
        Self { state: entry.state, ..Self::of_connection(entry.connection) }
    }

    pub(crate) fn of_connection(connection: DatabaseConnection) -> Self {
        Self {
            id: connection.id,
            container_id: connection.app_id,
            container_name: connection.app,
            database_id: connection.database_id,
            database_name: connection.logical_database,
            username: connection.username,
            preset: connection.preset,
            env_prefix: connection.env_prefix,
            delivery: connection.delivery,
            network: if connection.network.is_some() { LinkNetwork::Own } else { LinkNetwork::Database },
            state: connection.state,
            created_at: connection.created_at,
        }
    }
}

/// All links to a managed database, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionList {
    /// The links.
    pub(crate) items: Vec<ConnectionView>,
}

/// Work that was begun on a link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionAccepted {
    /// The link as it is now.
    pub(crate) connection: ConnectionView,
    /// The work, to be followed.
    pub(crate) operation: OperationView,
}

/// An app to be linked to a database.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkRequest {
    /// The app, by the id that `GET /api/containers` tells; or a container that somebody else made, by its name or id.
    #[schema(value_type = String, required, example = "web", max_length = 255)]
    container_id: Option<String>,
    /// The logical database, which is made unless it is there; left out for one with the app's name.
    #[schema(example = "shop", min_length = 1, max_length = 128)]
    database_name: Option<String>,
    /// The user, who is made unless it is there; left out for one with the app's name.
    #[schema(example = "shop", min_length = 1, max_length = 128)]
    username: Option<String>,
    /// What that user may do.
    #[schema(value_type = Option<Preset>, default = "owner")]
    preset: Option<String>,
    /// What the names of the variables begin with, for an app's second database: `ANALYTICS` makes
    /// `ANALYTICS_DATABASE_URL`.
    #[schema(example = "ANALYTICS", max_length = 32)]
    env_prefix: Option<String>,
    /// How the app gets its password.
    #[schema(value_type = Option<Delivery>, default = "env")]
    delivery: Option<String>,
    /// Whether it is known that Podman before 5.3 shows variables to everybody who may inspect the container. Needed there
    /// for the delivery `env`.
    #[schema(value_type = Option<bool>, default = false)]
    accept_visible_env: Option<bool>,
    /// Where the app meets the database. On a network of their own the app reaches this database and no other; a dedicated
    /// database has one already.
    #[schema(value_type = Option<LinkNetwork>, default = "database")]
    network: Option<String>,
}

impl LinkRequest {
    pub(crate) fn check(self) -> Result<(Linked, LinkOptions), ValidationErrors> {
        let mut fields = Fields::default();
        let linked = fields.required("container_id", self.container_id, linked);
        let parts = LinkParts {
            database_name: self.database_name,
            username: self.username,
            preset: self.preset,
            env_prefix: self.env_prefix,
            delivery: self.delivery,
            accept_visible_env: self.accept_visible_env,
            network: self.network,
        };
        let options = options(&mut fields, parts);
        fields.finish()?;
        let Some(linked) = linked else { return Err(absent("container_id")) };
        Ok((linked, options))
    }
}

/// The fields about a link, wherever they are asked for.
#[derive(Default)]
pub(super) struct LinkParts {
    pub(super) database_name: Option<String>,
    pub(super) username: Option<String>,
    pub(super) preset: Option<String>,
    pub(super) env_prefix: Option<String>,
    pub(super) delivery: Option<String>,
    pub(super) accept_visible_env: Option<bool>,
    pub(super) network: Option<String>,
}

/// Reads the fields about a link.
pub(super) fn options(fields: &mut Fields, parts: LinkParts) -> LinkOptions {
    LinkOptions {
        database: fields.optional("database_name", parts.database_name, |text| LogicalName::parse(&text)),
        username: fields.optional("username", parts.username, |text| LoginName::parse(&text)),
        preset: fields.optional("preset", parts.preset, |text| one_of(&text, Preset::ALL)),
        env_prefix: fields.optional("env_prefix", parts.env_prefix, prefix),
        delivery: fields.optional("delivery", parts.delivery, |text| one_of(&text, Delivery::ALL)),
        accept_visible_env: parts.accept_visible_env.unwrap_or(false),
        network: fields.optional("network", parts.network, |text| one_of(&text, LinkNetwork::ALL)),
    }
}

fn prefix(text: String) -> Result<String, InvalidValue> {
    let is_allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let begins_right = text.starts_with(|c: char| c.is_ascii_uppercase());
    if !begins_right || text.len() > PREFIX_MAX || !text.chars().all(is_allowed) || text.ends_with('_') {
        let reason = format!(
            "must have 1 to {PREFIX_MAX} characters of A-Z 0-9 _, beginning with a letter and not ending with _"
        );
        return Err(InvalidValue::new("invalid_name", reason));
    }
    Ok(text)
}

/// How a link is to be removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnlinkQuery {
    /// What happens to the app's user. There is no default.
    #[param(value_type = UserFateParam, required)]
    user: Option<String>,
    /// What happens to the logical database. Dropping it takes the user away, too. There is no default.
    #[param(value_type = LogicalFateParam, required)]
    database: Option<String>,
    /// The name of the logical database, typed again when it is to be dropped.
    #[param(value_type = Option<String>, nullable = false)]
    confirm: Option<String>,
}

/// What happens to the user of a link that is removed.
#[derive(ToSchema)]
#[schema(as = UserFate, rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used; the values are those of the service's own type")]
pub(crate) enum UserFateParam {
    /// It stays.
    Keep,
    /// It is dropped.
    Revoke,
}

/// What happens to the logical database of a link that is removed.
#[derive(ToSchema)]
#[schema(as = LogicalFate, rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used; the values are those of the service's own type")]
pub(crate) enum LogicalFateParam {
    /// It stays.
    Keep,
    /// It is dropped.
    Drop,
}

impl UnlinkQuery {
    pub(crate) fn check(self) -> Result<UnlinkApp, ValidationErrors> {
        let mut fields = Fields::default();
        let user = fields.required("user", self.user, |text| one_of(&text, &["keep", "revoke"]));
        let database = fields.required("database", self.database, |text| one_of(&text, &["keep", "drop"]));
        let confirm = fields.optional("confirm", self.confirm, any);
        fields.finish()?;
        let (Some(user), Some(database)) = (user, database) else { return Err(absent("user")) };
        let user = if user == "keep" { UserFate::Keep } else { UserFate::Revoke };
        let database = if database == "keep" { LogicalFate::Keep } else { LogicalFate::Drop };
        Ok(UnlinkApp { user, database, confirm })
    }
}

/// How the app of a link signs in.
#[derive(Serialize, ToSchema)]
#[schema(as = ConnectionCredentials)]
pub(crate) struct ConnectionCredentialsView {
    /// The user name.
    username: LoginName,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// The variables the app has.
    variables: BTreeMap<String, String>,
}

impl ConnectionCredentialsView {
    pub(crate) fn of(credentials: ConnectionCredentials) -> Self {
        let pair = |variable: stardeck_service::apps::PreviewVariable| {
            (variable.name, variable.value.expose_secret().to_owned())
        };
        Self {
            password: credentials.password.expose().to_owned(),
            username: credentials.username,
            variables: credentials.variables.into_iter().map(pair).collect(),
        }
    }
}

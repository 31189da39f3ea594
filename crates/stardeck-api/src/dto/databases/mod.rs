//! Managed databases: how one is shown, and how one is removed. How one is asked for is in `create.rs`.

mod create;
mod rotate;
mod settings;

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    Action, ContainerId, DatabaseId, DatabaseName, DatabaseStatus, DesiredState, Engine, Health, LoginName,
    ManagedDatabase, NetworkName, Origin, Port, UserId, ValidationErrors, VersionTag,
};
use stardeck_service::databases::{Credentials, DataFate, DeleteDatabase};
use utoipa::{IntoParams, ToSchema};

pub(crate) use create::CreateDatabaseRequest;
pub(crate) use rotate::{LoginPurpose, RotateRequest};
pub(crate) use settings::{ChangeDatabaseQuery, ChangeDatabaseRequest, SettingsChanged};

use settings::SettingsView;

use super::{
    fields::{Fields, absent, any, one_of},
    lists::list_view,
    operations::OperationView,
};

/// One database server in one container. Passwords are never in it: see its `credentials`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Database)]
pub(crate) struct DatabaseView {
    /// Its id.
    id: DatabaseId,
    /// The container as last seen; null before it exists and after it is gone.
    container_id: Option<ContainerId>,
    /// Its name.
    name: DatabaseName,
    /// Its engine.
    #[serde(rename = "type")]
    engine: Engine,
    /// What kind of that engine, such as `pgvector`; null for the plain one.
    flavor: Option<String>,
    /// How Stardeck came to know it.
    origin: Origin,
    /// The version that was asked for.
    version: VersionTag,
    /// The version the server itself reports.
    server_version: Option<String>,
    /// The image that was asked for.
    #[schema(example = "docker.io/library/postgres:16")]
    image: String,
    /// The host name apps on the data network reach it by.
    internal_host: String,
    /// The port apps on the data network reach it by.
    internal_port: Port,
    /// The name or address clients on this host reach it by; null when no port is exposed.
    external_host: Option<String>,
    /// The port on the host; null when none is exposed.
    external_port: Option<Port>,
    /// The host address that port is bound to.
    #[schema(value_type = String, example = "127.0.0.1")]
    bind_address: IpAddr,
    /// Every address of this host at which that port answers; empty when none is exposed.
    #[schema(value_type = Vec<String>, example = json!(["127.0.0.1"]))]
    external_addresses: Vec<IpAddr>,
    /// The administrator inside the database server.
    admin_user: LoginName,
    /// The network it is on.
    network: NetworkName,
    /// What it is seen to do.
    status: DatabaseStatus,
    /// Why it is in this status, where there is something to say.
    status_reason: Option<String>,
    /// What it should do.
    desired_state: DesiredState,
    /// Whether it answered when last asked.
    health: Health,
    /// When it last answered.
    last_answer_at: Option<DateTime<Utc>>,
    /// How long that answer took, in milliseconds, a login included.
    latency_ms: Option<u32>,
    /// What its status allows now. What the person may do is a matter of the role besides.
    allowed_actions: &'static [Action],
    /// Whether other apps may use it.
    is_shared: bool,
    /// How many apps are linked to it.
    connection_count: u32,
    /// A person's note.
    description: Option<String>,
    /// A person's colour for the card.
    #[schema(example = "#3366cc")]
    color: Option<String>,
    /// How it runs.
    settings: SettingsView,
    /// Counts the changes of settings; `PATCH` wants it in the header `If-Match`.
    revision: u32,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// When something about it last changed.
    updated_at: DateTime<Utc>,
    /// Who asked for it; null when that account is gone.
    created_by: Option<UserId>,
}

impl DatabaseView {
    pub(crate) fn of(database: ManagedDatabase) -> Self {
        Self {
            external_host: external_host(&database),
            external_addresses: external_addresses(&database),
            settings: SettingsView::of(&database),
            id: database.id,
            container_id: database.container_id,
            name: database.name,
            engine: database.engine,
            flavor: database.flavor,
            origin: database.origin,
            version: database.version,
            server_version: database.server_version,
            image: database.image.to_string(),
            internal_host: database.internal_host,
            internal_port: database.internal_port,
            external_port: database.external_port,
            bind_address: database.bind_address,
            admin_user: database.admin_user,
            network: database.network,
            status: database.status,
            status_reason: database.status_reason,
            desired_state: database.desired_state,
            health: database.health,
            last_answer_at: database.last_answer_at,
            latency_ms: database.latency_ms,
            allowed_actions: database.status.allowed_actions(database.origin),
            is_shared: database.is_shared,
            connection_count: database.connection_count,
            description: database.description,
            color: database.color,
            revision: database.revision,
            created_at: database.created_at,
            updated_at: database.updated_at,
            created_by: database.created_by,
        }
    }
}

/// "Every address" is no place to connect to; a client on this host takes `localhost`.
fn external_host(database: &ManagedDatabase) -> Option<String> {
    database.external_port.map(|_| match database.bind_address {
        address if address.is_unspecified() => "localhost".to_owned(),
        address => address.to_string(),
    })
}

fn external_addresses(database: &ManagedDatabase) -> Vec<IpAddr> {
    let address = database.external_port.map(|_| database.bind_address);
    address.map(stardeck_service::reachable_addresses).unwrap_or_default()
}

list_view! {
    /// Managed databases, oldest first.
    DatabaseList of DatabaseView;
}

/// Work that was begun on a database.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatabaseAccepted {
    /// The database as it is now.
    pub(crate) database: DatabaseView,
    /// The work, to be followed.
    pub(crate) operation: OperationView,
}

/// Work that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationAccepted {
    /// The work, to be followed.
    pub(crate) operation: OperationView,
}

/// How to sign in to a database as its administrator.
#[derive(Serialize, ToSchema)]
#[schema(as = Credentials)]
pub(crate) struct CredentialsView {
    /// The user name.
    username: LoginName,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// The URL for apps on the data network, with the password percent-encoded.
    #[schema(format = Password)]
    internal_url: String,
    /// The URL for clients on this host; null when no port is exposed.
    #[schema(format = Password)]
    external_url: Option<String>,
}

impl CredentialsView {
    pub(crate) fn of(credentials: Credentials) -> Self {
        Self {
            password: credentials.password.expose().to_owned(),
            internal_url: credentials.internal_url.expose_secret().to_owned(),
            external_url: credentials.external_url.map(|url| url.expose_secret().to_owned()),
            username: credentials.username,
        }
    }
}

/// How a database is to be removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteDatabaseQuery {
    /// What happens to its data. There is no default.
    #[param(value_type = DataFateParam, required)]
    data: Option<String>,
    /// The database's name, typed again.
    #[param(value_type = String, required)]
    confirm: Option<String>,
    /// Whether to remove it although apps are linked to it or it does not answer.
    #[param(value_type = Option<bool>, default = false)]
    force: Option<String>,
    /// Whether the container and the volumes of an adopted database are yours to delete. Without it, `data=delete` is
    /// refused there. Directories of the host are never deleted.
    #[param(value_type = Option<bool>, default = false)]
    take_ownership: Option<String>,
}

/// What happens to the data of a database that is removed.
#[derive(ToSchema)]
#[schema(as = DataFate, rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used; the values are those of the service's own type")]
pub(crate) enum DataFateParam {
    /// The volume stays and can be attached again.
    Keep,
    /// The volume is removed for good.
    Delete,
}

impl DeleteDatabaseQuery {
    pub(crate) fn check(self) -> Result<DeleteDatabase, ValidationErrors> {
        let mut fields = Fields::default();
        let data = fields.required("data", self.data, |text| one_of(&text, &["keep", "delete"]));
        let confirm = fields.required("confirm", self.confirm, any);
        let yes_or_no = |text: String| one_of(&text, &[true, false]);
        let force = fields.optional("force", self.force, yes_or_no).unwrap_or(false);
        let take_ownership =
            fields.optional("take_ownership", self.take_ownership, yes_or_no).unwrap_or(false);
        fields.finish()?;
        let (Some(data), Some(confirm)) = (data, confirm) else { return Err(absent("data")) };
        let data = if data == "keep" { DataFate::Keep } else { DataFate::Delete };
        Ok(DeleteDatabase { data, confirm, force, take_ownership })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removal_without_a_word_on_the_data_is_refused() {
        let maybe = Some("maybe".to_owned());
        let query =
            DeleteDatabaseQuery { data: None, confirm: None, force: maybe.clone(), take_ownership: maybe };
        let errors = query.check().unwrap_err();
        assert_eq!(
            errors.0.iter().map(|e| e.field).collect::<Vec<_>>(),
            ["data", "confirm", "force", "take_ownership"]
        );
    }

    #[test]
    fn the_two_fates_of_data_are_told_apart() {
        for (text, fate) in [("keep", DataFate::Keep), ("delete", DataFate::Delete)] {
            let query = DeleteDatabaseQuery {
                data: Some(text.to_owned()),
                confirm: Some("shop".to_owned()),
                force: None,
                take_ownership: None,
            };
            assert_eq!(query.check().map(|request| request.data), Ok(fate));
        }
    }
}

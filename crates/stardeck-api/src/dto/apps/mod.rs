//! Apps: how one is shown and removed. How one is asked for is in `create.rs`, links are in `connections.rs`.

mod connections;
mod create;
mod image;
mod link;
mod preview;
mod trial;

use std::{collections::BTreeMap, net::IpAddr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    AppId, AppRestart, AppStatus, ContainerId, ContainerName, DatabaseName, Delivery, DesiredState, Engine,
    Port, UserId, ValidationErrors,
};
use stardeck_service::apps::{AppEntry, AppPort, AppVolume, ExternalFacts};
use utoipa::{IntoParams, ToSchema};

pub(crate) use connections::{
    ConnectionAccepted, ConnectionCredentialsView, ConnectionList, ConnectionView, LinkRequest,
    LogicalFateParam, UnlinkQuery, UserFateParam,
};
pub(crate) use create::{CreateAppRequest, DatabaseMode, within_choice};
pub(crate) use image::{ImageLookView, ImageQuery};
pub(crate) use link::{LinkQuery, LinkReportView, Linked};
pub(crate) use preview::{PreviewList, PreviewRequest};
pub(crate) use trial::{ConnectionTestView, TestConnectionRequest};

use super::{
    fields::{Fields, absent, any, one_of},
    lists::list_view,
    operations::OperationView,
};

/// An app: a container that Stardeck made, or one that somebody else made as long as it is linked. Values of its variables are never in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = App)]
pub(crate) struct AppView {
    /// Its id.
    id: AppId,
    /// Its name, which is also its host name on its networks.
    name: DatabaseName,
    /// The container as last made; null before it exists.
    container_id: Option<ContainerId>,
    /// That container's name. It changes when a link does, unless somebody else made it.
    container_name: ContainerName,
    /// The image that was asked for.
    #[schema(example = "docker.io/library/nginx:1")]
    image: String,
    /// Where it stands, as far as it was told to.
    status: AppStatus,
    /// Why, where there is something to say.
    status_reason: Option<String>,
    /// What it should do.
    desired_state: DesiredState,
    /// What its container does, in Podman's words; null when it is gone.
    container_state: Option<&'static str>,
    /// Its arguments; empty for the image's own.
    command: Vec<String>,
    /// The names of the person's own variables.
    env_names: Vec<String>,
    /// Ports published on the host.
    ports: Vec<AppPortView>,
    /// Volumes.
    volumes: Vec<AppVolumeView>,
    /// When it is started again.
    restart_policy: AppRestart,
    /// Most memory in bytes; null for no limit.
    memory_bytes: Option<u64>,
    /// Most processor time, in thousandths of one processor; null for no limit.
    cpu_millis: Option<u32>,
    /// The person's own labels.
    labels: BTreeMap<String, String>,
    /// Its links to databases.
    connections: Vec<ConnectionView>,
    /// Whether somebody else made it: it keeps its name and all that it is, and can not be deleted here.
    is_foreign: bool,
    /// The database it uses that somebody else runs; null when it uses none.
    external: Option<ExternalView>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// When its row last changed.
    updated_at: DateTime<Utc>,
    /// Who asked for it; null when that account is gone.
    created_by: Option<UserId>,
}

/// A port of an app that is published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppPort)]
pub(crate) struct AppPortView {
    /// The port inside.
    container_port: Port,
    /// The port on the host.
    host_port: Port,
    /// The host's address.
    #[schema(value_type = String, example = "127.0.0.1")]
    bind_address: IpAddr,
}

/// A volume of an app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppVolume)]
pub(crate) struct AppVolumeView {
    /// The person's name for it.
    name: String,
    /// Where it is mounted.
    path: String,
}

/// A database that somebody else runs. Passwords are never in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExternalDatabase)]
pub(crate) struct ExternalView {
    /// The engine.
    #[serde(rename = "type")]
    engine: Engine,
    /// The host.
    host: String,
    /// The port.
    port: u16,
    /// The login name; null when the string names none.
    username: Option<String>,
    /// The logical database; null when the string names none.
    database_name: Option<String>,
    /// What the names of the app's variables begin with.
    env_prefix: Option<String>,
    /// How the app gets the string.
    delivery: Delivery,
}

impl ExternalView {
    fn of(facts: ExternalFacts) -> Self {
        Self {
            engine: facts.engine,
            host: facts.host,
            port: facts.port,
            username: facts.username,
            database_name: facts.database,
            env_prefix: facts.env_prefix,
            delivery: facts.delivery,
        }
    }
}

impl AppView {
    pub(crate) fn of(entry: AppEntry) -> Self {
        let AppEntry { app, spec, container, connections } = entry;
        let port = |port: AppPort| AppPortView {
            container_port: port.container_port,
            host_port: port.host_port,
            bind_address: port.address,
        };
        let volume = |volume: AppVolume| AppVolumeView { name: volume.name, path: volume.path };
        Self {
            id: app.id,
            name: app.name,
            container_id: app.container_id,
            container_name: app.container_name,
            image: app.image.to_string(),
            status: app.status,
            status_reason: app.status_reason,
            desired_state: app.desired_state,
            container_state: container.map(stardeck_service::runtime::ContainerState::as_str),
            command: spec.command,
            env_names: spec.env_names,
            ports: spec.ports.into_iter().map(port).collect(),
            volumes: spec.volumes.into_iter().map(volume).collect(),
            restart_policy: spec.restart,
            memory_bytes: spec.memory_bytes,
            cpu_millis: spec.cpu_millis,
            labels: spec.labels,
            connections: connections.into_iter().map(ConnectionView::of_connection).collect(),
            is_foreign: spec.is_foreign,
            external: spec.external.map(ExternalView::of),
            created_at: app.created_at,
            updated_at: app.updated_at,
            created_by: app.created_by,
        }
    }
}

list_view! {
    /// Apps, oldest first.
    AppList of AppView;
}

/// Work that was begun on an app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppAccepted {
    /// The app as it is now.
    pub(crate) container: AppView,
    /// The work, to be followed.
    pub(crate) operation: OperationView,
}

/// How an app is to be removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteAppQuery {
    /// The app's name, typed again.
    #[param(value_type = String, required)]
    confirm: Option<String>,
    /// What happens to its volumes.
    #[param(value_type = Option<VolumesParam>, default = "keep")]
    volumes: Option<String>,
}

/// What happens to the volumes of an app that is removed.
#[derive(ToSchema)]
#[schema(as = AppVolumesFate, rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum VolumesParam {
    /// They stay.
    Keep,
    /// They are removed for good.
    Delete,
}

impl DeleteAppQuery {
    pub(crate) fn check(self) -> Result<(String, bool), ValidationErrors> {
        let mut fields = Fields::default();
        let confirm = fields.required("confirm", self.confirm, any);
        let volumes = fields.optional("volumes", self.volumes, |text| one_of(&text, &["keep", "delete"]));
        fields.finish()?;
        let Some(confirm) = confirm else { return Err(absent("confirm")) };
        Ok((confirm, volumes == Some("delete")))
    }
}

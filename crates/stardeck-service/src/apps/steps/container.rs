//! The app's container: its first one, or one that will take the place of an earlier one.

use std::time::Duration;

use async_trait::async_trait;
use stardeck_domain::{App, ContainerName, FailureCode, ImageId, NetworkName, StepName};

use super::{app, app_id, image::mounts};
use crate::{
    labels,
    networks::{self, links},
    operations::step::{Step, StepContext, StepError},
    runtime::{AppContainerSpec, ContainerDetails, PublishedPort},
};

/// How long an app gets for a clean end.
pub(super) const STOP_GRACE: Duration = Duration::from_secs(10);

pub(super) struct Container {
    /// Whether it is the app's first.
    pub(super) is_first: bool,
}

#[async_trait]
impl Step for Container {
    fn name(&self) -> StepName {
        StepName::AppContainer
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        let name = name_of(cx, &app, self.is_first);
        match cx.core.runtime.find_container(name.as_str()).await? {
            Some(found)
                if labels::is_of_app_operation(&found.labels, cx.core.instance, app.id, cx.operation) =>
            {
                Ok(())
            }
            Some(_) => {
                let text = format!("a container {name} exists that is not ours");
                Err(StepError::failed(FailureCode::NameTaken, text))
            }
            None => {
                let runtime = cx.core.runtime.as_ref();
                let links = cx.core.links_of(app.id).await?;
                for link in &links {
                    links::ensure_meeting_place(&cx.core, &link.connection, &link.database).await?;
                }
                if links.is_empty() {
                    networks::ensure_data(runtime, cx.core.instance).await?;
                }
                let spec = spec(cx, &app, name).await?;
                cx.core.runtime.create_app_container(&spec).await?;
                Ok(())
            }
        }
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        for container in cx.core.runtime.list_labelled(labels::APP, &app_id(cx).to_string()).await? {
            if labels::is_of_app_operation(&container.labels, cx.core.instance, app_id(cx), cx.operation) {
                cx.core.runtime.remove_container(container.id.as_str()).await?;
            }
        }
        Ok(())
    }
}

/// The container that an operation makes: the first has the app's name, a later one the operation's mark besides.
pub(super) fn name_of(cx: &StepContext, app: &App, is_first: bool) -> ContainerName {
    if is_first {
        app.container_name.clone()
    } else {
        ContainerName::of_next_app(&app.name, &cx.operation.short())
    }
}

/// The container that an operation made.
pub(super) async fn made(cx: &StepContext, app: &App, is_first: bool) -> Result<ContainerDetails, StepError> {
    let name = name_of(cx, app, is_first);
    let found = cx.core.runtime.find_container(name.as_str()).await?;
    found.filter(|found| labels::is_of_app(&found.labels, cx.core.instance, app.id)).ok_or_else(|| {
        StepError::failed(
            FailureCode::ContainerMissing,
            "the app's container is gone, or is not the one Stardeck made",
        )
    })
}

async fn spec(cx: &StepContext, app: &App, name: ContainerName) -> Result<AppContainerSpec, StepError> {
    let spec = super::super::spec_of(app)?;
    let environment = cx.core.environment_of(app).await?;
    let image: ImageId = app
        .image_id
        .clone()
        .ok_or_else(|| StepError::failed(FailureCode::Internal, "the image was not recorded"))?;
    // On the networks of its databases only, so that it reaches no others.
    let mut networks = Vec::new();
    for link in cx.core.links_of(app.id).await? {
        let network = links::meeting_place(&link.connection, &link.database);
        if !networks.contains(network) {
            networks.push(network.clone());
        }
    }
    if networks.is_empty() {
        networks.push(NetworkName::data());
    }
    let mut labels = spec.labels.clone();
    labels.extend(labels::of_app(cx.core.instance, app.id, cx.operation));
    Ok(AppContainerSpec {
        name,
        hostname: app.name.to_string(),
        image,
        labels,
        env: environment.env,
        secret_env: environment.secret_env,
        secret_files: environment.secret_files,
        command: spec.command,
        volumes: mounts(cx).await?,
        networks,
        published_ports: spec
            .ports
            .iter()
            .map(|port| PublishedPort {
                address: port.address,
                host_port: port.host_port,
                container_port: port.container_port,
            })
            .collect(),
        restart: spec.restart,
        stop_grace: STOP_GRACE,
        memory_bytes: spec.memory_bytes,
        cpu_millis: spec.cpu_millis,
    })
}

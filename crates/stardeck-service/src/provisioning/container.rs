//! The container, made from the plan and the image that was recorded.

use std::time::Duration;

use async_trait::async_trait;
use stardeck_domain::{ContainerId, CredentialPurpose, FailureCode, ManagedDatabase, StepName, VolumeName};
use stardeck_engines::ContainerPlan;
use stardeck_repository::{databases, volumes};

use super::{config_secret_name, credentials::newest, ready::is_initialised, secret_name};
use crate::{
    Error,
    core::Core,
    labels,
    networks::names,
    operations::step::{Step, StepContext, StepError},
    runtime::{ContainerSpec, PublishedPort, SecretFileSpec},
};

pub(crate) struct Container;

#[async_trait]
impl Step for Container {
    fn name(&self) -> StepName {
        StepName::Container
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let runtime = cx.core.runtime.as_ref();
        let id = match runtime.find_container(database.container_name.as_str()).await? {
            Some(found) if labels::is_of_database(&found.labels, cx.core.instance, cx.database) => found.id,
            Some(_) => {
                let text = format!("a container {} exists that is not ours", database.container_name);
                return Err(StepError::failed(FailureCode::NameTaken, text));
            }
            None => {
                let plan = Core::plan(&database)?;
                runtime.create_container(&spec(cx, &database, &plan).await?).await?
            }
        };
        seed(cx, &database, id.as_str()).await?;
        record(cx, Some(id)).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let runtime = cx.core.runtime.as_ref();
        for container in runtime.list_labelled(labels::DATABASE, &cx.database.to_string()).await? {
            if labels::is_of_operation(&container.labels, cx.core.instance, cx.database, cx.operation) {
                runtime.remove_container(container.id.as_str()).await?;
            }
        }
        Ok(())
    }
}

/// Puts the engine's first files into the data volume, before the container starts on it for the first time. Data that
/// an engine has worked with is its own.
async fn seed(cx: &StepContext, database: &ManagedDatabase, container: &str) -> Result<(), StepError> {
    if is_initialised(cx).await? {
        return Ok(());
    }
    let [admin, management] = [CredentialPurpose::Admin, CredentialPurpose::Management];
    let (admin, management) = (newest(cx, admin).await?, newest(cx, management).await?);
    let passwords = (cx.core.open(&admin)?, cx.core.open(&management)?);
    let accounts = [(&admin.username, &passwords.0), (&management.username, &passwords.1)];
    for file in stardeck_engines::adapter(database.engine).seed_files(&accounts) {
        cx.core.runtime.put_file(container, &file).await?;
    }
    Ok(())
}

async fn record(cx: &StepContext, container: Option<ContainerId>) -> Result<(), StepError> {
    let id = cx.database;
    cx.core
        .db
        .write(move |tx| databases::record_container(tx, id, container.as_ref()).map_err(Error::from))
        .await?;
    Ok(())
}

/// The volumes as they were written down, on the plan's paths. A kept one has the name it was made with.
async fn mounted(cx: &StepContext, plan: &ContainerPlan) -> Result<Vec<(VolumeName, String)>, StepError> {
    let id = cx.database;
    let recorded = cx.core.db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
    let mut mounted = Vec::new();
    for mount in &plan.volumes {
        let volume = recorded.iter().find(|volume| volume.mount_path == mount.path);
        let volume = volume.ok_or_else(|| Error::internal(format!("no volume for {}", mount.path)))?;
        mounted.push((VolumeName::parse(&volume.name).map_err(Error::internal)?, mount.path.clone()));
    }
    Ok(mounted)
}

/// Puts the plan into the runtime's words.
async fn spec(
    cx: &StepContext,
    database: &ManagedDatabase,
    plan: &ContainerPlan,
) -> Result<ContainerSpec, StepError> {
    let image = database
        .image_id
        .clone()
        .ok_or_else(|| StepError::failed(FailureCode::Internal, "the image was not recorded"))?;
    let volumes = mounted(cx, plan).await?;
    let secret = secret_name(database.id)?;
    let mut secret_files: Vec<_> = plan
        .secret_files
        .iter()
        .map(|file| SecretFileSpec {
            secret: secret.clone(),
            target: file.target.clone(),
            uid: file.uid,
            gid: file.gid,
            mode: file.mode,
        })
        .collect();
    if let Some(file) = &plan.config {
        secret_files.push(SecretFileSpec {
            secret: config_secret_name(cx.database, cx.operation)?,
            target: file.path.clone(),
            uid: 0,
            gid: 0,
            // The engines read it as users of their own, and one of them ignores a file that others could write.
            mode: 0o444,
        });
    }
    let published_ports = database.external_port.map(|host_port| PublishedPort {
        address: database.bind_address,
        host_port,
        container_port: plan.port,
    });
    Ok(ContainerSpec {
        name: database.container_name.clone(),
        hostname: database.name.to_string(),
        image,
        labels: labels::of_database(cx.core.instance, cx.database, cx.operation),
        env: plan.env.clone(),
        command: plan.command.clone(),
        secret_files,
        volumes,
        network: database.network.clone(),
        aliases: names::aliases(database),
        port: plan.port,
        published_ports: published_ports.into_iter().collect(),
        shm_bytes: plan.shm_bytes,
        stop_grace: Duration::from_secs(u64::from(plan.stop_grace_seconds)),
        memory_bytes: plan.memory_bytes,
        cpu_millis: plan.cpu_millis,
    })
}

//! Accepting the adoption of a database server that somebody else made. Everything that can be refused is refused here,
//! the login included, before anything is written or changed.

use std::net::{IpAddr, Ipv4Addr};

use chrono::Utc;
use stardeck_domain::{
    AuditAction, ContainerName, CredentialPurpose, DatabaseId, ImageReference, JsonText, ManagedDatabase,
    NetworkName, NewDatabase, Operation, OperationKind, Origin, Port, PortPurpose, PortReservation,
    ValidationError, VersionTag, Volume, VolumeId, VolumeKind, VolumeState,
};
use stardeck_engines::{Detected, EngineAdapter};
use stardeck_repository::{Constraint, Tx, audit, credentials, databases, operations, ports, volumes};

use super::{
    AdoptDatabase, AdoptionReport, Databases,
    create::name_conflict,
    report::report,
    verbs::{in_progress, new_operation},
};
use crate::{
    Actor, Error,
    adoption::login::{Proved, Wanted, port_of, prove},
    auth::audit_entry,
    labels,
    operations::plan::Input,
    ownership::{self, Marks},
    runtime::{ContainerDetails, ContainerState, ImageDetails, MountSource, PublishedPort, RuntimeError},
};

/// What the look at a container showed.
pub(super) struct Examined {
    pub(super) container: ContainerDetails,
    pub(super) image: Option<ImageDetails>,
    pub(super) detected: Detected,
    pub(super) adapter: &'static dyn EngineAdapter,
    /// The port the server listens on.
    pub(super) port: Port,
    pub(super) login: Proved,
    pub(super) was_connected: bool,
}

impl Examined {
    /// The port of the host that leads to the server.
    pub(super) fn published(&self) -> Option<PublishedPort> {
        let ports = &self.container.setup.published_ports;
        ports.iter().copied().find(|port| port.container_port == self.port)
    }

    /// The volumes and directories it mounts, with their places.
    pub(super) fn mounts(&self) -> Vec<(VolumeKind, String, String)> {
        let mounts = self.container.setup.mounts.iter().filter_map(|mount| match &mount.source {
            MountSource::Volume(name) => Some((VolumeKind::Named, name.clone(), mount.path.clone())),
            MountSource::Bind(path) => Some((VolumeKind::Bind, path.clone(), mount.path.clone())),
            MountSource::Other => None,
        });
        mounts.collect()
    }
}

impl Databases {
    /// Looks at a container as an adoption would, and tells what it would change. Nothing is written and nothing made.
    ///
    /// # Errors
    /// As for [`Databases::adopt`].
    pub async fn examine(&self, reference: &str, request: &AdoptDatabase) -> Result<AdoptionReport, Error> {
        let examined = self.look(reference, request).await?;
        Ok(report(&examined, request))
    }

    /// Checks that a container is a database server and that its login works, and starts the adoption.
    ///
    /// # Errors
    /// There is no such container; it is managed already, is no database server, or is in a place where it can not be
    /// reached by name; the name is taken; or no login works. In each case nothing was written and nothing changed.
    pub async fn adopt(
        &self,
        actor: &Actor,
        reference: &str,
        request: AdoptDatabase,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        let examined = self.look(reference, &request).await?;
        let begun = self.write_adopted(actor, request, examined).await?;
        self.dispatcher().dispatch(begun.1.clone());
        Ok(begun)
    }

    async fn look(&self, reference: &str, request: &AdoptDatabase) -> Result<Examined, Error> {
        let core = self.core();
        let absent = || Error::NotFound { what: "container", id: reference.to_owned() };
        let container = core.runtime.find_container(reference).await?.ok_or_else(absent)?;
        let rows = core.db.read(|tx| databases::list_all(tx).map_err(Error::from)).await?;
        check_unmanaged(&container, &rows, core.instance)?;
        let image = core.runtime.find_image(container.image_id.as_str()).await?;
        let detected = crate::detection::classify_one(&container, image.as_ref()).ok_or_else(|| {
            refusal("nothing says that it is a database server of an engine that can be managed")
        })?;
        check_place(&container)?;
        let was_connected = container.aliases.contains_key(NetworkName::data().as_str());
        if was_connected {
            check_own_name(&container, request)?;
        }
        let containers = core.runtime.list_containers().await?;
        self.check_free_name(&request.name, &containers, Some(&container.id)).await?;
        let adapter = stardeck_engines::adapter(detected.engine);
        let wanted = Wanted { user: request.admin_user.as_ref(), password: request.admin_password.as_ref() };
        let port = port_of(adapter, &container);
        // Podman without root: the host reaches only what is published, and only whoever made the container can publish more.
        if let Err(RuntimeError::Rejected { detail }) = core.runtime.reach(container.id.as_str(), port).await
        {
            return Err(refusal(&detail));
        }
        let login = prove(core, adapter, &container, port, &wanted).await?;
        Ok(Examined { container, image, detected, adapter, port, login, was_connected })
    }

    /// One transaction: the row, its volumes, its credentials, the operation, the audit entry. All or nothing.
    async fn write_adopted(
        &self,
        actor: &Actor,
        request: AdoptDatabase,
        examined: Examined,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        let core = std::sync::Arc::clone(self.core());
        let actor = actor.clone();
        let id = DatabaseId::new();
        let operation = new_operation(id, OperationKind::Adopt, Input::None, Some(actor.user.id))?;
        let new = new_adopted(id, request, &examined, &actor)?;
        self.core()
            .db
            .write(move |tx| {
                let now = Utc::now();
                databases::insert(tx, &new, now).map_err(|error| already_managed(error, &new))?;
                databases::record_container(tx, id, Some(&examined.container.id))?;
                let digest = examined.image.as_ref().and_then(|image| image.digest.as_deref());
                databases::record_image(tx, id, &examined.container.image_id, digest)?;
                for (kind, name, mount_path) in examined.mounts() {
                    volumes::insert(tx, &volume(id, kind, name, mount_path))?;
                }
                reserve_port(tx, &new)?;
                let login = &examined.login;
                for purpose in [CredentialPurpose::Admin, CredentialPurpose::Management] {
                    let user = login.user.clone();
                    let credential = core.seal_credential(id, purpose, user, &login.password, now);
                    credentials::insert(tx, &credential)?;
                    credentials::activate(tx, credential.id, now)?;
                }
                operations::insert(tx, &operation, now).map_err(in_progress)?;
                let (target, name) = (Some(id.to_string()), Some(new.name.to_string()));
                audit::append(tx, &audit_entry(&actor, AuditAction::DatabaseAdopted, target, name, now))?;
                Ok((databases::get(tx, id)?, operations::get(tx, operation.id)?))
            })
            .await
    }
}

fn refusal(reason: &str) -> Error {
    Error::NotAdoptable { reason: reason.to_owned() }
}

fn check_unmanaged(
    container: &ContainerDetails,
    rows: &[ManagedDatabase],
    instance: stardeck_domain::InstanceId,
) -> Result<(), Error> {
    let adopted = rows.iter().filter(|row| row.origin == Origin::Adopted);
    if let Some(row) = adopted.into_iter().find(|row| ownership::is_of(container, row, instance)) {
        return Err(Error::AlreadyManaged { holder: format!("it is the database {}", row.name) });
    }
    if container.labels.contains_key(labels::MANAGED) {
        return Err(Error::AlreadyManaged { holder: "a Stardeck made it".to_owned() });
    }
    Ok(())
}

/// Whether it runs, and whether it can be on another network besides its own without being made anew.
fn check_place(container: &ContainerDetails) -> Result<(), Error> {
    if container.state != ContainerState::Running {
        return Err(refusal(match container.state {
            ContainerState::Paused => "it is paused, so that no login can be tried; unpause it first",
            _ => "it does not run, so that no login can be tried; start it first",
        }));
    }
    if container.setup.pod.is_some() {
        return Err(refusal(
            "it belongs to a pod, whose network can not be changed for one container; adopt a container of its own",
        ));
    }
    let mode = container.setup.network_mode.as_str();
    let kind = mode.split(':').next().unwrap_or(mode);
    let why = match kind {
        "host" => "it shares the host's network, so that it has no name that apps could reach it by",
        "none" => "it has no network",
        "container" | "ns" => "it shares the network of another container",
        "slirp4netns" | "pasta" | "private" => "its network is one that no other container can be on",
        _ => return Ok(()),
    };
    Err(Error::NotAdoptable {
        reason: format!("{why} (network mode {mode}); make it anew on a bridge network"),
    })
}

/// A container that is on the data network already keeps the names it has there.
fn check_own_name(container: &ContainerDetails, request: &AdoptDatabase) -> Result<(), Error> {
    let aliases = container.aliases.get(NetworkName::data().as_str()).cloned().unwrap_or_default();
    let mut names = std::iter::once(&container.name).chain(&aliases);
    if names.clone().any(|name| name == request.name.as_str()) {
        return Ok(());
    }
    let known: Vec<_> = names.by_ref().map(String::as_str).collect();
    let reason = format!(
        "must be one of the names that it has on {} already: {}",
        NetworkName::data(),
        known.join(", ")
    );
    Err(ValidationError { field: "name", code: "not_its_name", reason }.into())
}

fn new_adopted(
    id: DatabaseId,
    request: AdoptDatabase,
    examined: &Examined,
    actor: &Actor,
) -> Result<NewDatabase, Error> {
    let container = &examined.container;
    let marks = Marks::of(container, examined.was_connected);
    let published = examined.published();
    let by_server = || VersionTag::parse(&examined.login.info.version).ok();
    let version = examined.detected.version.clone().or_else(by_server);
    Ok(NewDatabase {
        id,
        host_id: stardeck_domain::HostId::local(),
        container_name: ContainerName::parse(&container.name).map_err(Error::internal)?,
        name: request.name,
        engine: examined.detected.engine,
        flavor: examined.detected.flavor.clone(),
        origin: Origin::Adopted,
        version: version.unwrap_or_else(|| examined.adapter.info().default_version.clone()),
        image: image_reference(container)?,
        internal_port: examined.port,
        external_port: published.map(|port| port.host_port),
        bind_address: published.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |port| port.address),
        admin_user: examined.login.user.clone(),
        network: NetworkName::data(),
        is_shared: request.is_shared,
        spec: JsonText(serde_json::to_string(&marks).map_err(Error::internal)?),
        created_by: Some(actor.user.id),
    })
}

/// An image that has no name any more is named by its id.
pub(crate) fn image_reference(container: &ContainerDetails) -> Result<ImageReference, Error> {
    ImageReference::parse(&container.setup.image)
        .or_else(|_| {
            let id = container.image_id.as_str().trim_start_matches("sha256:");
            ImageReference::parse(&format!("localhost/unnamed@sha256:{id}"))
        })
        .map_err(Error::internal)
}

fn volume(database_id: DatabaseId, kind: VolumeKind, name: String, mount_path: String) -> Volume {
    Volume {
        id: VolumeId::new(),
        database_id,
        name,
        mount_path,
        kind,
        major: None,
        owned: false,
        initialised: true,
        state: VolumeState::Attached,
        created_at: Utc::now(),
    }
}

/// The container holds its port whatever our book says; a port that rests there, or that a stopped database of ours is
/// to have, is no reason to refuse.
fn reserve_port(tx: &mut Tx, new: &NewDatabase) -> Result<(), Error> {
    let Some(port) = new.external_port else { return Ok(()) };
    let now = Utc::now();
    if ports::list_taken(tx, &new.host_id, now)?.iter().any(|taken| taken.port == port) {
        return Ok(());
    }
    let reservation = PortReservation {
        host_id: new.host_id.clone(),
        address: new.bind_address,
        port,
        purpose: PortPurpose::Data,
        database_id: Some(new.id),
    };
    ports::reserve(tx, &reservation, now).map_err(Error::from)
}

fn already_managed(error: stardeck_repository::Error, new: &NewDatabase) -> Error {
    match error {
        stardeck_repository::Error::Conflict { constraint: Constraint::ContainerName } => {
            Error::AlreadyManaged { holder: "it was adopted a moment ago".to_owned() }
        }
        other => name_conflict(other, new),
    }
}

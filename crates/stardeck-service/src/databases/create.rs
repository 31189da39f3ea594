//! Accepting a new database: everything that can be refused is refused here, before anything is written or made.

use std::net::IpAddr;

use chrono::Utc;
use stardeck_domain::{
    AuditAction, ContainerId, ContainerName, CredentialPurpose, DatabaseId, DatabaseName, Engine, HostId,
    ImageReference, JsonText, LoginName, ManagedDatabase, NetworkName, NewDatabase, Operation, OperationKind,
    Origin, Password, Port, PortPurpose, PortReservation, ValidationError, ValidationErrors,
    is_loopback_bind,
};
use stardeck_engines::{EngineAdapter, ImageChoice};
use stardeck_repository::{Constraint, Tx, apps, audit, credentials, databases, operations, ports};

use super::{
    CreateDatabase, Databases,
    limits::{check_settings, require_limits},
    settings::settings_json,
    verbs::new_operation,
};
use crate::{
    Actor, Error,
    auth::audit_entry,
    operations::plan::Input,
    ports::{Candidates, check_fixed, free_of_range},
    preflight::check_cpu,
    runtime::ContainerSummary,
    vault::generate_password,
};

impl Databases {
    /// Checks the request, reserves name and port, and starts the deployment; on a new volume, or on a kept one.
    ///
    /// # Errors
    /// Fields that are not right, a name or port that is taken, a range without a free port, a kept volume that is in
    /// use or gone, or a runtime that does not answer; in each case nothing was written and nothing was made.
    pub async fn create(
        &self,
        actor: &Actor,
        request: CreateDatabase,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        if let Some(kept) = request.kept_volume {
            return self.reattach(actor, request, kept).await;
        }
        let (adapter, image) = check(&request)?;
        if request.image.is_none() {
            check_cpu(adapter, &image.version).await?;
        }
        require_limits(self.core().runtime.as_ref(), &request.settings).await?;
        let containers = self.core().runtime.list_containers().await?;
        self.check_free_name(&request.name, &containers, None).await?;
        let candidates = self.candidates(&request, adapter, &containers).await?;
        let (database, operation) = self.write_down(actor, request, adapter, image, candidates).await?;
        self.dispatcher().dispatch(operation.clone());
        Ok((database, operation))
    }

    /// The host port that a database of this engine would get now. Nothing is reserved.
    ///
    /// # Errors
    /// No port of its range is free, or the runtime does not answer.
    pub async fn next_port(&self, engine: Engine, address: IpAddr) -> Result<Port, Error> {
        let adapter = stardeck_engines::adapter(engine);
        let containers = self.core().containers.get(self.core().runtime.as_ref()).await?;
        let candidates = self.free_ports(adapter, address, &containers).await?;
        candidates.ports.first().copied().ok_or_else(|| Error::internal("no port to choose from"))
    }

    /// Two containers with one alias resolve to both addresses, so a name must be new on the whole data network.
    /// The container that is to have it may answer to it already.
    pub(crate) async fn check_free_name(
        &self,
        database_name: &DatabaseName,
        containers: &[ContainerSummary],
        bearer: Option<&ContainerId>,
    ) -> Result<(), Error> {
        let name = database_name.as_str();
        let taken = |holder: String| Error::NameTaken { name: name.to_owned(), holder };
        let wanted = database_name.clone();
        let own =
            self.core().db.read(move |tx| databases::find_by_name(tx, &wanted).map_err(Error::from)).await?;
        if own.is_some() {
            return Err(taken("another database has it".to_owned()));
        }
        let wanted = database_name.clone();
        let app = self.core().db.read(move |tx| apps::find_by_name(tx, &wanted).map_err(Error::from)).await?;
        if app.is_some() {
            return Err(taken("an app has it".to_owned()));
        }
        let container_name = ContainerName::of_database(database_name);
        let network = NetworkName::data();
        for container in containers.iter().filter(|container| Some(&container.id) != bearer) {
            let is_named = |wanted: &str| container.names.iter().any(|have| have == wanted);
            if is_named(container_name.as_str()) || is_named(name) {
                return Err(taken(format!("container {} exists", container.names.join(", "))));
            }
            if container.networks.iter().any(|on| on == network.as_str()) {
                let details = self.core().runtime.find_container(container.id.as_str()).await?;
                let aliases = details.and_then(|details| details.aliases.get(network.as_str()).cloned());
                if aliases.is_some_and(|aliases| aliases.iter().any(|alias| alias == name)) {
                    return Err(taken(format!("container {} answers to it", container.names.join(", "))));
                }
            }
        }
        Ok(())
    }

    /// The host ports to choose from; None when the database stays internal.
    pub(super) async fn candidates(
        &self,
        request: &CreateDatabase,
        adapter: &dyn EngineAdapter,
        containers: &[ContainerSummary],
    ) -> Result<Option<Candidates>, Error> {
        if !request.expose_port {
            return Ok(None);
        }
        if let Some(port) = request.external_port {
            return check_fixed(port, request.bind_address, containers).await.map(Some);
        }
        self.free_ports(adapter, request.bind_address, containers).await.map(Some)
    }

    /// The free ports of an engine's range.
    pub(super) async fn free_ports(
        &self,
        adapter: &dyn EngineAdapter,
        address: IpAddr,
        containers: &[ContainerSummary],
    ) -> Result<Candidates, Error> {
        let taken = self
            .core()
            .db
            .read(|tx| ports::list_taken(tx, &HostId::local(), Utc::now()).map_err(Error::from));
        let reserved = taken.await?.into_iter().map(|taken| taken.port).collect();
        free_of_range(adapter.info().port_range, address, containers, &reserved).await
    }

    /// One transaction: the row, its reservations, its credentials, the operation, the audit entry. All or nothing.
    async fn write_down(
        &self,
        actor: &Actor,
        request: CreateDatabase,
        adapter: &'static dyn EngineAdapter,
        image: ImageChoice,
        candidates: Option<Candidates>,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        let core = std::sync::Arc::clone(self.core());
        let actor = actor.clone();
        let id = DatabaseId::new();
        let input = Input::Create { is_port_automatic: request.external_port.is_none() };
        let operation = new_operation(id, OperationKind::Create, input, Some(actor.user.id))?;
        let settings = settings_json(&request.settings)?;
        let management = adapter.info().management_user.clone();
        let description = request.description.clone();
        let admin_password = request.admin_password.clone().unwrap_or_else(generate_password);
        let new = new_database(id, request, adapter, image, &actor);
        self.core()
            .db
            .write(move |tx| {
                let now = Utc::now();
                let mut new = new;
                new.external_port = candidates
                    .map(|candidates| pick_port(tx, &new.host_id, new.engine, &candidates))
                    .transpose()?;
                databases::insert(tx, &new, now).map_err(|error| name_conflict(error, &new))?;
                databases::set_settings(tx, id, &settings)?;
                if let Some(text) = description.as_deref() {
                    databases::set_description(tx, id, Some(text))?;
                }
                if let Some(port) = new.external_port {
                    ports::reserve(tx, &reservation(&new, port), now)
                        .map_err(|error| port_conflict(error, port))?;
                }
                let accounts: [(CredentialPurpose, LoginName, Password); 2] = [
                    (CredentialPurpose::Admin, new.admin_user.clone(), admin_password),
                    (CredentialPurpose::Management, management, generate_password()),
                ];
                for (purpose, username, password) in accounts {
                    credentials::insert(tx, &core.seal_credential(id, purpose, username, &password, now))?;
                }
                operations::insert(tx, &operation, now)?;
                let (target, name) = (Some(id.to_string()), Some(new.name.to_string()));
                audit::append(tx, &audit_entry(&actor, AuditAction::DatabaseCreated, target, name, now))?;
                Ok((databases::get(tx, id)?, operations::get(tx, operation.id)?))
            })
            .await
    }
}

/// Checks all fields against the engine, and tells every one that is wrong.
pub(super) fn check(request: &CreateDatabase) -> Result<(&'static dyn EngineAdapter, ImageChoice), Error> {
    let adapter = stardeck_engines::adapter(request.engine);
    let mut errors = Vec::new();
    let mut image = None;
    match adapter.choose_image(request.version.as_ref(), request.image.as_ref()) {
        Ok(choice) => image = Some(choice),
        Err(error) => errors.push(error),
    }
    let admin = request.admin_user.as_ref().unwrap_or(&adapter.info().default_admin_user);
    if let Err(ValidationErrors(more)) = adapter.check_admin(admin, request.admin_password.as_ref()) {
        errors.extend(more);
    }
    check_exposure(request, &mut errors);
    check_settings(adapter, &request.settings, &mut errors);
    match image {
        Some(image) if errors.is_empty() => Ok((adapter, image)),
        _ => Err(ValidationErrors(errors).into()),
    }
}

/// Checks the fields about the host port.
pub(super) fn check_exposure(request: &CreateDatabase, errors: &mut Vec<ValidationError>) {
    if request.external_port.is_some() && !request.expose_port {
        let reason = "needs expose_port to be true; leave it out to keep the database internal".to_owned();
        errors.push(ValidationError { field: "external_port", code: "needs_expose_port", reason });
    }
    if request.expose_port {
        let is_confirmed = request.confirm_public || is_loopback_bind(request.bind_address);
        check_bind(request.bind_address, is_confirmed, errors);
    }
}

/// Checks the address that a host port is bound to.
pub(super) fn check_bind(address: IpAddr, is_confirmed: bool, errors: &mut Vec<ValidationError>) {
    if address.is_ipv6() {
        let reason =
            "must be an IPv4 address: the data network has no IPv6, so nothing would answer".to_owned();
        errors.push(ValidationError { field: "bind_address", code: "ipv6_not_supported", reason });
    }
    if !is_confirmed {
        let reason =
            "must be true for an address other than loopback: connections are not encrypted yet, and a \
                      published port bypasses the host's firewall"
                .to_owned();
        errors.push(ValidationError { field: "confirm_public", code: "confirmation_needed", reason });
    }
}

/// The first candidate that is not reserved, looked at inside the transaction that reserves it.
pub(super) fn pick_port(
    tx: &mut Tx,
    host: &HostId,
    engine: Engine,
    candidates: &Candidates,
) -> Result<Port, Error> {
    let reserved = ports::list_taken(tx, host, Utc::now())?;
    let is_free = |port: &Port| reserved.iter().all(|taken| taken.port != *port);
    if let Some(port) = candidates.ports.iter().copied().find(is_free) {
        return Ok(port);
    }
    match candidates.ports.first() {
        Some(port) if candidates.is_fixed => Err(reserved_port(*port)),
        _ => Err(Error::PortsExhausted { range: stardeck_engines::adapter(engine).info().port_range }),
    }
}

fn reserved_port(port: Port) -> Error {
    let holder = "another database has it, or had it in the last two minutes".to_owned();
    Error::PortTaken { port: port.get(), holder }
}

pub(super) fn new_database(
    id: DatabaseId,
    request: CreateDatabase,
    adapter: &dyn EngineAdapter,
    image: ImageChoice,
    actor: &Actor,
) -> NewDatabase {
    NewDatabase {
        id,
        host_id: HostId::local(),
        container_name: ContainerName::of_database(&request.name),
        name: request.name,
        engine: request.engine,
        flavor: image.flavor.or_else(|| stand_in(&image.reference)),
        origin: Origin::Created,
        version: image.version,
        image: image.reference,
        internal_port: adapter.info().internal_port,
        external_port: None,
        bind_address: request.bind_address,
        admin_user: request.admin_user.unwrap_or_else(|| adapter.info().default_admin_user.clone()),
        network: NetworkName::data(),
        is_shared: request.is_shared,
        spec: JsonText::default(),
        created_by: Some(actor.user.id),
    }
}

/// An image that was assembled in place of an official one is told by its name, so that nobody takes it for one.
fn stand_in(image: &ImageReference) -> Option<String> {
    let is_stand_in = image.registry() == "localhost" && image.repository().starts_with("stardeck-standin/");
    is_stand_in.then(|| "stand-in".to_owned())
}

pub(super) fn reservation(new: &NewDatabase, port: Port) -> PortReservation {
    PortReservation {
        host_id: new.host_id.clone(),
        address: new.bind_address,
        port,
        purpose: PortPurpose::Data,
        database_id: Some(new.id),
    }
}

pub(super) fn name_conflict(error: stardeck_repository::Error, new: &NewDatabase) -> Error {
    match error {
        stardeck_repository::Error::Conflict {
            constraint: Constraint::DatabaseName | Constraint::ContainerName,
        } => Error::NameTaken { name: new.name.to_string(), holder: "another database has it".to_owned() },
        other => other.into(),
    }
}

pub(super) fn port_conflict(error: stardeck_repository::Error, port: Port) -> Error {
    match error {
        stardeck_repository::Error::Conflict { constraint: Constraint::HostPort } => reserved_port(port),
        other => other.into(),
    }
}

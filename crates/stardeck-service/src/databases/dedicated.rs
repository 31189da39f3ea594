//! A database for one app alone, accepted together with the app.

use chrono::{DateTime, Utc};
use stardeck_domain::{
    Credential, CredentialPurpose, DatabaseId, DatabaseName, DatabaseStatus, DesiredState, Engine, Health,
    JsonText, ManagedDatabase, NetworkName, NewDatabase,
};
use stardeck_repository::{Tx, credentials, databases};

use super::{
    CreateDatabase, Databases,
    create::{check, name_conflict, new_database},
};
use crate::{Actor, Error, preflight::check_cpu, runtime::ContainerSummary, vault::generate_password};

/// A database that was found to be possible, with the rows that stand for it.
pub(crate) struct Dedicated {
    new: NewDatabase,
    credentials: [Credential; 2],
}

impl Databases {
    /// Checks a database that will be deployed together with the app it is for.
    ///
    /// # Errors
    /// As for [`Databases::create`].
    pub(crate) async fn prepare_dedicated(
        &self,
        actor: &Actor,
        request: CreateDatabase,
        containers: &[ContainerSummary],
    ) -> Result<Dedicated, Error> {
        let (adapter, image) = check(&request)?;
        if request.image.is_none() {
            check_cpu(adapter, &image.version).await?;
        }
        self.check_free_name(&request.name, containers, None).await?;
        let id = DatabaseId::new();
        let mut new = new_database(id, request, adapter, image, actor);
        new.network = NetworkName::of_database(&new.name, &id.short());
        let now = Utc::now();
        let management = adapter.info().management_user.clone();
        let seal = |purpose, user| self.core().seal_credential(id, purpose, user, &generate_password(), now);
        let credentials = [
            seal(CredentialPurpose::Admin, new.admin_user.clone()),
            seal(CredentialPurpose::Management, management),
        ];
        Ok(Dedicated { new, credentials })
    }
}

impl Dedicated {
    /// Its id.
    pub(crate) fn id(&self) -> DatabaseId {
        self.new.id
    }

    /// Its row as it will be.
    pub(crate) fn as_row(&self) -> ManagedDatabase {
        let (new, now) = (self.new.clone(), Utc::now());
        ManagedDatabase {
            id: new.id,
            host_id: new.host_id,
            container_id: None,
            container_name: new.container_name,
            internal_host: new.name.to_string(),
            name: new.name,
            engine: new.engine,
            flavor: new.flavor,
            origin: new.origin,
            version: new.version,
            server_version: None,
            image: new.image,
            image_id: None,
            digest: None,
            internal_port: new.internal_port,
            external_port: None,
            bind_address: new.bind_address,
            admin_user: new.admin_user,
            network: new.network,
            status: DatabaseStatus::Creating,
            desired_state: DesiredState::Running,
            status_reason: None,
            health: Health::Unknown,
            last_answer_at: None,
            latency_ms: None,
            is_shared: new.is_shared,
            connection_count: 0,
            spec: new.spec,
            settings: JsonText::default(),
            description: None,
            color: None,
            revision: 1,
            created_at: now,
            updated_at: now,
            created_by: new.created_by,
            deleted_at: None,
            deleted_by: None,
        }
    }

    /// Writes it down.
    pub(crate) fn write(&self, tx: &mut Tx, now: DateTime<Utc>) -> Result<(), Error> {
        databases::insert(tx, &self.new, now).map_err(|error| name_conflict(error, &self.new))?;
        for credential in &self.credentials {
            credentials::insert(tx, credential)?;
        }
        Ok(())
    }
}

impl CreateDatabase {
    /// A database that is reached on its network only.
    pub(crate) fn internal(engine: Engine, name: DatabaseName) -> Self {
        Self {
            engine,
            name,
            version: None,
            image: None,
            expose_port: false,
            external_port: None,
            bind_address: std::net::Ipv4Addr::LOCALHOST.into(),
            confirm_public: false,
            is_shared: true,
            admin_user: None,
            admin_password: None,
            description: None,
            settings: stardeck_domain::DatabaseSettings::default(),
            kept_volume: None,
        }
    }
}

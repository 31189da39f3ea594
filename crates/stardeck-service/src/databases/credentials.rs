//! Showing the administrator's login. Every time is written to the audit log first.

use chrono::Utc;
use stardeck_domain::{AuditAction, CredentialPurpose, CredentialState, DatabaseId, ManagedDatabase, Port};
use stardeck_engines::ConnectionTarget;
use stardeck_repository::audit;

use super::{Credentials, Databases};
use crate::{Actor, Error, auth::audit_entry};

impl Databases {
    /// The administrator's login, which is written to the audit log.
    ///
    /// # Errors
    /// There is no such database, or it has no credentials yet.
    pub async fn credentials(&self, actor: &Actor, id: DatabaseId) -> Result<Credentials, Error> {
        let database = self.get(id).await?;
        let credential = self
            .core()
            .credential(id, CredentialPurpose::Admin, CredentialState::Active)
            .await?
            .ok_or(Error::CredentialsNotReady)?;
        let (target, name) = (Some(id.to_string()), Some(database.name.to_string()));
        let entry = audit_entry(actor, AuditAction::CredentialsRead, target, name, Utc::now());
        self.core().db.write(move |tx| audit::append(tx, &entry).map_err(Error::from)).await?;
        let password = self.core().open(&credential)?;
        let adapter = stardeck_engines::adapter(database.engine);
        let url = |host: &str, port: Port| {
            adapter.connection_url(&ConnectionTarget {
                host,
                port,
                user: &credential.username,
                password: &password,
                database: None,
            })
        };
        let internal_url = url(&database.internal_host, database.internal_port);
        let external_url = database.external_port.map(|port| url(&external_host(&database), port));
        Ok(Credentials { username: credential.username.clone(), internal_url, external_url, password })
    }
}

/// The host part of a URL for clients on this host: an address that means "every address" is no place to connect to.
fn external_host(database: &ManagedDatabase) -> String {
    if database.bind_address.is_unspecified() {
        return "localhost".to_owned();
    }
    database.bind_address.to_string()
}

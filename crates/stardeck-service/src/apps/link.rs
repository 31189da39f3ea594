//! Accepting a link: what can be refused is refused here, before anything is written or made.

use chrono::Utc;
use stardeck_domain::{
    AppId, ConnectionId, ConnectionState, Credential, CredentialPurpose, DatabaseConnection, DatabaseName,
    Delivery, InvalidValue, LinkNetwork, LogicalDatabase, LogicalDatabaseId, LogicalName, LogicalState,
    LogicalUser, LogicalUserId, LoginName, ManagedDatabase, NetworkName, Preset, ValidationError,
};
use stardeck_engines::{AppTarget, ExternalTarget, app_environment};
use stardeck_repository::{Constraint, Tx, connections, credentials, logical};

use super::{
    ExternalFacts, LinkOptions,
    environment::{check_clash, names},
    external::External,
    steps::NewLink,
};
use crate::{Error, core::Core, logical::Engine, networks::links, vault::generate_password};

/// The first Podman that does not show the values of secret variables to those who inspect a container.
const HIDES_SECRETS_SINCE: (u32, u32) = (5, 3);

/// The managed database of a link.
pub(super) struct Target<'a> {
    pub(super) database: &'a ManagedDatabase,
    /// Its engine; None when it is yet to be deployed, so that nothing in it can be taken.
    pub(super) engine: Option<&'a Engine>,
}

/// A link that was found to be possible, with the rows that stand for it.
pub(super) struct Prepared {
    pub(super) link: NewLink,
    pub(super) connection: DatabaseConnection,
    new_database: Option<LogicalDatabase>,
    new_user: Option<(LogicalUser, Credential)>,
}

/// Who is linked.
pub(super) struct Who<'a> {
    pub(super) app: AppId,
    pub(super) name: &'a DatabaseName,
    /// The names of the person's own variables.
    pub(super) env_names: &'a [String],
}

impl Core {
    /// Checks a link and makes the rows that stand for it.
    pub(super) async fn prepare_link(
        &self,
        who: &Who<'_>,
        target: &Target<'_>,
        options: &LinkOptions,
    ) -> Result<Prepared, Error> {
        let delivery = self.delivery(options).await?;
        let database_id = target.database.id;
        let linked = self
            .db
            .read(move |tx| connections::list_of_database(tx, database_id).map_err(Error::from))
            .await?;
        if !target.database.is_shared && linked.iter().any(|link| link.app_id != who.app) {
            return Err(Error::DatabaseDedicated { name: target.database.name.to_string() });
        }
        let id = ConnectionId::new();
        let (logical_database, makes_database) = self.logical_database(who, target, options).await?;
        let (user, makes_user) = self.user(who, target, options, &logical_database, id).await?;
        let now = Utc::now();
        let connection = DatabaseConnection {
            id,
            app_id: who.app,
            app: who.name.clone(),
            database_id,
            logical_database_id: logical_database.id,
            logical_database: logical_database.name.clone(),
            logical_user_id: user.id,
            username: user.username.clone(),
            preset: user.preset,
            env_prefix: options.env_prefix.clone(),
            delivery,
            network: has_own_network(target.database, options).then(|| links::name_of(who.name, id)),
            state: ConnectionState::Pending,
            created_at: now,
        };
        let password = generate_password();
        let target_of_variables = AppTarget {
            host: &target.database.internal_host,
            port: target.database.internal_port,
            user: &connection.username,
            password: &password,
            database: Some(&connection.logical_database),
            env_prefix: options.env_prefix.as_deref(),
        };
        let adapter = stardeck_engines::adapter(target.database.engine);
        let given = names(&app_environment(adapter, &target_of_variables), delivery);
        check_clash(who.env_names, &given).map_err(|wrong| wrong.in_field("env_prefix"))?;
        let credential =
            self.seal_credential(database_id, CredentialPurpose::App, user.username.clone(), &password, now);
        Ok(Prepared {
            link: NewLink {
                connection: id,
                database: database_id,
                makes_database,
                makes_user,
                has_own_network: connection.network.is_some(),
            },
            connection,
            new_database: makes_database.then_some(logical_database),
            new_user: makes_user.then_some((user, credential)),
        })
    }

    /// Checks how the variables of a database that somebody else runs reach an app.
    pub(super) async fn prepare_external(
        &self,
        who: &Who<'_>,
        target: ExternalTarget,
        options: &LinkOptions,
    ) -> Result<External, Error> {
        let facts = ExternalFacts {
            engine: target.engine,
            host: target.host.clone(),
            port: target.port.get(),
            username: target.user.as_ref().map(LoginName::to_string),
            database: target.database.clone(),
            env_prefix: options.env_prefix.clone(),
            delivery: self.delivery(options).await?,
        };
        let given = names(&target.variables(facts.env_prefix.as_deref()), facts.delivery);
        check_clash(who.env_names, &given).map_err(|wrong| wrong.in_field("env"))?;
        Ok(External { facts, target })
    }

    /// How the app gets its password; variables only where nobody sees them, or where it is known who does.
    async fn delivery(&self, options: &LinkOptions) -> Result<Delivery, Error> {
        let delivery = options.delivery.unwrap_or(Delivery::Env);
        let version = self.runtime.info().await?.version;
        let is_visible = delivery == Delivery::Env && !hides_secrets(&version);
        if is_visible && !options.accept_visible_env {
            let reason = format!(
                "must be true for variables on Podman {version}, which shows them to everybody who may inspect the \
                 container; or choose the delivery file"
            );
            let error = ValidationError { field: "accept_visible_env", code: "confirmation_needed", reason };
            return Err(error.into());
        }
        Ok(delivery)
    }

    async fn logical_database(
        &self,
        who: &Who<'_>,
        target: &Target<'_>,
        options: &LinkOptions,
    ) -> Result<(LogicalDatabase, bool), Error> {
        let name = match &options.database {
            Some(name) => name.clone(),
            None => LogicalName::parse(who.name.as_str()).map_err(Error::internal)?,
        };
        let rules = stardeck_engines::adapter(target.database.engine).logical_rules();
        rules.check(&name).map_err(|wrong| wrong.in_field("database_name"))?;
        let id = target.database.id;
        let known = self.db.read(move |tx| logical::list_databases(tx, id).map_err(Error::from)).await?;
        if let Some(row) = known.into_iter().find(|row| rules.is_same(row.name.as_str(), name.as_str())) {
            if row.name == name && row.state == LogicalState::Active {
                return Ok((row, false));
            }
            return Err(taken(row.name.as_str(), "a logical database that is not ready has it"));
        }
        if let Some(engine) = target.engine {
            let there = engine.database_names().await?;
            if there.iter().any(|found| rules.is_same(found, name.as_str())) {
                return Err(taken(name.as_str(), "a logical database that was not made here has it"));
            }
        }
        let row = LogicalDatabase {
            id: LogicalDatabaseId::new(),
            database_id: id,
            name,
            state: LogicalState::Pending,
            created_at: Utc::now(),
            created_by: None,
        };
        Ok((row, true))
    }

    async fn user(
        &self,
        who: &Who<'_>,
        target: &Target<'_>,
        options: &LinkOptions,
        within: &LogicalDatabase,
        connection: ConnectionId,
    ) -> Result<(LogicalUser, bool), Error> {
        let id = target.database.id;
        let known = self.db.read(move |tx| logical::list_users(tx, id).map_err(Error::from)).await?;
        let adapter = stardeck_engines::adapter(target.database.engine);
        let there = match target.engine {
            Some(engine) => engine.driver.list_users(&engine.login).await?,
            None => Vec::new(),
        };
        let is_taken = |name: &LoginName| {
            known.iter().any(|user| user.username == *name)
                || there.iter().any(|facts| facts.username == name.as_str())
                || *name == target.database.admin_user
        };
        let username = if let Some(name) = &options.username {
            if let Some(user) = known.iter().find(|user| user.username == *name) {
                let fits = user.logical_database_id == within.id && user.state == LogicalState::Active;
                if fits && options.preset.is_none_or(|preset| preset == user.preset) {
                    return Ok((user.clone(), false));
                }
            }
            adapter.check_app_user(name, None)?;
            if is_taken(name) {
                return Err(taken(name.as_str(), "a user of the engine has it"));
            }
            name.clone()
        } else {
            let own = LoginName::parse(who.name.as_str()).map_err(Error::internal)?;
            if adapter.check_app_user(&own, None).is_ok() && !is_taken(&own) {
                own
            } else {
                LoginName::parse(&format!("app-{}", connection.short())).map_err(Error::internal)?
            }
        };
        if let Some(engine) = target.engine {
            engine.driver.check_keeps_users(&engine.login).await?;
        }
        let user = LogicalUser {
            id: LogicalUserId::new(),
            database_id: id,
            logical_database_id: within.id,
            logical_database: within.name.clone(),
            username,
            preset: options.preset.unwrap_or(Preset::Owner),
            state: LogicalState::Pending,
            created_at: Utc::now(),
        };
        Ok((user, true))
    }
}

impl Prepared {
    /// Writes the link down.
    pub(super) fn write(mut self, tx: &mut Tx) -> Result<(), Error> {
        if let Some(database) = &self.new_database {
            logical::insert_database(tx, database).map_err(|error| conflict(error, &self.connection))?;
        }
        if let Some((user, credential)) = &mut self.new_user {
            logical::insert_user(tx, user).map_err(|error| conflict(error, &self.connection))?;
            credential.version = credentials::next_app_version(tx, user.database_id, &user.username)?;
            credentials::insert(tx, credential)?;
        }
        connections::insert(tx, &self.connection).map_err(|error| conflict(error, &self.connection))
    }
}

/// What somebody else wrote down since it was looked for.
fn conflict(error: stardeck_repository::Error, connection: &DatabaseConnection) -> Error {
    let stardeck_repository::Error::Conflict { constraint } = &error else { return error.into() };
    match constraint {
        Constraint::LogicalDatabaseName => {
            taken(connection.logical_database.as_str(), "another logical database has it")
        }
        Constraint::LogicalUserName | Constraint::ConnectionUser => {
            taken(connection.username.as_str(), "another app has it")
        }
        Constraint::ConnectionPrefix => prefix_taken(),
        _ => error.into(),
    }
}

/// Each link of an app has variables of its own.
pub(super) fn prefix_taken() -> Error {
    let reason = "another link of this app has these variables; give another prefix";
    InvalidValue::new("prefix_taken", reason).in_field("env_prefix").into()
}

fn taken(name: &str, holder: &str) -> Error {
    Error::NameTaken { name: name.to_owned(), holder: holder.to_owned() }
}

/// Whether a link gets a network of its own. A database that is one app's own is on one already.
pub(super) fn has_own_network(database: &ManagedDatabase, options: &LinkOptions) -> bool {
    options.network == Some(LinkNetwork::Own) && database.network == NetworkName::data()
}

/// Whether this Podman keeps the values of secret variables from those who inspect a container.
fn hides_secrets(version: &str) -> bool {
    let mut numbers = version.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= HIDES_SECRETS_SINCE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn podman_hides_secret_variables_from_5_3_on() {
        for (version, hides) in [("4.3.1", false), ("5.2.9", false), ("5.3.0", true), ("6.0.0-rc1", true)] {
            assert_eq!(hides_secrets(version), hides, "{version}");
        }
    }
}

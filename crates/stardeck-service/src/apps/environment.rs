//! The variables of an app: the person's own and those of its links.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{
    App, AppId, ConnectionState, Credential, CredentialState, DatabaseConnection, Delivery, InvalidValue,
    ManagedDatabase, Password, SealedText, SecretName,
};
use stardeck_engines::{AppTarget, NamedVariable, app_environment};
use stardeck_repository::{connections, credentials, databases};

use crate::{Error, core::Core, runtime::SecretFileSpec, vault::Place};

/// Where secrets are mounted that an app reads from files.
const SECRETS: &str = "/run/secrets";

/// A link with all that its variables are made of.
pub(super) struct Link {
    pub(super) connection: DatabaseConnection,
    pub(super) database: ManagedDatabase,
    /// The password that is to work from now on.
    pub(super) credential: Credential,
    pub(super) password: Password,
}

/// Variables that belong together, and how they reach the app.
pub(super) struct VariableSet {
    /// What the names of its secrets in the runtime's store begin with.
    pub(super) secret_base: String,
    pub(super) delivery: Delivery,
    pub(super) variables: Vec<NamedVariable>,
}

/// What a container is made with.
#[derive(Default)]
pub(super) struct Environment {
    pub(super) env: BTreeMap<String, String>,
    pub(super) secret_env: BTreeMap<String, SecretName>,
    pub(super) secret_files: Vec<SecretFileSpec>,
}

impl Link {
    /// Its variables.
    pub(super) fn variables(&self) -> Vec<NamedVariable> {
        let target = AppTarget {
            host: &self.database.internal_host,
            port: self.database.internal_port,
            user: &self.connection.username,
            password: &self.password,
            database: Some(&self.connection.logical_database),
            env_prefix: self.connection.env_prefix.as_deref(),
        };
        app_environment(stardeck_engines::adapter(self.database.engine), &target)
    }

    /// The same, with how they reach the app. The secrets name the password's version, so that an old one stays for the way
    /// back.
    fn set(&self) -> VariableSet {
        VariableSet {
            secret_base: format!("{}-v{}", self.connection.id, self.credential.version),
            delivery: self.connection.delivery,
            variables: self.variables(),
        }
    }
}

impl VariableSet {
    /// The secrets that hold its values: the name in the runtime's store, and the value. Variables with one value share one.
    pub(super) fn secrets(&self) -> Result<Vec<(SecretName, SecretString)>, Error> {
        let mut secrets: Vec<(SecretName, SecretString)> = Vec::new();
        for variable in self.variables.iter().filter(|variable| variable.is_secret) {
            let is_known =
                secrets.iter().any(|(_, value)| value.expose_secret() == variable.value.expose_secret());
            if !is_known {
                let name = format!("stardeck-{}-{}", self.secret_base, secrets.len());
                let name = SecretName::parse(&name).map_err(Error::internal)?;
                secrets.push((name, variable.value.clone()));
            }
        }
        Ok(secrets)
    }

    /// Adds them to what a container is made with.
    fn add_to(self, whole: &mut Environment) -> Result<(), Error> {
        let secrets = self.secrets()?;
        for variable in self.variables {
            let value = variable.value.expose_secret();
            if !variable.is_secret {
                whole.env.insert(variable.name, value.to_owned());
                continue;
            }
            let secret = secrets.iter().find(|(_, held)| held.expose_secret() == value);
            let secret = secret.map(|(name, _)| name.clone()).ok_or_else(|| Error::internal("no secret"))?;
            let (name, path) = delivered(&variable, self.delivery);
            let Some(target) = path else {
                whole.secret_env.insert(name, secret);
                continue;
            };
            whole.env.insert(name, target.clone());
            // The app may run as anybody; only it is in the container.
            whole.secret_files.push(SecretFileSpec { secret, target, uid: 0, gid: 0, mode: 0o444 });
        }
        Ok(())
    }
}

impl Core {
    /// The links of an app that its container is to have, oldest first.
    pub(super) async fn links_of(&self, app: AppId) -> Result<Vec<Link>, Error> {
        let found = self
            .db
            .read(move |tx| {
                let mut found = Vec::new();
                for connection in connections::list_of_app(tx, app)? {
                    let is_wanted = match connection.state {
                        ConnectionState::Pending | ConnectionState::Active | ConnectionState::Orphaned => {
                            true
                        }
                        ConnectionState::Removing => false,
                    };
                    if !is_wanted {
                        continue;
                    }
                    let database = databases::get(tx, connection.database_id)?;
                    let mut newest = None;
                    for state in [CredentialState::Active, CredentialState::Pending] {
                        let (id, user) = (connection.database_id, &connection.username);
                        newest = credentials::find_app(tx, id, user, state)?.or(newest);
                    }
                    found.push((connection, database, newest));
                }
                Ok::<_, Error>(found)
            })
            .await?;
        let link = |(connection, database, credential): (_, _, Option<Credential>)| {
            let credential = credential.ok_or(Error::CredentialsNotReady)?;
            let password = self.open(&credential)?;
            Ok(Link { connection, database, credential, password })
        };
        found.into_iter().map(link).collect()
    }

    /// The person's own variables.
    pub(super) fn open_env(&self, app: &App) -> Result<BTreeMap<String, String>, Error> {
        let clear = self.vault.open(&env_place(app.id), &app.sealed_env)?;
        serde_json::from_str(clear.expose_secret()).map_err(Error::internal)
    }

    /// Seals the person's own variables.
    pub(super) fn seal_env(&self, app: AppId, env: &[(String, SecretString)]) -> Result<SealedText, Error> {
        let env: BTreeMap<_, _> = env.iter().map(|(name, value)| (name, value.expose_secret())).collect();
        let clear = SecretString::from(serde_json::to_string(&env).map_err(Error::internal)?);
        Ok(self.vault.seal(&env_place(app), clear.expose_secret()))
    }

    /// The variables of all databases that an app uses.
    pub(super) async fn sets_of(&self, app: &App) -> Result<Vec<VariableSet>, Error> {
        let mut sets: Vec<_> = self.links_of(app.id).await?.iter().map(Link::set).collect();
        sets.extend(self.external_of(app)?.map(|external| external.set(app.id)));
        Ok(sets)
    }

    /// Everything an app's container is made with.
    pub(super) async fn environment_of(&self, app: &App) -> Result<Environment, Error> {
        let mut whole = Environment { env: self.open_env(app)?, ..Environment::default() };
        for set in self.sets_of(app).await? {
            set.add_to(&mut whole)?;
        }
        Ok(whole)
    }
}

/// The name under which a variable reaches an app, and the path in place of the value where that is a file.
pub(super) fn delivered(variable: &NamedVariable, delivery: Delivery) -> (String, Option<String>) {
    match delivery {
        Delivery::File if variable.is_secret => {
            (format!("{}_FILE", variable.name), Some(format!("{SECRETS}/{}", variable.name)))
        }
        Delivery::Env | Delivery::File => (variable.name.clone(), None),
    }
}

/// The names a link gives to an app: of variables, or of the variables that name files.
pub(super) fn names(variables: &[NamedVariable], delivery: Delivery) -> Vec<String> {
    variables.iter().map(|variable| delivered(variable, delivery).0).collect()
}

/// A variable of the person's that a link would overwrite, or say again: many images end when both a variable and the one
/// that names its file are set.
pub(super) fn check_clash(own: &[String], given: &[String]) -> Result<(), InvalidValue> {
    fn value_of(name: &str) -> &str {
        name.strip_suffix("_FILE").unwrap_or(name)
    }
    let clash = |name: &&String| own.iter().find(|own| value_of(own) == value_of(name));
    match given.iter().find_map(|name| Some((name, clash(&name)?))) {
        Some((name, own)) => {
            let reason = format!(
                "{own} is set by you, and {name} would be by the link; leave it out, or give a prefix"
            );
            Err(InvalidValue::new("variable_taken", reason))
        }
        None => Ok(()),
    }
}

fn env_place(app: AppId) -> Place {
    Place { table: "apps", column: "sealed_env", row: app.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_and_the_one_that_names_its_file_clash() {
        let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for (own, given, is_clash) in [
            (&["DB_HOST"][..], &["DB_HOST"][..], true),
            (&["DATABASE_URL_FILE"], &["DATABASE_URL"], true),
            (&["DATABASE_URL"], &["DB_HOST", "DATABASE_URL_FILE"], true),
            (&["DB_HOSTS", "DB_FILE", "OTHER_DATABASE_URL"], &["DB_HOST", "DATABASE_URL"], false),
        ] {
            assert_eq!(check_clash(&all(own), &all(given)).is_err(), is_clash, "{own:?} {given:?}");
        }
    }
}

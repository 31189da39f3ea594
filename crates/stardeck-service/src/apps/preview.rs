//! A look at the variables of a link before it is made.

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{Delivery, LogicalName, LoginName, Password, PasswordRules};
use stardeck_engines::{AppTarget, NamedVariable, app_environment};

use super::{
    Apps, DatabaseChoice, PreviewLink, PreviewVariable, create::dedicated_name, environment::delivered,
    external,
};
use crate::Error;

/// What stands for a password that does not exist yet.
const MASK: &str = "********";
/// A password that percent-encoding leaves as it is, so that it can be told in a URL as well.
const MARKER: &str = "MASKED-0-PASSWORD";

impl Apps {
    /// The variables that a link would give to an app of this name, with what holds the password masked.
    ///
    /// # Errors
    /// There is no such database, or names that its engine does not take.
    pub async fn preview(&self, request: &PreviewLink) -> Result<Vec<PreviewVariable>, Error> {
        let delivery = request.options.delivery.unwrap_or(Delivery::Env);
        let (host, port, engine) = match &request.database {
            DatabaseChoice::External { connection_string, .. } => {
                let target = external::parse(connection_string)?;
                let variables = target.variables(request.options.env_prefix.as_deref());
                // The string may hold more secrets than its password.
                return Ok(masked(variables, delivery, |_| MASK.to_owned()));
            }
            DatabaseChoice::Existing { database } => {
                let database = self.core().database(*database).await?;
                (database.internal_host, database.internal_port, database.engine)
            }
            DatabaseChoice::New { engine, name, .. } => {
                let name = dedicated_name(&request.name, name.as_ref())?;
                (name.to_string(), stardeck_engines::adapter(*engine).info().internal_port, *engine)
            }
        };
        let adapter = stardeck_engines::adapter(engine);
        let (app, options) = (request.name.as_str(), &request.options);
        let logical = match &options.database {
            Some(name) => name.clone(),
            None => LogicalName::parse(app).map_err(Error::internal)?,
        };
        adapter.logical_rules().check(&logical).map_err(|wrong| wrong.in_field("database_name"))?;
        let user = match &options.username {
            Some(name) => name.clone(),
            None => LoginName::parse(app).map_err(Error::internal)?,
        };
        adapter.check_app_user(&user, None)?;
        let password = Password::parse(MARKER.to_owned(), PasswordRules::ENGINE).map_err(Error::internal)?;
        let target = AppTarget {
            host: &host,
            port,
            user: &user,
            password: &password,
            database: Some(&logical),
            env_prefix: options.env_prefix.as_deref(),
        };
        Ok(masked(app_environment(adapter, &target), delivery, |value| value.replace(MARKER, MASK)))
    }
}

/// The variables as the app gets them, with their secrets masked.
fn masked(
    variables: Vec<NamedVariable>,
    delivery: Delivery,
    mask: impl Fn(&str) -> String,
) -> Vec<PreviewVariable> {
    let variable = |variable: NamedVariable| {
        let (name, path) = delivered(&variable, delivery);
        let value = match &path {
            Some(path) => path.clone(),
            None if variable.is_secret => mask(variable.value.expose_secret()),
            None => variable.value.expose_secret().to_owned(),
        };
        let is_secret = variable.is_secret && path.is_none();
        PreviewVariable { name, is_secret, value: SecretString::from(value) }
    };
    variables.into_iter().map(variable).collect()
}

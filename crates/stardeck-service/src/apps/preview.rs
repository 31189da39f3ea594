//! A look at the variables of a link before it is made.

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{LogicalName, LoginName, Password, PasswordRules};
use stardeck_engines::{AppTarget, NamedVariable, app_environment};

use super::{
    Apps, DatabaseChoice, PreviewLink, PreviewVariable, create::dedicated_name, environment::delivered,
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
        let (host, port, engine) = match &request.database {
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
        let delivery = options.delivery.unwrap_or(stardeck_domain::Delivery::Env);
        let variable = |variable: NamedVariable| {
            let is_secret = variable.is_secret;
            let masked = SecretString::from(variable.value.expose_secret().replace(MARKER, MASK));
            let (name, path) = delivered(&variable, delivery);
            PreviewVariable {
                name,
                is_secret: is_secret && path.is_none(),
                value: path.map_or(masked, SecretString::from),
            }
        };
        Ok(app_environment(adapter, &target).into_iter().map(variable).collect())
    }
}

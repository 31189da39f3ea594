//! The administrator's login of a container that somebody else made: from the request or from the container, and in
//! each case proved by logging in.

use std::net::SocketAddr;

use secrecy::ExposeSecret;
use stardeck_domain::{LoginName, Password, PasswordRules, Port};
use stardeck_drivers::{EngineClient, Error as DriverError, Login, ServerInfo};
use stardeck_engines::{EngineAdapter, LoginSource, VariableForm};

use crate::{Error, core::Core, runtime::ContainerDetails};

/// What the request says of the login.
pub(crate) struct Wanted<'a> {
    pub(crate) user: Option<&'a LoginName>,
    pub(crate) password: Option<&'a Password>,
}

/// A login that worked.
pub(crate) struct Proved {
    pub(crate) user: LoginName,
    pub(crate) password: Password,
    /// Where it comes from, in words.
    pub(crate) origin: String,
    pub(crate) info: ServerInfo,
}

struct Candidate {
    user: LoginName,
    password: Password,
    origin: String,
}

/// The port its server was told to listen on, or its usual one.
pub(crate) fn port_of(adapter: &dyn EngineAdapter, container: &ContainerDetails) -> Port {
    let info = adapter.info();
    let told = info.port_rules.port(&command_line(container), |name| container.setup.env.get(name));
    told.unwrap_or(info.internal_port)
}

fn command_line(container: &ContainerDetails) -> Vec<String> {
    container.setup.entrypoint.iter().chain(&container.setup.command).cloned().collect()
}

/// Tries the logins there are until one works.
///
/// # Errors
/// None works, the server does not answer, or the runtime does not.
pub(crate) async fn prove(
    core: &Core,
    adapter: &dyn EngineAdapter,
    container: &ContainerDetails,
    port: Port,
    wanted: &Wanted<'_>,
) -> Result<Proved, Error> {
    let driver = core.driver(adapter.engine())?;
    let reach = core.runtime.reach(container.id.as_str(), port).await?;
    let candidates = candidates(core, adapter, container, wanted).await?;
    let mut refused = Vec::new();
    for candidate in candidates {
        match attempt(core, driver, reach.addr, &candidate).await {
            Ok(info) => {
                let Candidate { user, password, origin } = candidate;
                return Ok(Proved { user, password, origin, info });
            }
            Err(
                DriverError::CredentialsRejected { detail }
                | DriverError::Refused { detail, .. }
                | DriverError::DatabaseMissing { detail, .. },
            ) => {
                refused.push(format!("{} for {}: {detail}", candidate.origin, candidate.user));
            }
            Err(error) => {
                return Err(Error::NotAdoptable {
                    reason: format!("its server does not answer at port {port}: {error}"),
                });
            }
        }
    }
    let advice = if wanted.password.is_some() { "" } else { "; give admin_user and admin_password" };
    Err(Error::CredentialsRejected { detail: format!("no login works ({}){advice}", refused.join("; ")) })
}

async fn attempt(
    core: &Core,
    driver: &dyn EngineClient,
    addr: SocketAddr,
    candidate: &Candidate,
) -> Result<ServerInfo, DriverError> {
    let (user, password) = (candidate.user.clone(), candidate.password.clone());
    driver.login(&Login { addr, user, password, database: None, timeout: core.timings.login }).await
}

/// What there is to try. A password in the request is the only one; otherwise those in the container, and at last none.
async fn candidates(
    core: &Core,
    adapter: &dyn EngineAdapter,
    container: &ContainerDetails,
    wanted: &Wanted<'_>,
) -> Result<Vec<Candidate>, Error> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let line = command_line(container);
    for source in adapter.login_sources() {
        let user = match wanted.user {
            Some(user) => Some(user.clone()),
            None => user_of(core, container, source).await?,
        };
        let Some(user) = user else { continue };
        if let Some(password) = wanted.password {
            let (password, origin) = (password.clone(), "the password of the request".to_owned());
            candidates.push(Candidate { user, password, origin });
            continue;
        }
        for variable in source.password {
            for (text, origin) in values(core, container, variable).await? {
                candidates.extend(candidate(&user, text, origin));
            }
        }
        if let (Some(text), Some(option)) = (source.password_on(&line), source.option) {
            candidates.extend(candidate(&user, text.to_owned(), format!("the option {option}")));
        }
    }
    if wanted.password.is_none() {
        let users: Vec<LoginName> = candidates.iter().map(|candidate| candidate.user.clone()).collect();
        let default = adapter.info().default_admin_user.clone();
        let usual = [wanted.user.cloned().unwrap_or(default)];
        for user in users.into_iter().chain(usual) {
            let (password, origin) = (Password::none(), "no password".to_owned());
            candidates.push(Candidate { user, password, origin });
        }
    }
    candidates.dedup_by(|a, b| a.user == b.user && a.password.expose() == b.password.expose());
    Ok(candidates)
}

async fn user_of(
    core: &Core,
    container: &ContainerDetails,
    source: &LoginSource,
) -> Result<Option<LoginName>, Error> {
    for variable in source.user {
        if let Some((text, _)) = values(core, container, variable).await?.into_iter().next() {
            return Ok(LoginName::parse(&text).ok());
        }
    }
    Ok(LoginName::parse(source.default_user).ok())
}

/// A text that can not be a password is none: the server has refused it long before us.
fn candidate(user: &LoginName, text: String, origin: String) -> Option<Candidate> {
    let password = Password::parse(text, PasswordRules::ENGINE).ok()?;
    Some(Candidate { user: user.clone(), password, origin })
}

/// The values of a variable, however it is set, each with where it comes from.
async fn values(
    core: &Core,
    container: &ContainerDetails,
    variable: &str,
) -> Result<Vec<(String, String)>, Error> {
    let mut values = Vec::new();
    for form in LoginSource::forms(variable) {
        match form {
            VariableForm::Value(name) => {
                let set = container.setup.env.get(&name).filter(|value| !value.is_empty());
                values.extend(set.map(|value| (value.to_owned(), format!("the variable {name}"))));
            }
            VariableForm::File(name) => {
                let Some(path) = container.setup.env.get(&name).filter(|path| path.starts_with('/')) else {
                    continue;
                };
                if let Some(text) = core.runtime.read_file(container.id.as_str(), path).await? {
                    // The images read their files by a shell, which takes line ends from the end.
                    let text = text.expose_secret().trim_end_matches(['\n', '\r']).to_owned();
                    values.push((text, format!("the file that {name} names")));
                }
            }
        }
    }
    Ok(values)
}

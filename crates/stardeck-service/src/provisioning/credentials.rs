//! Replacing the bootstrap password, and making Stardeck's own role in the engine; on a kept volume, proving both.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{
    Credential, CredentialPurpose, CredentialState, FailureCode, LoginName, Password, StepName,
};
use stardeck_drivers::{Accounts, Error as DriverError, Login};
use stardeck_repository::credentials;

use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
};

pub(super) struct Credentials;

#[async_trait]
impl Step for Credentials {
    fn name(&self) -> StepName {
        StepName::Credentials
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let driver = cx.core.driver(database.engine)?;
        let admin = newest(cx, CredentialPurpose::Admin).await?;
        let management = newest(cx, CredentialPurpose::Management).await?;
        let accounts = Accounts { admin: account(cx, &admin)?, management: account(cx, &management)? };
        let reach = cx.core.runtime.reach(database.container_name.as_str(), database.internal_port).await?;
        let login = |(user, password): (LoginName, Password)| Login {
            addr: reach.addr,
            user,
            password,
            database: None,
            timeout: cx.core.timings.login,
        };
        let bootstrap =
            cx.core.credential(cx.database, CredentialPurpose::Bootstrap, CredentialState::Pending).await?;
        // After a crash between the change and its record the bootstrap password is gone, and the new ones work.
        if driver.login(&login(accounts.management.clone())).await.is_err() {
            let bootstrap = bootstrap.as_ref().ok_or_else(|| {
                StepError::failed(FailureCode::CredentialsRejected, "no stored password opens it")
            })?;
            let bootstrap = login(account(cx, bootstrap)?);
            driver.secure(&bootstrap, &accounts).await.map_err(|error| refused(&error))?;
        }
        for account in [accounts.management, accounts.admin] {
            driver.login(&login(account)).await.map_err(|error| refused(&error))?;
        }
        let id = cx.database;
        let ids = [admin.id, management.id];
        cx.core
            .db
            .write(move |tx| {
                for credential in ids {
                    credentials::activate(tx, credential, Utc::now())?;
                }
                credentials::delete_by_purpose(tx, id, CredentialPurpose::Bootstrap)?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }
}

/// On a kept volume the accounts are there already: Stardeck's own must open it. The administrator's may have been
/// changed inside the engine, which is no reason to withhold the data; then the operation's log says so.
pub(super) struct Prove;

#[async_trait]
impl Step for Prove {
    fn name(&self) -> StepName {
        StepName::Credentials
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let driver = cx.core.driver(database.engine)?;
        let reach = cx.core.runtime.reach(database.container_name.as_str(), database.internal_port).await?;
        for purpose in [CredentialPurpose::Management, CredentialPurpose::Admin] {
            let (user, password) = account(cx, &newest(cx, purpose).await?)?;
            let login =
                Login { addr: reach.addr, user, password, database: None, timeout: cx.core.timings.login };
            match driver.login(&login).await {
                Ok(_) => {}
                Err(DriverError::CredentialsRejected { .. }) if purpose == CredentialPurpose::Admin => {
                    let text = "the password that is stored for the administrator does not open the data: it was \
                                changed inside the engine";
                    cx.tell(text.to_owned()).await?;
                }
                Err(error) => return Err(refused(&error)),
            }
        }
        Ok(())
    }
}

/// The version that is to work from now on: the pending one, or after a crash the one that is active already.
pub(super) async fn newest(cx: &StepContext, purpose: CredentialPurpose) -> Result<Credential, StepError> {
    for state in [CredentialState::Pending, CredentialState::Active] {
        if let Some(found) = cx.core.credential(cx.database, purpose, state).await? {
            return Ok(found);
        }
    }
    Err(StepError::Internal(Error::internal(format!("no {purpose} credential is stored"))))
}

fn account(cx: &StepContext, credential: &Credential) -> Result<(LoginName, Password), StepError> {
    Ok((credential.username.clone(), cx.core.open(credential)?))
}

fn refused(error: &DriverError) -> StepError {
    let is_rejected = matches!(error, DriverError::CredentialsRejected { .. });
    let code = if is_rejected { FailureCode::CredentialsRejected } else { FailureCode::EngineNotReady };
    StepError::failed(code, error.to_string())
}

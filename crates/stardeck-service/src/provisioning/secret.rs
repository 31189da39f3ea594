//! What the container reads as files: the bootstrap password, for engines that are initialised with one, made once and
//! sealed in the store; and the configuration, when there is one.
//!
//! Podman keeps the mounted copy in clear on the disk, so this password is good only until the engine first answers.

use async_trait::async_trait;
use chrono::Utc;
use secrecy::SecretString;
use stardeck_domain::{CredentialPurpose, CredentialState, FailureCode, Password, SecretName, StepName};
use stardeck_repository::credentials;

use super::{config_secret_name, secret_name};
use crate::{
    Error,
    core::Core,
    labels,
    operations::step::{Step, StepContext, StepError},
    vault::generate_password,
};

pub(crate) struct Secret;

#[async_trait]
impl Step for Secret {
    fn name(&self) -> StepName {
        StepName::Secret
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let plan = Core::plan(&cx.database().await?)?;
        if !plan.secret_files.is_empty() && !is_there(cx, &secret_name(cx.database)?).await? {
            let password = bootstrap_password(cx).await?;
            create(cx, &secret_name(cx.database)?, password.expose()).await?;
        }
        if let Some(file) = &plan.config {
            let name = config_secret_name(cx.database, cx.operation)?;
            if !is_there(cx, &name).await? {
                create(cx, &name, &file.content).await?;
            }
        }
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let runtime = cx.core.runtime.as_ref();
        for name in [secret_name(cx.database)?, config_secret_name(cx.database, cx.operation)?] {
            if let Some(found) = runtime.find_secret(name.as_str()).await?
                && labels::is_of_operation(&found.labels, cx.core.instance, cx.database, cx.operation)
            {
                runtime.remove_secret(name.as_str()).await?;
            }
        }
        Ok(())
    }
}

/// Whether our secret of this name is there.
async fn is_there(cx: &StepContext, name: &SecretName) -> Result<bool, StepError> {
    match cx.core.runtime.find_secret(name.as_str()).await? {
        Some(found) if labels::is_of_database(&found.labels, cx.core.instance, cx.database) => Ok(true),
        Some(_) => {
            let text = format!("a secret {name} exists that is not ours");
            Err(StepError::failed(FailureCode::NameTaken, text))
        }
        None => Ok(false),
    }
}

async fn create(cx: &StepContext, name: &SecretName, value: &str) -> Result<(), StepError> {
    let labels = labels::of_database(cx.core.instance, cx.database, cx.operation);
    let value = SecretString::from(value.to_owned());
    cx.core.runtime.create_secret(name, &labels, &value).await?;
    Ok(())
}

/// The bootstrap password as it is in the store; made and stored when there is none.
///
/// An engine whose accounts are made ignores it, and images only want the file to be there. It then gets one that opens
/// nothing.
async fn bootstrap_password(cx: &StepContext) -> Result<Password, StepError> {
    let management = CredentialPurpose::Management;
    if cx.core.credential(cx.database, management, CredentialState::Active).await?.is_some() {
        return Ok(generate_password());
    }
    let purpose = CredentialPurpose::Bootstrap;
    if let Some(known) = cx.core.credential(cx.database, purpose, CredentialState::Pending).await? {
        return Ok(cx.core.open(&known)?);
    }
    let password = generate_password();
    let database = cx.database().await?;
    let username = stardeck_engines::adapter(database.engine).bootstrap_user(&database.admin_user);
    let credential = cx.core.seal_credential(cx.database, purpose, username, &password, Utc::now());
    cx.core.db.write(move |tx| credentials::insert(tx, &credential).map_err(Error::from)).await?;
    Ok(password)
}

//! The demo's database: found again, or deployed with its progress shown.

use crate::interrupt;
use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use secrecy::ExposeSecret as _;
use stardeck_client::Client;
use stardeck_client::types::{
    Action, CreateDatabaseRequest, Credentials, Database, Engine, ListDatabasesQuery, Operation, OperationId,
    OperationState, StepState,
};
use std::io::IsTerminal as _;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The database's name, which is also its host name for apps.
const NAME: &str = "demo";
/// How often the operation is asked for.
const POLL: Duration = Duration::from_millis(150);

/// A database that runs, and how to log in to it.
pub(crate) struct Deployed {
    database: Database,
    credentials: Credentials,
}

impl Deployed {
    /// What it is, in words.
    pub(crate) fn title(&self) -> String {
        let database = &self.database;
        let version = database.server_version.as_deref().unwrap_or(database.version.as_str());
        let flavor = database.flavor.as_deref().map(|flavor| format!(", {flavor}")).unwrap_or_default();
        format!(
            "{} {version} \"{}\" runs ({}{flavor})",
            database.r#type,
            database.name.as_str(),
            database.image
        )
    }

    /// The connection string; with dots in place of the password unless it may be shown.
    pub(crate) fn connection_string(&self, show_password: bool) -> String {
        let url = self.credentials.external_url.as_ref().unwrap_or(&self.credentials.internal_url);
        let url = url.expose_secret();
        if show_password { url.to_owned() } else { masked(url) }
    }

    /// A line that opens a shell of the database.
    pub(crate) fn shell_line(&self) -> String {
        format!(
            "podman exec -it {} psql -U {} -d postgres",
            self.container(),
            self.database.admin_user.as_str()
        )
    }

    /// Logs in over TCP with the password, asks the database who it is, and gives its answer.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) fn ask(&self) -> anyhow::Result<String> {
        let user = self.database.admin_user.as_str();
        let output = Command::new("podman")
            // Only the variable's name is an argument; its value does not show in the list of processes.
            .args(["exec", "--env", "PGPASSWORD", &self.container()])
            .args(["psql", "-h", &self.database.internal_host, "-U", user, "-d", "postgres", "-XAtc"])
            .arg("select version()")
            .env("PGPASSWORD", self.credentials.password.expose_secret())
            .stdin(Stdio::null())
            .output()
            .context("starting podman exec")?;
        if !output.status.success() {
            bail!("the database refused the login: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn container(&self) -> String {
        format!("stardeck-db-{}", self.database.name.as_str())
    }
}

/// Finds the database, starts it when it is stopped, deploys it when it is not there.
///
/// # Errors
/// When the server refuses or the operation fails.
pub(super) async fn ensure(
    client: &Client,
    image: impl FnOnce() -> anyhow::Result<Option<String>>,
) -> anyhow::Result<Deployed> {
    let known = client.list_databases(&ListDatabasesQuery::default()).await?.items;
    let id = match known.into_iter().find(|database| database.name.as_str() == NAME) {
        Some(database) => {
            if database.allowed_actions.contains(&Action::Start) {
                let begun = client.start_database(database.id).await?;
                follow(client, begun.operation.id).await?;
            }
            database.id
        }
        None => deploy(client, image()?).await?,
    };
    let database = client.get_database(id).await?;
    let credentials = client.get_credentials(id).await?;
    Ok(Deployed { database, credentials })
}

async fn deploy(
    client: &Client,
    image: Option<String>,
) -> anyhow::Result<stardeck_client::types::DatabaseId> {
    let mut request = CreateDatabaseRequest::new(Engine::Postgresql, NAME.to_owned());
    request.expose_port = Some(true);
    request.image = image;
    request.description = Some("Made by cargo xtask demo".to_owned());
    let begun = client.create_database(&request).await.with_context(|| {
        format!("deploying {NAME}; if an earlier checkout left its container, `podman rm -f stardeck-db-{NAME}` removes it")
    })?;
    follow(client, begun.operation.id).await?;
    Ok(begun.database.id)
}

/// Shows an operation until it ends.
async fn follow(client: &Client, id: OperationId) -> anyhow::Result<()> {
    let bar = progress_bar();
    let mut told = String::new();
    loop {
        interrupt::check()?;
        let operation = client.get_operation(id).await?;
        show(&operation, &bar, &mut told);
        match operation.state {
            OperationState::Succeeded => {
                bar.finish_and_clear();
                return Ok(());
            }
            OperationState::Failed | OperationState::Cancelled => {
                bar.abandon();
                bail!("{}", reason(&operation));
            }
            OperationState::Queued
            | OperationState::Running
            | OperationState::Undoing
            | OperationState::Other => tokio::time::sleep(POLL).await,
        }
    }
}

fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{spinner} [{bar:24}] {pos}/{len} {wide_msg} {elapsed}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// On a terminal the bar moves; elsewhere each step is a line once.
fn show(operation: &Operation, bar: &ProgressBar, told: &mut String) {
    let done = operation.steps.iter().filter(|step| step.state == StepState::Succeeded).count();
    bar.set_length(u64::try_from(operation.steps.len()).unwrap_or_default());
    bar.set_position(u64::try_from(done).unwrap_or_default());
    let Some(step) = operation.steps.iter().find(|step| step.state == StepState::Running) else { return };
    let detail = step.detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default();
    bar.set_message(format!("{}{detail}", step.name));
    let name = step.name.to_string();
    if !std::io::stderr().is_terminal() && *told != name {
        crate::report::line(&format!("{}/{} {name}{detail}", done + 1, operation.steps.len()));
        *told = name;
    }
}

fn reason(operation: &Operation) -> String {
    let Some(problem) = &operation.error else { return "the operation ended without a reason".to_owned() };
    let first = format!("{} ({})", problem.detail, problem.code);
    [first].iter().chain(&problem.log_tail).map(String::as_str).collect::<Vec<_>>().join("\n  ")
}

/// The URL with dots in place of the password.
fn masked(url: &str) -> String {
    let parts = url
        .split_once("://")
        .and_then(|(scheme, rest)| rest.split_once('@').map(|(login, place)| (scheme, login, place)));
    match parts {
        Some((scheme, login, place)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:********@{place}")
        }
        None => "(hidden)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_url_shows_all_but_the_password() {
        assert_eq!(
            masked("postgresql://postgres:s3cr3t%40@127.0.0.1:5432/postgres"),
            "postgresql://postgres:********@127.0.0.1:5432/postgres"
        );
        assert_eq!(masked("nonsense"), "(hidden)");
    }
}

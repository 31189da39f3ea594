//! What `cargo xtask demo` and `cargo xtask run` are made of: a server, its first administrator, and a database that is
//! deployed through the public API, as anybody else would do it.

mod account;
mod database;
mod engine_image;
mod server;

use self::server::Server;
use crate::host::{self, Conditions, Need};
use crate::{report, workspace};
use anyhow::Context as _;
use stardeck_client::Client;
use std::path::PathBuf;
use tokio::runtime::Runtime;

pub(crate) use account::Account;

pub(crate) use database::Deployed;
pub(crate) use server::{build as build_server, build_optimised as build_optimised_server};

/// A server of the demo's own, with somebody signed in.
pub(crate) struct Demo {
    server: Server,
    client: Client,
    account: Account,
    conditions: Conditions,
    runtime: Runtime,
}

impl Demo {
    /// Makes the host ready, builds the server, starts it, and signs in.
    ///
    /// # Errors
    /// Whatever of it failed, with what to do about it.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let conditions = host::prepare(&[Need::RunContainers])?;
        let socket = host::ensure_api_service(conditions)?;
        let step = report::Step::start("building the server and its web UI");
        let binary = server::build_with_ui()?;
        step.done();
        let server = Server::start(&binary, &data_dir(), &socket)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (client, account) = runtime
            .block_on(account::sign_in(server.url(), &data_dir(), &account_file()))
            .with_context(|| format!("signing in at {}", server.url()))?;
        Ok(Self { server, client, account, conditions, runtime })
    }

    /// Finds the demo's database, or deploys it.
    ///
    /// # Errors
    /// When it can not be deployed or started.
    pub(crate) fn ensure_database(&self) -> anyhow::Result<Deployed> {
        let image = || engine_image::choose(self.conditions);
        self.runtime.block_on(database::ensure(&self.client, image))
    }

    /// Where the server answers.
    pub(crate) fn url(&self) -> &str {
        self.server.url()
    }

    /// Who administers it.
    pub(crate) const fn account(&self) -> &Account {
        &self.account
    }

    /// Waits for Ctrl-C.
    ///
    /// # Errors
    /// When the server ends by itself.
    pub(crate) fn stay(&mut self) -> anyhow::Result<()> {
        self.server.stay()
    }

    /// Stops the server cleanly. Databases keep running.
    ///
    /// # Errors
    /// When it can not be waited for.
    pub(crate) fn stop(self) -> anyhow::Result<()> {
        self.server.stop()
    }
}

/// The server's data directory.
fn data_dir() -> PathBuf {
    workspace::root().join("target/stardeck-demo")
}

/// Where the administrator's password is kept, readable by its owner only.
fn account_file() -> PathBuf {
    workspace::root().join("target/stardeck-demo-admin.json")
}

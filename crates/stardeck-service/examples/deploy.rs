//! Embeds the service: deploys a database on this host's Podman, tells each step, and prints how to reach it:
//! `cargo run -p stardeck-service --example deploy -- /run/podman/podman.sock FOLDER NAME`. The folder keeps store and
//! key, and is no other program's meanwhile; the database stays.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{error::Error, net::Ipv4Addr, path::PathBuf, sync::Arc};

use secrecy::ExposeSecret as _;
use stardeck_domain::{DatabaseName, DatabaseSettings, OperationChange, SessionId, User, UserName};
use stardeck_podman::Client;
use stardeck_repository::Db;
use stardeck_service::{
    Access, Actor, Page, Services, ServicesConfig, Timings,
    databases::CreateDatabase,
    drivers, engines,
    operations::FollowFrom,
    runtime::podman::PodmanRuntime,
    vault::{MasterKey, Vault, generate_password},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [socket, folder, name] = arguments.as_slice() else {
        return Err("usage: deploy SOCKET FOLDER NAME".into());
    };
    let services = start(socket, PathBuf::from(folder)).await?;
    let outcome = deploy(&services, DatabaseName::parse(name)?).await;
    services.shut_down().await;
    outcome
}

/// Store, key and Podman put together.
async fn start(socket: &str, data_dir: PathBuf) -> Result<Services, Box<dyn Error>> {
    std::fs::create_dir_all(&data_dir)?;
    let db = Db::open(&data_dir.join("stardeck.db"))?;
    let key_file = data_dir.join("master.key");
    let key = MasterKey::load_or_create(&key_file, Vault::sealed_with(&db).await?.as_deref())?;
    let config = ServicesConfig {
        vault: Vault::unlock(&db, key, &key_file).await?,
        db,
        runtime: Arc::new(PodmanRuntime::new(Client::new(socket))),
        drivers: drivers(),
        timings: Timings::default(),
        data_dir,
    };
    Ok(Services::start(config).await?)
}

async fn deploy(services: &Services, name: DatabaseName) -> Result<(), Box<dyn Error>> {
    let engine = engines().into_iter().find(|engine| engine.is_popular).ok_or("no engine is on offer")?;
    let request = CreateDatabase {
        engine: engine.engine,
        name,
        version: None,
        image: None,
        expose_port: true,
        external_port: None,
        bind_address: Ipv4Addr::LOCALHOST.into(),
        confirm_public: false,
        is_shared: true,
        admin_user: None,
        admin_password: None,
        description: None,
        settings: DatabaseSettings::default(),
        kept_volume: None,
    };
    let actor = Actor {
        user: first_account(services).await?,
        // This program is trusted by itself; one with people behind it asks `services.sessions` who they are.
        access: Access::Session(SessionId::new()),
        remote_address: None,
    };
    let (database, operation) = services.databases.create(&actor, request).await?;
    let mut follower = services.operations.follow(operation.id, FollowFrom::default()).await?;
    while let Some(event) = follower.next().await? {
        if let OperationChange::Step { step, state, .. } = event.change {
            println!("{step}: {state}");
        }
    }
    if let Some(failure) = services.operations.get(operation.id).await?.error {
        return Err(failure.detail.into());
    }
    let credentials = services.databases.credentials(&actor, database.id).await?;
    let url = credentials.external_url.ok_or("no port was opened")?;
    println!("{} runs: {}", database.name, url.expose_secret());
    Ok(())
}

/// The account that databases are made by. Here nobody signs in with it, so that nobody is told its password.
async fn first_account(services: &Services) -> Result<User, Box<dyn Error>> {
    if !services.setup.needed().await? {
        let first = services.users.list(Page::default()).await?.items.into_iter().next();
        return first.ok_or_else(|| "there is no account".into());
    }
    let token = std::fs::read_to_string(services.setup.token_file())?;
    let name = UserName::parse("embedder")?;
    Ok(services.setup.complete(token.trim(), name, generate_password(), None).await?)
}

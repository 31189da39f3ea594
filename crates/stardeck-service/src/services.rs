//! Puts the use cases together, takes up what an earlier run left, and ends cleanly.

use std::{path::PathBuf, sync::Arc, time::Duration};

use stardeck_repository::{Db, Tx, meta};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    Error,
    apps::Apps,
    auth::{Audit, Sessions, Setup, Tokens, Users},
    core::{Core, DriverLookup, Timings},
    databases::Databases,
    events::Events,
    logical::Logical,
    logs::Logs,
    metrics::Metrics,
    observe::Observer,
    operations::{Dispatcher, Operations, forget_old},
    readiness::{Readiness, check_after_unclean_end},
    registries::Registries,
    runtime::{ContainerList, ContainerRuntime},
    stats::Stats,
    vault::Vault,
};

/// What the use cases stand on.
pub struct ServicesConfig {
    /// The store.
    pub db: Db,
    /// Opens and seals secrets in the store.
    pub vault: Vault,
    /// What runs containers.
    pub runtime: Arc<dyn ContainerRuntime>,
    /// Finds the driver of an engine; [`crate::drivers`] outside tests.
    pub drivers: DriverLookup,
    /// How long we wait for what.
    pub timings: Timings,
    /// Where the set-up token is written.
    pub data_dir: PathBuf,
}

/// All use cases.
pub struct Services {
    /// Managed databases.
    pub databases: Databases,
    /// Apps and their links to databases.
    pub apps: Apps,
    /// Logical databases and their users.
    pub logical: Logical,
    /// What they log.
    pub logs: Logs,
    /// What they use.
    pub stats: Stats,
    /// Operations.
    pub operations: Operations,
    /// What happens to all of them.
    pub events: Events,
    /// The first administrator.
    pub setup: Setup,
    /// Signing in.
    pub sessions: Sessions,
    /// What programs sign in with.
    pub tokens: Tokens,
    /// Accounts.
    pub users: Users,
    /// The audit log.
    pub audit: Audit,
    /// Logins for image registries.
    pub registries: Registries,
    /// Figures for whoever watches over us.
    pub metrics: Metrics,
    /// Whether we can work.
    pub readiness: Readiness,
    db: Db,
    dispatcher: Dispatcher,
    observer: JoinHandle<()>,
    forgetter: JoinHandle<()>,
    end: CancellationToken,
}

/// How long operations that are almost done get when the server ends.
const FINISH_WITHIN: Duration = Duration::from_secs(3);

impl Services {
    /// Starts everything: unfinished operations are taken up, the set-up token is written when it is needed, and the
    /// observer begins.
    ///
    /// # Errors
    /// The store or the data directory can not be used.
    pub async fn start(config: ServicesConfig) -> Result<Self, Error> {
        let begin = |tx: &mut Tx| Ok::<_, Error>((meta::instance_id(tx)?, meta::begin_run(tx)?));
        let (instance, was_unclean) = config.db.write(begin).await?;
        let store_check = check_after_unclean_end(config.db.clone(), was_unclean);
        let setup = Setup::new(config.db.clone(), &config.data_dir);
        setup.start().await?;
        let core = Arc::new(Core {
            db: config.db.clone(),
            vault: config.vault,
            runtime: config.runtime,
            containers: ContainerList::default(),
            drivers: config.drivers,
            instance,
            timings: config.timings,
            rotations: tokio::sync::Mutex::default(),
        });
        let dispatcher = Dispatcher::new(Arc::clone(&core));
        dispatcher.recover().await?;
        let databases = Databases::new(dispatcher.clone());
        let end = CancellationToken::new();
        let observer = Observer::new(Arc::clone(&core), databases.clone());
        let forgetter = tokio::spawn(forget_old(config.db.clone(), end.clone()));
        let apps = Apps::new(dispatcher.clone(), databases.clone());
        Ok(Self {
            logs: Logs::new(Arc::clone(&core), databases.clone(), apps.clone(), end.clone()),
            stats: Stats::new(Arc::clone(&core), apps.clone()),
            apps,
            databases,
            logical: Logical::new(Arc::clone(&core)),
            operations: Operations::new(dispatcher.clone()),
            events: Events::new(config.db.clone()),
            setup,
            sessions: Sessions::new(config.db.clone()),
            tokens: Tokens::new(config.db.clone()),
            users: Users::new(config.db.clone()),
            audit: Audit::new(config.db.clone()),
            db: config.db,
            registries: Registries::new(Arc::clone(&core)),
            metrics: Metrics::new(Arc::clone(&core)),
            readiness: Readiness::new(core, store_check),
            dispatcher,
            observer: tokio::spawn(observer.run(end.clone())),
            forgetter,
            end,
        })
    }

    /// Ends the background tasks and all operations' tasks. Databases keep running; what is unfinished is taken up at the next
    /// start.
    pub async fn shut_down(self) {
        self.end.cancel();
        self.dispatcher.shut_down(FINISH_WITHIN).await;
        for (name, task) in [("observer", self.observer), ("forgetter", self.forgetter)] {
            if let Err(error) = task.await {
                tracing::warn!(%error, "the {name} did not end cleanly");
            }
        }
        if let Err(error) = self.db.write(meta::end_run).await {
            tracing::warn!(%error, "the end can not be written down");
        }
    }
}

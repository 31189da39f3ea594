//! Why a container ended, in words a person can act on.

use stardeck_domain::ManagedDatabase;

use crate::{core::Core, runtime::LogQuery};

/// How many log lines explain a failure.
const LOG_TAIL: u32 = 30;

/// How a container ended. The words go into a sentence and are empty where nothing is known.
pub(crate) struct End {
    /// ` with exit status 1`.
    pub(crate) how: String,
    /// `: the volume holds data of another version`.
    pub(crate) why: String,
    /// The last lines of its log.
    pub(crate) log: Vec<String>,
}

/// How the database's container ended.
pub(crate) async fn last_words(core: &Core, database: &ManagedDatabase, exit_code: Option<i32>) -> End {
    let log = log_tail(core, database).await;
    let explanation = stardeck_engines::adapter(database.engine).explain_exit(exit_code, &log);
    let explanation = explanation.map(|why| match memory_limit(database) {
        Some(limit) if why.contains("memory") => format!("{why} (the limit is {limit})"),
        _ => why,
    });
    End {
        how: exit_code.map_or_else(String::new, |code| format!(" with exit status {code}")),
        why: explanation.map_or_else(String::new, |why| format!(": {why}")),
        log,
    }
}

/// The limit of memory that the container was made with, in words.
fn memory_limit(database: &ManagedDatabase) -> Option<String> {
    let bytes = Core::plan(database).ok()?.memory_bytes?;
    Some(format!("{} MiB", bytes / (1024 * 1024)))
}

/// The last lines of any container. Without them the failure still stands, so trouble here is only logged.
pub(crate) async fn lines_of(core: &Core, container: &str) -> Vec<String> {
    let query = LogQuery { tail: LOG_TAIL, since: None };
    match core.runtime.container_logs(container, &query).await {
        Ok(lines) => lines.into_iter().map(|line| line.line).collect(),
        Err(error) => {
            tracing::warn!(%error, "the container's log can not be read");
            Vec::new()
        }
    }
}

/// The engine's last lines.
pub(crate) async fn log_tail(core: &Core, database: &ManagedDatabase) -> Vec<String> {
    lines_of(core, database.container_name.as_str()).await
}

//! `stardeck key`: another key for the stored secrets, while no server uses them.

use std::io::Write as _;

use anyhow::Context as _;
use stardeck_repository::Db;
use stardeck_service::vault::{KeyRotation, MasterKey};

use crate::{
    config::{KeyArguments, RotateConfig},
    data_dir::DataDir,
};

/// Makes a new key and seals everything anew.
///
/// # Errors
/// A server runs, there is no store, the present key is not the store's, or the new one can not be written; nothing has
/// changed then.
pub(crate) async fn rotate(arguments: KeyArguments) -> anyhow::Result<()> {
    let config = arguments.check()?;
    let told = tokio::task::spawn_blocking(move || rotate_blocking(&config)).await??;
    writeln!(std::io::stdout(), "{told}").context("write to standard output")
}

fn rotate_blocking(config: &RotateConfig) -> anyhow::Result<String> {
    let store = config.data_dir.join("stardeck.db");
    // Opening would make one.
    anyhow::ensure!(store.exists(), "there is no store {}", store.display());
    let _data_dir = DataDir::take(&config.data_dir).context("stop the server first")?;
    let db = Db::open(&store).with_context(|| format!("open the store {}", store.display()))?;
    let present = config.master_key.path();
    let rotation = match &config.new_key_file {
        Some(new) => KeyRotation::to_new_file(&db, &MasterKey::load(present)?, present, new)?,
        None => KeyRotation::in_place(&db, present)?,
    };
    let next = config.new_key_file.as_ref().map_or_else(String::new, |path| {
        format!("; from now on the server needs {}, and the earlier file opens nothing", path.display())
    });
    Ok(format!("sealed {} secrets anew with the key {}{next}", rotation.secrets, rotation.key_id))
}

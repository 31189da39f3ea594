//! `stardeck backup` and `stardeck restore`: what Stardeck remembers, in one file, and back from it.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::Path,
};

use anyhow::Context as _;
use stardeck_service::{
    backup::{self, BackupFacts, KeyInBackup, KeyToBackup},
    vault::MasterKey,
};
use zeroize::Zeroizing;

use crate::{
    config::{BackupArguments, RestoreArguments},
    data_dir::DataDir,
};

/// Most bytes of a passphrase's file.
const PASSPHRASE_MOST: u64 = 4096;

/// Writes a backup, also while the server runs.
///
/// # Errors
/// The store or the key can not be read, the file exists, or there is no room.
pub(crate) async fn backup(arguments: BackupArguments) -> anyhow::Result<()> {
    let config = arguments.check();
    let told = tokio::task::spawn_blocking(move || {
        let key = MasterKey::load(config.master_key.path())?;
        let key = match &config.passphrase_file {
            Some(file) => KeyInBackup::Wrapped(key, passphrase(file)?),
            None => KeyInBackup::Left(key),
        };
        let facts = backup::create(&config.data_dir.join("stardeck.db"), &config.file, key)?;
        Ok::<_, anyhow::Error>(told(&config.file, &facts))
    })
    .await??;
    say(&told)
}

/// Puts a backup into a data directory that has no store and that no server uses.
///
/// # Errors
/// The directory has a store or is in use, or the backup can not be read or opened.
pub(crate) async fn restore(arguments: RestoreArguments) -> anyhow::Result<()> {
    let data_dir = DataDir::take(&arguments.data_dir)?;
    let told = tokio::task::spawn_blocking(move || {
        let key = match (&arguments.passphrase_file, &arguments.master_key_file) {
            (Some(file), _) => KeyToBackup::Passphrase(passphrase(file)?),
            (None, Some(file)) => KeyToBackup::Key(MasterKey::load(file)?),
            (None, None) => anyhow::bail!("give --passphrase-file or --master-key-file"),
        };
        let facts = backup::restore(&arguments.file, data_dir.path(), key)?;
        let directory = data_dir.path().display();
        let note = "everybody has to sign in again; API tokens are what they were at that moment";
        Ok(format!("restored the backup of {} into {directory}; {note}", facts.created_at.to_rfc3339()))
    })
    .await??;
    say(&told)
}

fn told(file: &Path, facts: &BackupFacts) -> String {
    let key = if facts.has_key {
        "the key is in it, and its passphrase opens it"
    } else {
        "the key is NOT in it: without a copy of the key's file nothing in it can be opened"
    };
    format!("wrote {} (schema {}); {key}", file.display(), facts.schema)
}

/// The first line of a file, or of standard input for `-`. It never stands on a command line, where others could read it.
fn passphrase(file: &Path) -> anyhow::Result<secrecy::SecretString> {
    let mut text = Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        std::io::stdin().take(PASSPHRASE_MOST).read_to_string(&mut text)
    } else {
        fs::File::open(file).and_then(|file| file.take(PASSPHRASE_MOST).read_to_string(&mut text))
    };
    read.with_context(|| format!("read the passphrase from {}", file.display()))?;
    let line = text.lines().next().unwrap_or_default();
    Ok(secrecy::SecretString::from(line))
}

fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}").context("write to standard output")
}

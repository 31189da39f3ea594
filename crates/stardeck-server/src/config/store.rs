//! The arguments of the commands that work on the data directory itself: backup, restore, accounts and the key.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::{MasterKeyFile, master_key};

/// Where the store and its key are.
#[derive(Debug, Args)]
struct StoreArguments {
    /// Where everything that has to survive a restart is kept
    #[arg(long, env = "STARDECK_DATA_DIR", default_value = "/var/lib/stardeck", value_name = "DIR")]
    data_dir: PathBuf,
    /// The key that stored secrets are sealed with, where it is not in the data directory
    #[arg(long, env = "STARDECK_MASTER_KEY_FILE", value_name = "PATH")]
    master_key_file: Option<PathBuf>,
    /// Set by systemd for services with `LoadCredential=`.
    #[arg(long, env = "CREDENTIALS_DIRECTORY", hide = true)]
    credentials_directory: Option<PathBuf>,
}

impl StoreArguments {
    /// The data directory, and where the key is.
    fn places(self) -> (PathBuf, MasterKeyFile) {
        let key = master_key(self.master_key_file, self.credentials_directory, &self.data_dir);
        (self.data_dir, key)
    }
}

/// What to back up, and where to.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("key").required(true).args(["passphrase_file", "without_key"]))]
pub(crate) struct BackupArguments {
    /// The file to write; it must not be there
    file: PathBuf,
    /// The file whose first line is the passphrase to wrap the key with, or - for standard input
    #[arg(long, value_name = "PATH")]
    passphrase_file: Option<PathBuf>,
    /// Leave the key out: without a copy of its file, nothing in the backup can be opened
    #[arg(long)]
    without_key: bool,
    #[command(flatten)]
    store: StoreArguments,
}

/// What to back up, and where to, with everything found.
#[derive(Debug)]
pub(crate) struct BackupConfig {
    /// The file to write.
    pub(crate) file: PathBuf,
    /// Where the passphrase is; None to leave the key out.
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Where everything is kept.
    pub(crate) data_dir: PathBuf,
    /// Where the master key is.
    pub(crate) master_key: MasterKeyFile,
}

impl BackupArguments {
    /// What to back up, and where to.
    pub(crate) fn check(self) -> BackupConfig {
        let (data_dir, master_key) = self.store.places();
        BackupConfig { file: self.file, passphrase_file: self.passphrase_file, data_dir, master_key }
    }
}

/// What to restore, and where to.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("key").required(true).args(["passphrase_file", "master_key_file"]))]
pub(crate) struct RestoreArguments {
    /// The backup
    pub(crate) file: PathBuf,
    /// The file whose first line is the passphrase that the key was wrapped with, or - for standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The key itself, for a backup without it
    #[arg(long, value_name = "PATH")]
    pub(crate) master_key_file: Option<PathBuf>,
    /// Where everything that has to survive a restart is kept; it must have no store
    #[arg(long, env = "STARDECK_DATA_DIR", default_value = "/var/lib/stardeck", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,
}

/// What to do about accounts.
#[derive(Debug, Args)]
pub(crate) struct UserArguments {
    #[command(subcommand)]
    pub(crate) command: UserCommand,
}

/// What can be done about accounts on the host.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Give an account a new password, which is printed, and end its sessions. The server must not run
    ResetPassword(ResetPasswordArguments),
}

/// Whose password.
#[derive(Debug, Args)]
pub(crate) struct ResetPasswordArguments {
    /// The name to sign in with
    pub(crate) username: String,
    /// Where everything that has to survive a restart is kept
    #[arg(long, env = "STARDECK_DATA_DIR", default_value = "/var/lib/stardeck", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,
}

/// What to do about the master key.
#[derive(Debug, Args)]
pub(crate) struct KeyArguments {
    #[command(subcommand)]
    command: KeyCommand,
}

/// What can be done about the master key.
#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Make a new key and seal every stored secret anew with it. The server must not run
    Rotate(RotateArguments),
}

/// Which key is replaced, and where the new one goes.
#[derive(Debug, Args)]
struct RotateArguments {
    /// Where to write the new key, when the present one is not Stardeck's own: the file must not be there
    #[arg(long, value_name = "PATH")]
    new_key_file: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Which key is replaced, with everything found.
#[derive(Debug)]
pub(crate) struct RotateConfig {
    /// Where everything is kept.
    pub(crate) data_dir: PathBuf,
    /// Where the present key is.
    pub(crate) master_key: MasterKeyFile,
    /// Where the new key goes; None for the place of the present one.
    pub(crate) new_key_file: Option<PathBuf>,
}

impl KeyArguments {
    /// Which key is replaced.
    ///
    /// # Errors
    /// The key was given to Stardeck, which can not write it back to where it came from.
    pub(crate) fn check(self) -> anyhow::Result<RotateConfig> {
        let KeyCommand::Rotate(rotate) = self.command;
        let (data_dir, master_key) = rotate.store.places();
        match (&master_key, &rotate.new_key_file) {
            (MasterKeyFile::Given(path), None) => anyhow::bail!(
                "the key {} was given to Stardeck, so say with --new-key-file where the new one is to be written",
                path.display()
            ),
            (MasterKeyFile::Own(path), Some(_)) => anyhow::bail!(
                "the key {} is Stardeck's own and is replaced where it is; leave out --new-key-file",
                path.display()
            ),
            (MasterKeyFile::Given(_), Some(_)) | (MasterKeyFile::Own(_), None) => {}
        }
        Ok(RotateConfig { data_dir, master_key, new_key_file: rotate.new_key_file })
    }
}

//! The demo's administrator: made with the set-up token at first, signed in with the kept password later.

use anyhow::Context as _;
use secrecy::SecretString;
use stardeck_client::Client;
use stardeck_client::types::SetupRequest;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The administrator's name.
const USERNAME: &str = "demo-admin";

/// Who administers the demo's server.
#[derive(Debug)]
pub(crate) struct Account {
    /// The name to sign in with.
    pub(crate) username: String,
    /// The file that has the password.
    pub(crate) file: PathBuf,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    username: String,
    password: String,
}

/// Signs in; makes the administrator before that when there is none.
///
/// # Errors
/// When the kept password is gone or wrong, or the server refuses.
pub(super) async fn sign_in(url: &str, data_dir: &Path, file: &Path) -> anyhow::Result<(Client, Account)> {
    let mut client = Client::new(url)?;
    if client.get_setup().await?.needed {
        let token = fs::read_to_string(data_dir.join("setup-token")).context("reading the set-up token")?;
        let kept = keep(file)?;
        let token = SecretString::from(token.trim().to_owned());
        let request = SetupRequest::new(token, kept.username, kept.password.into());
        client.complete_setup(&request).await?;
    }
    let kept = read(file).with_context(|| {
        format!(
            "{} has the administrator's password and can not be read; remove {} to begin anew",
            file.display(),
            data_dir.display()
        )
    })?;
    client.sign_in(&kept.username, kept.password.into()).await?;
    Ok((client, Account { username: kept.username, file: file.to_owned() }))
}

/// Makes up a password and keeps it before it is used, so that it is never lost.
fn keep(file: &Path) -> anyhow::Result<Kept> {
    let kept = Kept { username: USERNAME.to_owned(), password: random_password()? };
    if file.exists() {
        fs::remove_file(file)?;
    }
    let mut output = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    output.write_all(serde_json::to_string_pretty(&kept)?.as_bytes())?;
    output.sync_all()?;
    Ok(kept)
}

fn read(file: &Path) -> anyhow::Result<Kept> {
    Ok(serde_json::from_str(&fs::read_to_string(file)?)?)
}

/// 32 hexadecimal digits, 128 bits, from the system.
fn random_password() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

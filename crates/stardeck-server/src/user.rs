//! `stardeck user`: what only somebody on the host may do about accounts, when nobody can sign in any more.

use std::io::Write as _;

use anyhow::Context as _;
use stardeck_domain::UserName;
use stardeck_repository::Db;
use stardeck_service::{auth::Users, vault::generate_password};

use crate::{
    config::{UserArguments, UserCommand},
    data_dir::DataDir,
};

/// Does it, while no server uses the data directory.
///
/// # Errors
/// A server runs, there is no store or no such account, or the store is in trouble.
pub(crate) async fn user(arguments: UserArguments) -> anyhow::Result<()> {
    match arguments.command {
        UserCommand::ResetPassword(reset) => {
            let username = UserName::parse(&reset.username).context("read the user name")?;
            let store = reset.data_dir.join("stardeck.db");
            // Opening would make one.
            anyhow::ensure!(store.exists(), "there is no store {}", store.display());
            let _data_dir = DataDir::take(&reset.data_dir).context("stop the server first")?;
            let opening = store.clone();
            let db = tokio::task::spawn_blocking(move || Db::open(&opening))
                .await?
                .with_context(|| format!("open the store {}", store.display()))?;
            let password = generate_password();
            Users::new(db).reset_password(&username, password.clone()).await?;
            // On standard output and nowhere else: it is the answer, and this is the one time that it is shown.
            writeln!(std::io::stdout(), "{}", password.expose()).context("write to standard output")
        }
    }
}

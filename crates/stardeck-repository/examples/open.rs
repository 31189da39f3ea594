//! Opens a store, and makes it or brings it to the schema of this version: `cargo run -p stardeck-repository --example
//! open -- FILE`. Use a copy of a store that a server of an older version still needs.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{error::Error, path::PathBuf};

use stardeck_repository::{Db, Error as StoreError, databases, meta, users};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: open FILE")?);
    let db = tokio::task::spawn_blocking(move || Db::open(&path)).await??;
    let (instance, accounts, all) = db
        .read(|tx| Ok::<_, StoreError>((meta::instance_id(tx)?, users::count(tx)?, databases::list_all(tx)?)))
        .await?;
    println!("installation {instance}, {accounts} accounts, {} databases", all.len());
    for database in all {
        println!("{}\t{} {}\t{}", database.name, database.engine, database.version, database.status);
    }
    Ok(())
}

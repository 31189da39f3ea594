//! Lists the databases of a server with a token from standard input, that of a login or an API token:
//! `cargo run -p stardeck-client --example list -- http://127.0.0.1:8080 < token`.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{error::Error, io};

use stardeck_client::{Client, types::ListDatabasesQuery};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let mut token = String::new();
    io::stdin().read_line(&mut token)?;
    let client = Client::new(&server)?.with_bearer(token.trim().into());
    let mut query = ListDatabasesQuery::default();
    loop {
        let page = client.list_databases(&query).await?;
        for database in page.items {
            println!("{}\t{} {}\t{}", database.name, database.r#type, database.version, database.status);
        }
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(());
        }
    }
}

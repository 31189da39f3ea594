//! Logs in to a server with a password from standard input, and lists the logical databases and users in it:
//! `cargo run -p stardeck-drivers --example databases -- postgresql 127.0.0.1:5432 postgres < password`.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{error::Error, io, time::Duration};

use stardeck_domain::{Engine, LoginName, Password, PasswordRules};
use stardeck_drivers::{Login, client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, address, user] = arguments.as_slice() else {
        return Err("usage: databases ENGINE ADDRESS:PORT USER, and the password on standard input".into());
    };
    let engine: Engine = engine.parse()?;
    let driver = client(engine).ok_or("the driver of this engine is not compiled in")?;
    let mut password = String::new();
    io::stdin().read_line(&mut password)?;
    let login = Login {
        addr: address.parse()?,
        user: LoginName::parse(user)?,
        password: Password::parse(password.trim_end_matches('\n').to_owned(), PasswordRules::ENGINE)?,
        database: None,
        timeout: Duration::from_secs(10),
    };
    println!("{engine} {}", driver.login(&login).await?.version);
    for database in driver.list_databases(&login).await? {
        let size = database.size_bytes.map_or_else(String::new, |bytes| format!("\t{bytes} bytes"));
        println!("database {}{size}", database.name);
    }
    for user in driver.list_users(&login).await? {
        println!("user {}{}", user.username, if user.is_admin { "\tadministrator" } else { "" });
    }
    Ok(())
}

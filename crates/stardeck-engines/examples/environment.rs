//! Prints the image of an engine's version, and the variables by which an app finds a database of it:
//! `cargo run -p stardeck-engines --example environment -- mariadb 11.8`.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use secrecy::ExposeSecret as _;
use stardeck_domain::{Engine, LogicalName, LoginName, Password, PasswordRules, VersionTag};
use stardeck_engines::{AppTarget, adapter, app_environment};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let engine: Engine = arguments.next().unwrap_or_else(|| "postgresql".to_owned()).parse()?;
    let version = arguments.next().map(|text| VersionTag::parse(&text)).transpose()?;
    let adapter = adapter(engine);
    let image = adapter.choose_image(version.as_ref(), None)?;
    println!("# {} {}: {}", adapter.info().display_name, image.version, image.reference);
    let environment = app_environment(
        adapter,
        &AppTarget {
            host: "shop",
            port: adapter.info().internal_port,
            user: &LoginName::parse("orders_app")?,
            password: &Password::parse("correct horse battery".to_owned(), PasswordRules::ENGINE)?,
            database: Some(&LogicalName::parse("orders")?),
            env_prefix: None,
        },
    );
    for variable in environment {
        let value = if variable.is_secret { "(secret)" } else { variable.value.expose_secret() };
        println!("{}={value}", variable.name);
    }
    Ok(())
}

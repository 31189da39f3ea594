//! Runs a program in a running container, with what comes on standard input:
//! `echo hello | cargo run -p stardeck-podman --example run -- web wc -c`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example shows its result")]

use std::io::Read;
use std::process::ExitCode;

use stardeck_podman::{Client, ExecOptions, Upload};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let container = arguments.next().unwrap_or_else(|| "web".to_owned());
    let client = Client::new("/run/podman/podman.sock");
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;
    let outcome =
        client.exec().run(&container, &ExecOptions::new(arguments), Some(Upload::from(input))).await?;
    print!("{}", String::from_utf8_lossy(&outcome.stdout));
    eprint!("{}", String::from_utf8_lossy(&outcome.stderr));
    Ok(u8::try_from(outcome.exit_code).map_or(ExitCode::FAILURE, ExitCode::from))
}

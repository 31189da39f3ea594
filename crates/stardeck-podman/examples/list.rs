//! Lists all containers: `cargo run -p stardeck-podman --example list -- /run/podman/podman.sock`.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use stardeck_podman::{Client, Error, ListContainers};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let socket = std::env::args().nth(1).unwrap_or_else(|| "/run/podman/podman.sock".to_owned());
    let client = Client::new(socket);
    println!("Podman {}", client.system().negotiate().await?);
    let all = ListContainers { all: true, ..ListContainers::default() };
    for container in client.containers().list(&all).await? {
        let name = container.name().unwrap_or(&container.id);
        println!("{name}\t{}\t{}", container.state, container.image);
    }
    Ok(())
}

//! Pulls an image: `cargo run -p stardeck-podman --example pull -- docker.io/library/alpine:3 [SOCKET]`.

#![expect(clippy::print_stdout, reason = "an example shows its progress")]

use stardeck_podman::{Client, Error, PullEvent, PullOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let reference = arguments.next().unwrap_or_else(|| "docker.io/library/alpine:3".to_owned());
    let client = Client::new(arguments.next().unwrap_or_else(|| "/run/podman/podman.sock".to_owned()));
    let mut pull = client.images().pull(&reference, &PullOptions::default()).await?;
    while let Some(event) = pull.next().await {
        match event? {
            PullEvent::Progress { layer, status, current: Some(current), total: Some(total) } => {
                println!("{}\t{status}\t{current} of {total} bytes", layer.unwrap_or_default());
            }
            PullEvent::Progress { layer, status, .. } => println!("{}\t{status}", layer.unwrap_or_default()),
            PullEvent::Done { image_id } => println!("image {image_id}"),
        }
    }
    Ok(())
}

//! The runtime's words for containers and images as evidence.

use stardeck_engines::Evidence;

use crate::runtime::{ContainerDetails, ContainerSummary, ImageDetails};

/// What the list of containers and the image tell.
pub(super) fn of_list(container: &ContainerSummary, image: Option<&ImageDetails>) -> Evidence {
    Evidence {
        image: container.image.clone(),
        entrypoint: image.map(|image| image.entrypoint.clone()).unwrap_or_default(),
        command: container.command.clone(),
        labels: container.labels.clone(),
        ..of_image(image)
    }
}

/// What the container itself and the image tell. The container's variables are left out, since they may be secret.
pub(super) fn of_setup(container: &ContainerDetails, image: Option<&ImageDetails>) -> Evidence {
    let mut evidence = Evidence {
        image: container.setup.image.clone(),
        entrypoint: container.setup.entrypoint.clone(),
        command: container.setup.command.clone(),
        labels: container.labels.clone(),
        ..of_image(image)
    };
    evidence.volume_paths.extend(container.setup.mounts.iter().map(|mount| mount.path.clone()));
    evidence
}

fn of_image(image: Option<&ImageDetails>) -> Evidence {
    let Some(image) = image else { return Evidence::default() };
    Evidence {
        image_labels: image.labels.clone(),
        env: image.facts.env.clone(),
        exposed_ports: image.facts.exposed_ports.clone(),
        volume_paths: image.facts.volumes.clone(),
        ..Evidence::default()
    }
}

//! Deploying a database: ordered steps, each with its undo next to it. One file per step.
//!
//! The row and its reservations are written before the first step (see [`crate::databases`]); Podman hears of nothing
//! before that.

pub(crate) mod container;
mod credentials;
mod finish;
pub(crate) mod image;
pub(crate) mod network;
pub(crate) mod ready;
mod reserve;
pub(crate) mod secret;
pub(crate) mod start;
pub(crate) mod start_exposed;
pub(crate) mod volume;

use stardeck_domain::{DatabaseId, ManagedDatabase, OperationId, SecretName, Tombstone, VolumeName};
use stardeck_engines::VolumeRole;

pub(crate) use finish::check_name;
pub(crate) use image::pull as pull_image;

use crate::{Error, operations::step::Step};

/// The steps of a deployment, in order. `is_port_automatic` says that nobody asked for the host port that it has.
pub(crate) fn steps(is_port_automatic: bool) -> Vec<Box<dyn Step>> {
    vec![
        Box::new(reserve::Reserve),
        Box::new(network::Network),
        Box::new(image::Image),
        Box::new(volume::Volumes),
        Box::new(secret::Secret),
        Box::new(container::Container),
        Box::new(start_exposed::StartExposed { is_port_automatic }),
        Box::new(ready::Ready),
        Box::new(credentials::Credentials),
        Box::new(finish::Finish),
    ]
}

/// The steps of a deployment on a kept volume. Nothing in them makes, changes or removes the data.
pub(crate) fn reattach_steps(tombstone: Tombstone, is_port_automatic: bool) -> Vec<Box<dyn Step>> {
    vec![
        Box::new(reserve::Revive { tombstone }),
        Box::new(network::Network),
        Box::new(image::Image),
        Box::new(volume::Volumes),
        Box::new(secret::Secret),
        Box::new(container::Container),
        Box::new(start_exposed::StartExposed { is_port_automatic }),
        Box::new(ready::Ready),
        Box::new(credentials::Prove),
        Box::new(finish::Finish),
    ]
}

/// The steps that make the container of a missing database again: on the image that it ran, which is never pulled, and on
/// its volumes, which must be there.
pub(crate) fn recreate_steps() -> Vec<Box<dyn Step>> {
    vec![
        Box::new(network::Network),
        Box::new(image::Recorded),
        Box::new(volume::Volumes),
        Box::new(secret::Secret),
        Box::new(container::Container),
        Box::new(start::Start),
        Box::new(ready::Ready),
        Box::new(credentials::Prove),
        Box::new(finish::Finish),
    ]
}

/// The step that ensures the data network, for an adoption as well as a deployment.
pub(crate) fn network_step() -> Box<dyn Step> {
    Box::new(network::Network)
}

/// The step that ends a start or restart as well as a deployment.
pub(crate) fn finish_step() -> Box<dyn Step> {
    Box::new(finish::Finish)
}

/// The volume of a database for one of its mounts. It contains the id, so that a new database of the same name never
/// meets the data of an old one.
pub(crate) fn volume_name(database: &ManagedDatabase, role: VolumeRole) -> Result<VolumeName, Error> {
    let suffix = match role {
        VolumeRole::Data => "data".to_owned(),
        VolumeRole::Extra(number) => format!("extra{number}"),
    };
    let text = format!("stardeck-{}-{}-{suffix}", database.name, database.id);
    VolumeName::parse(&text).map_err(Error::internal)
}

/// The secret that holds a database's bootstrap password.
pub(crate) fn secret_name(id: DatabaseId) -> Result<SecretName, Error> {
    SecretName::parse(&format!("stardeck-{id}-bootstrap")).map_err(Error::internal)
}

/// The secret that holds the configuration of the container that an operation makes. Podman takes 64 characters.
pub(crate) fn config_secret_name(id: DatabaseId, operation: OperationId) -> Result<SecretName, Error> {
    let text = config_secret_prefix(id) + &operation.short();
    SecretName::parse(&text).map_err(Error::internal)
}

/// How the names of those of all operations on a database begin.
pub(crate) fn config_secret_prefix(id: DatabaseId) -> String {
    format!("stardeck-{id}-conf-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_as_short_as_podman_wants_them() {
        let name = config_secret_name(DatabaseId::new(), OperationId::new()).unwrap();
        assert!(name.as_str().len() <= 64, "{name}");
    }
}

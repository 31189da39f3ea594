//! Stand-ins for official images, assembled from distribution packages.
//!
//! Official names exist only in a storage of our own, which the tests' Podman reads as an additional image store.
//! What is in an image is data (`xtask/images/`); here is only how it is built and kept.

mod build;
mod catalogue;
mod downloads;
mod mirror;
pub(crate) mod registry;
mod stand_in;
mod store;

pub(crate) use catalogue::{Catalogue, Image};
pub(crate) use mirror::Mirror;
pub(crate) use registry::{Access, Registry};
pub(crate) use stand_in::{POSTGRES, ensure_stand_ins};
pub(crate) use store::{ImageStore, Purpose, StoreInUse};

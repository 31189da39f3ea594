//! Secrets at rest: the master key, sealing values for storage, and making new secrets.
//!
//! A sealed value is bound to its place, so that one moved to another row or column does not open. What is *not*
//! here: the passwords of people, which are hashed and never opened again (`auth`), and the passwords a container
//! receives, which go through the runtime's own secret store.

mod generate;
mod master_key;
pub(crate) mod private_file;
mod rotation;
mod seal;
mod wrapped_key;

pub(crate) use generate::hex;
pub use generate::{generate_password, generate_token, token_hash};
pub use master_key::MasterKey;
pub use rotation::KeyRotation;
pub use seal::{Place, Vault};
pub use wrapped_key::WrappedKey;

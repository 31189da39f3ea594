//! Requests as tests make them most.

use std::net::Ipv4Addr;

use stardeck_domain::{
    DatabaseId, DatabaseName, DatabaseSettings, Engine, ImageReference, Password, PasswordRules, VersionTag,
};
use stardeck_service::databases::{CreateDatabase, DataFate, DeleteDatabase};

/// A database with this name, of the first engine that is offered, in the version the fake runtime has the image of;
/// not exposed, with a generated password.
///
/// # Panics
/// When the name is none.
pub fn create_request(name: &str) -> CreateDatabase {
    CreateDatabase {
        engine: offered_engine(),
        name: DatabaseName::parse(name).expect("a database name"),
        version: Some(version("16")),
        image: None,
        expose_port: false,
        external_port: None,
        bind_address: Ipv4Addr::LOCALHOST.into(),
        confirm_public: false,
        is_shared: true,
        admin_user: None,
        admin_password: None,
        description: None,
        settings: DatabaseSettings::default(),
        kept_volume: None,
    }
}

/// A database with this name on a kept volume, otherwise as it was.
///
/// # Panics
/// When the name is none.
pub fn reattach_request(name: &str, kept: DatabaseId) -> CreateDatabase {
    CreateDatabase { version: None, kept_volume: Some(kept), ..create_request(name) }
}

/// The removal of a database with this name.
pub fn delete_request(name: &str, data: DataFate) -> DeleteDatabase {
    DeleteDatabase { data, confirm: name.to_owned(), force: false, take_ownership: false }
}

/// A version.
///
/// # Panics
/// When the text is none.
pub fn version(text: &str) -> VersionTag {
    VersionTag::parse(text).expect("a version")
}

/// An image reference.
///
/// # Panics
/// When the text is none.
pub fn image(text: &str) -> ImageReference {
    ImageReference::parse(text).expect("an image reference")
}

/// A password inside an engine.
///
/// # Panics
/// When the text is none.
pub fn password(text: &str) -> Password {
    Password::parse(text.to_owned(), PasswordRules::ENGINE).expect("a password")
}

fn offered_engine() -> Engine {
    stardeck_engines::offered().first().expect("an engine is offered").engine()
}

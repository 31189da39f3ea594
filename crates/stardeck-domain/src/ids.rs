//! Typed identifiers. Ours are UUIDv7, so that they sort by time of creation; the runtime's are its own text.

use uuid::Uuid;

macro_rules! uuid_id {
    ($( $(#[$meta:meta])* $name:ident, )+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub struct $name(Uuid);

        impl $name {
            /// A new id that sorts after all earlier ones (UUIDv7, RFC 9562).
            #[expect(clippy::new_without_default, reason = "two calls give two values, which a default must not")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// Twelve hexadecimal digits out of the random part, for names that people read.
            pub fn short(&self) -> String {
                let text = self.0.simple().to_string();
                text.chars().skip(20).collect()
            }

            /// The id as the 128-bit value it is.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| $crate::UnknownText { what: stringify!($name), text: text.to_owned() })
            }
        }
    )+ };
}

uuid_id! {
    /// A managed database.
    DatabaseId,
    /// An operation: one long-running piece of work.
    OperationId,
    /// One version of one credential.
    CredentialId,
    /// A volume we know of.
    VolumeId,
    /// A person's account.
    UserId,
    /// A login session.
    SessionId,
    /// An API token.
    TokenId,
    /// An entry of the audit log.
    AuditId,
    /// A login for an image registry.
    RegistryId,
    /// A logical database that was made through Stardeck.
    LogicalDatabaseId,
    /// A user of a logical database that was made through Stardeck.
    LogicalUserId,
    /// An app.
    AppId,
    /// An app's connection to a database.
    ConnectionId,
    /// This installation of Stardeck. Two of them may share one Podman.
    InstanceId,
    /// The life of a store's events. Numbers of events from another one say nothing.
    EpochId,
}

macro_rules! text_id {
    ($( $(#[$meta:meta])* $name:ident, )+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is: the id is somebody else's.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+ };
}

text_id! {
    /// The runtime's id of a container. It changes when the container is recreated, so nothing is found by it.
    ContainerId,
    /// The runtime's id of an image (the digest of its configuration).
    ImageId,
    /// A host that runs containers. There is one, `local`, until there are more.
    HostId,
}

impl HostId {
    /// The host Stardeck itself runs on.
    pub fn local() -> Self {
        Self("local".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_one_after_the_other_sort_in_that_order() {
        let ids: Vec<_> = (0..50).map(|_| DatabaseId::new()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn short_forms_of_ids_made_in_the_same_moment_differ() {
        let (a, b) = (DatabaseId::new(), DatabaseId::new());
        assert_eq!(a.short().len(), 12);
        assert_ne!(a.short(), b.short());
    }

    #[test]
    fn text_form_round_trips() {
        let id = OperationId::new();
        assert_eq!(id.to_string().parse::<OperationId>(), Ok(id));
        assert!("nope".parse::<OperationId>().is_err());
    }
}

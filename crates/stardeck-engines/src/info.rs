//! What is known about an engine before anything is deployed: names, versions, ports, limits.

use stardeck_domain::{LoginName, Port, PortRange, VersionTag};

use crate::PortRules;

/// What an engine is and offers.
#[derive(Debug, Clone)]
pub struct EngineInfo {
    /// Its name as its makers write it.
    pub display_name: &'static str,
    /// One line for a person who has to choose.
    pub description: &'static str,
    /// Whether it is the usual choice for a person without a preference.
    pub is_popular: bool,
    /// The version that is deployed when none is asked for; one of `versions`.
    pub default_version: VersionTag,
    /// The versions that may be asked for, newest first.
    pub versions: Vec<OfferedVersion>,
    /// The port it listens on inside its container.
    pub internal_port: Port,
    /// How somebody else may have told it to listen on another one.
    pub port_rules: PortRules,
    /// The host ports that are given out for it.
    pub port_range: PortRange,
    /// The administrator's name when none is asked for.
    pub default_admin_user: LoginName,
    /// The name of Stardeck's own role in the engine, which no person may take.
    pub management_user: LoginName,
    /// What it can do beyond running.
    pub capabilities: &'static [Capability],
    /// What names and passwords it takes.
    pub limits: Limits,
}

impl EngineInfo {
    /// Whether it can do this.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }
}

/// A version that may be asked for, which is also the tag of the official image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedVersion {
    /// The version, such as `16`.
    pub version: VersionTag,
    /// The day its makers stop to mend it, as `YYYY-MM-DD`; None when they have not said.
    pub end_of_life: Option<&'static str>,
    /// Where that day was read.
    pub source: &'static str,
}

/// What names and passwords an engine takes, on top of the domain's own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest name of a user, role or logical database, in bytes of UTF-8.
    pub name_max_bytes: usize,
    /// Longest password, in characters.
    pub password_max_chars: usize,
}

/// Something that some engines can do and others can not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capability {
    /// It holds several logical databases, each with its own users.
    LogicalDatabases,
    /// It takes the verifier of a password, so that the password itself never reaches it.
    PasswordVerifiers,
    /// It limits the number of connections of one user.
    ConnectionLimits,
    /// Apps that share it have a prefix each for their keys, in place of logical databases of the engine's own.
    KeyPrefixes,
    /// Its logical databases exist by being used: a new one is only written down.
    ImpliedDatabases,
    /// A logical database can be made with an encoding and a collation of its own.
    Encodings,
    /// A logical database can have extensions.
    Extensions,
}

impl Capability {
    /// The text form used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LogicalDatabases => "logical_databases",
            Self::PasswordVerifiers => "password_verifiers",
            Self::ConnectionLimits => "connection_limits",
            Self::KeyPrefixes => "key_prefixes",
            Self::ImpliedDatabases => "implied_databases",
            Self::Encodings => "encodings",
            Self::Extensions => "extensions",
        }
    }
}

/// A login name known when the program is written.
pub(crate) fn fixed_login(text: &str) -> LoginName {
    #[expect(clippy::expect_used, reason = "a constant of this crate; the catalogue's tests read every one")]
    LoginName::parse(text).expect("a login name in the catalogue is valid")
}

/// A version known when the program is written.
pub(crate) fn fixed_version(text: &str) -> VersionTag {
    #[expect(clippy::expect_used, reason = "a constant of this crate; the catalogue's tests read every one")]
    VersionTag::parse(text).expect("a version in the catalogue is valid")
}

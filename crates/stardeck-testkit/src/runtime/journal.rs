//! What was asked of the runtime and of the engines behind it.

/// A call to the runtime, or to an engine in one of its containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// The runtime's own facts.
    Info,
    /// All containers.
    ListContainers,
    /// One container.
    FindContainer,
    /// Making a container.
    CreateContainer,
    /// What can not be kept of one that is made anew.
    ListUnkept,
    /// Running one's healthcheck.
    CheckHealth,
    /// Putting a file into one.
    PutFile,
    /// Reading one.
    ReadFile,
    /// Starting one.
    StartContainer,
    /// Stopping one.
    StopContainer,
    /// Giving one another name.
    RenameContainer,
    /// Removing one.
    RemoveContainer,
    /// Reading one's log.
    ContainerLogs,
    /// Following one's log.
    FollowLogs,
    /// What one uses.
    ContainerUsage,
    /// A way to one's port.
    Reach,
    /// A way from one's own network.
    WayOut,
    /// One image.
    FindImage,
    /// Pulling one.
    PullImage,
    /// All volumes.
    ListVolumes,
    /// One volume.
    FindVolume,
    /// The containers that mount a volume.
    ListVolumeUsers,
    /// The sizes of all volumes.
    VolumeSizes,
    /// Making a volume.
    CreateVolume,
    /// Removing one.
    RemoveVolume,
    /// All networks.
    ListNetworks,
    /// Making a network.
    CreateNetwork,
    /// Removing one.
    RemoveNetwork,
    /// Putting a container on a network.
    ConnectNetwork,
    /// Taking one off.
    DisconnectNetwork,
    /// Asking a network's name server.
    Resolve,
    /// All secrets.
    ListSecrets,
    /// One secret.
    FindSecret,
    /// Storing a secret.
    CreateSecret,
    /// Removing one.
    RemoveSecret,
    /// Asking an engine over the wire whether it listens.
    Probe,
    /// Logging in to an engine.
    Login,
    /// Replacing an engine's bootstrap password.
    Secure,
    /// The logical databases of an engine.
    ListDatabases,
    /// Making one.
    CreateDatabase,
    /// Dropping one.
    DropDatabase,
    /// The users of an engine.
    ListUsers,
    /// Making or changing one.
    PutUser,
    /// Setting one's password.
    SetPassword,
    /// Dropping one.
    DropUser,
}

impl Method {
    /// Whether the call goes to an engine rather than to the runtime.
    pub const fn is_of_engine(self) -> bool {
        matches!(
            self,
            Self::Probe
                | Self::Login
                | Self::Secure
                | Self::ListDatabases
                | Self::CreateDatabase
                | Self::DropDatabase
                | Self::ListUsers
                | Self::PutUser
                | Self::SetPassword
                | Self::DropUser
        )
    }

    /// Whether the call changes something.
    pub const fn is_change(self) -> bool {
        matches!(
            self,
            Self::CreateContainer
                | Self::PutFile
                | Self::StartContainer
                | Self::StopContainer
                | Self::RenameContainer
                | Self::RemoveContainer
                | Self::PullImage
                | Self::CreateVolume
                | Self::RemoveVolume
                | Self::CreateNetwork
                | Self::RemoveNetwork
                | Self::ConnectNetwork
                | Self::DisconnectNetwork
                | Self::CreateSecret
                | Self::RemoveSecret
                | Self::Secure
                | Self::CreateDatabase
                | Self::DropDatabase
                | Self::PutUser
                | Self::SetPassword
                | Self::DropUser
        )
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which call it was, counted from 1 since the runtime was made.
    pub number: u32,
    /// What was asked for.
    pub method: Method,
    /// The name or id it was about; empty for lists.
    pub subject: String,
    /// Whether an armed fault struck it.
    pub is_struck: bool,
}

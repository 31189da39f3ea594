//! How the engines in the fake runtime's containers behave, and what their volumes hold.

use std::collections::BTreeMap;

/// How the engines behave from now on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineBehaviour {
    /// How many probes after a start find it not listening yet.
    pub deaf_probes: u32,
    /// It never listens.
    pub is_deaf: bool,
    /// It ends right after each start with this exit status, and these lines in its log.
    pub ends_with: Option<(i32, Vec<String>)>,
    /// It ends right after each start when its configuration has this in it.
    pub refuses_setting: Option<String>,
    /// It listens and refuses every login.
    pub refuses_logins: bool,
}

/// What an engine has written into its volume.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum VolumeContent {
    /// Nothing yet.
    #[default]
    Empty,
    /// An initialisation that has begun. When it is interrupted, what is left looks finished and is not.
    Half,
    /// Accounts: names and passwords.
    Accounts(BTreeMap<String, String>),
}

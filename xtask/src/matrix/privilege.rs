//! As whom Podman runs.

use std::fmt;
use std::path::PathBuf;

/// The user of the rootless Podman, who exists in its namespaces only. No host gives out such an id by itself.
const USER: u32 = 61_234;

/// As whom Podman runs, and with it the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Privilege {
    /// Root.
    Rootful,
    /// An ordinary user, with ids of its own for the users in containers.
    Rootless,
}

impl Privilege {
    /// Its user's id.
    pub(crate) const fn user(self) -> u32 {
        match self {
            Self::Rootful => 0,
            Self::Rootless => USER,
        }
    }

    /// Its user's directories, as variables.
    pub(crate) fn variables(self) -> Vec<String> {
        match self {
            Self::Rootful => vec!["HOME=/root".to_owned()],
            Self::Rootless => {
                vec!["HOME=/home/matrix".to_owned(), format!("XDG_RUNTIME_DIR=/run/user/{USER}")]
            }
        }
    }

    /// The program, with its arguments, that runs another one as its user; nothing for root.
    pub(crate) fn becoming(self) -> Vec<String> {
        match self {
            Self::Rootful => Vec::new(),
            Self::Rootless => {
                let id = USER.to_string();
                ["setpriv", "--reuid", &id, "--regid", &id, "--clear-groups"].map(str::to_owned).to_vec()
            }
        }
    }

    /// Where root's Podman finds the images of the tests, which it only reads. The files in them belong to ids that an
    /// ordinary user does not have, so it gets images of its own.
    pub(crate) fn additional_images(self) -> Option<PathBuf> {
        match self {
            Self::Rootful => Some(PathBuf::from("/srv/images")),
            Self::Rootless => None,
        }
    }
}

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Rootful => "rootful",
            Self::Rootless => "rootless",
        })
    }
}

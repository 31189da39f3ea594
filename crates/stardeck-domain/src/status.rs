//! The states of a managed database, with the ONE table of what may follow what and what a person may do when.

use crate::{Origin, text_enum::text_enum};

text_enum! {
    /// What a database is seen to do.
    pub enum DatabaseStatus ("database status") {
        /// Being deployed for the first time.
        Creating = "creating",
        /// The container runs, the engine does not answer yet.
        Starting = "starting",
        /// The engine answers.
        Running = "running",
        /// Being stopped.
        Stopping = "stopping",
        /// Not running, as wanted.
        Stopped = "stopped",
        /// Being stopped and started again.
        Restarting = "restarting",
        /// Frozen by the runtime.
        Paused = "paused",
        /// Something is wrong; the reason says what.
        Error = "error",
        /// The container is gone behind our back.
        Missing = "missing",
        /// Being removed.
        Deleting = "deleting",
    }
}

text_enum! {
    /// What a database should do. Survives restarts of everything.
    pub enum DesiredState ("desired state") {
        /// It should run.
        Running = "running",
        /// It should not run.
        Stopped = "stopped",
        /// It should not exist.
        Absent = "absent",
    }
}

text_enum! {
    /// Whether the engine answered a query when last asked.
    pub enum Health ("health") {
        /// Not asked yet, or not meant to run.
        Unknown = "unknown",
        /// It answered.
        Healthy = "healthy",
        /// It runs and does not answer.
        Unhealthy = "unhealthy",
    }
}

text_enum! {
    /// What a person may ask for. The API serves the allowed ones, so that no client copies the rules.
    pub enum Action ("action") {
        /// Start it.
        Start = "start",
        /// Stop it.
        Stop = "stop",
        /// Stop and start it.
        Restart = "restart",
        /// Change settings of it that its container is made with.
        Update = "update",
        /// Make its container again, on the volume that is left.
        Recreate = "recreate",
        /// Remove it.
        Delete = "delete",
        /// Give an adopted one back to whoever made it.
        Release = "release",
    }
}

impl DatabaseStatus {
    /// What a person may ask for in this state. Who did not make a container does not make it again either.
    pub const fn allowed_actions(self, origin: Origin) -> &'static [Action] {
        use Action::{Delete, Recreate, Release, Restart, Start, Stop, Update};
        match (self, origin) {
            (Self::Creating | Self::Stopping | Self::Deleting, _) => &[],
            (Self::Running, Origin::Created) => &[Stop, Restart, Update, Delete],
            (Self::Running, Origin::Adopted) => &[Stop, Restart, Update, Delete, Release],
            (Self::Starting | Self::Restarting, Origin::Adopted) => &[Stop, Restart, Delete, Release],
            // Podman 4.3 can not take a frozen container off a network without losing track of it, so that it is not
            // released then.
            (Self::Starting | Self::Restarting, Origin::Created) | (Self::Paused, _) => {
                &[Stop, Restart, Delete]
            }
            (Self::Stopped, Origin::Created) => &[Start, Update, Delete],
            (Self::Stopped, Origin::Adopted) => &[Start, Update, Delete, Release],
            (Self::Error, Origin::Created) => &[Start, Stop, Restart, Update, Delete],
            (Self::Error, Origin::Adopted) => &[Start, Stop, Restart, Update, Delete, Release],
            (Self::Missing, Origin::Created) => &[Recreate, Delete],
            (Self::Missing, Origin::Adopted) => &[Delete, Release],
        }
    }

    /// The states that may follow this one. A state may always be confirmed (follow itself).
    pub const fn successors(self) -> &'static [Self] {
        match self {
            Self::Creating => &[Self::Running, Self::Error, Self::Deleting],
            Self::Deleting => &[Self::Error],
            Self::Starting
            | Self::Running
            | Self::Stopping
            | Self::Stopped
            | Self::Restarting
            | Self::Paused
            | Self::Error
            | Self::Missing => &[
                Self::Starting,
                Self::Running,
                Self::Stopping,
                Self::Stopped,
                Self::Restarting,
                Self::Paused,
                Self::Error,
                Self::Missing,
                Self::Deleting,
            ],
        }
    }

    /// Whether `next` may follow this state.
    pub fn can_become(self, next: Self) -> bool {
        self == next || self.successors().contains(&next)
    }

    /// Whether an operation is at work in this state, so that observation must not overwrite it.
    pub const fn is_transitional(self) -> bool {
        match self {
            Self::Creating | Self::Starting | Self::Stopping | Self::Restarting | Self::Deleting => true,
            Self::Running | Self::Stopped | Self::Paused | Self::Error | Self::Missing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(status: DatabaseStatus, action: Action) -> bool {
        status.allowed_actions(Origin::Created).contains(&action)
    }

    #[test]
    fn a_database_that_is_being_made_or_removed_allows_nothing() {
        assert!(DatabaseStatus::Creating.allowed_actions(Origin::Created).is_empty());
        assert!(DatabaseStatus::Deleting.allowed_actions(Origin::Created).is_empty());
    }

    #[test]
    fn only_a_stopped_or_broken_database_can_be_started() {
        let startable: Vec<_> =
            DatabaseStatus::ALL.iter().copied().filter(|s| allows(*s, Action::Start)).collect();
        assert_eq!(startable, [DatabaseStatus::Stopped, DatabaseStatus::Error]);
    }

    #[test]
    fn settings_of_a_container_wait_until_it_runs_or_rests() {
        let changeable: Vec<_> =
            DatabaseStatus::ALL.iter().copied().filter(|s| allows(*s, Action::Update)).collect();
        assert_eq!(changeable, [DatabaseStatus::Running, DatabaseStatus::Stopped, DatabaseStatus::Error]);
    }

    #[test]
    fn only_a_missing_database_is_made_again() {
        let missing: Vec<_> =
            DatabaseStatus::ALL.iter().copied().filter(|s| allows(*s, Action::Recreate)).collect();
        assert_eq!(missing, [DatabaseStatus::Missing]);
        let adopted = DatabaseStatus::Missing.allowed_actions(Origin::Adopted);
        assert_eq!(adopted, [Action::Delete, Action::Release], "whoever made it does");
    }

    #[test]
    fn an_adopted_database_is_given_back_whenever_it_could_be_removed_and_is_not_frozen() {
        for status in DatabaseStatus::ALL {
            let adopted = status.allowed_actions(Origin::Adopted);
            let is_given_back = adopted.contains(&Action::Delete) && *status != DatabaseStatus::Paused;
            assert_eq!(adopted.contains(&Action::Release), is_given_back, "{status}");
            assert!(!allows(*status, Action::Release), "{status}");
        }
    }

    #[test]
    fn nothing_becomes_creating_again_and_deleting_can_only_fail() {
        for status in DatabaseStatus::ALL.iter().copied().filter(|s| *s != DatabaseStatus::Creating) {
            assert!(!status.can_become(DatabaseStatus::Creating), "{status}");
        }
        assert_eq!(DatabaseStatus::Deleting.successors(), [DatabaseStatus::Error]);
    }

    #[test]
    fn text_forms_round_trip() {
        for status in DatabaseStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        assert!("happy".parse::<DatabaseStatus>().is_err());
    }
}

//! What every engine has to say about itself.

use std::collections::BTreeMap;

use secrecy::SecretString;
use stardeck_domain::{
    DatabaseSettings, Engine, ImageReference, InvalidValue, LoginName, Password, ValidationError,
    ValidationErrors, VersionTag,
};

use crate::{
    AppVariables, AppliedSetting, ConnectionTarget, ContainerPlan, DeploySpec, DetectRules, EngineInfo,
    ImageFacts, ImageUnsuitable, LogicalRules, LoginSource, Readiness, SeedFile, SettingRule, UrlRules,
    settings,
};

/// The image that will be pulled, and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageChoice {
    /// The image.
    pub reference: ImageReference,
    /// The version it is expected to hold.
    pub version: VersionTag,
    /// What kind of the engine it is, such as `pgvector`; None for the plain one.
    pub flavor: Option<String>,
}

/// One engine's knowledge: pure functions from what was asked for, and what the image says, to what is to be done.
pub trait EngineAdapter: Send + Sync {
    /// The engine this is about.
    fn engine(&self) -> Engine;

    /// What it is and offers.
    fn info(&self) -> &'static EngineInfo;

    /// The image for a version, an image, or both; the default version's for neither.
    ///
    /// # Errors
    /// The field `version` when the version is not offered, when it contradicts the image's tag, or when it is needed
    /// because the image's tag does not name one.
    fn choose_image(
        &self,
        version: Option<&VersionTag>,
        image: Option<&ImageReference>,
    ) -> Result<ImageChoice, ValidationError>;

    /// Whether a server of `next` opens data that one of `written` wrote, as far as their versions and flavors say. By
    /// default, the leading numbers of the versions are equal.
    fn opens_data_of(&self, written: &ImageChoice, next: &ImageChoice) -> bool {
        written.version.major() == next.version.major()
    }

    /// What the official image of a version needs of an x86-64 processor, by the names of the kernel's flags
    /// (`/proc/cpuinfo`). A custom image may be built for less.
    fn cpu_flags(&self, _version: &VersionTag) -> &'static [&'static str] {
        &[]
    }

    /// Checks the administrator's name and password against what the engine takes. None for a password that we will
    /// generate.
    ///
    /// # Errors
    /// The fields `admin_user` and `admin_password`, as far as they are wrong.
    fn check_admin(&self, user: &LoginName, password: Option<&Password>) -> Result<(), ValidationErrors>;

    /// What names logical databases may have.
    fn logical_rules(&self) -> &'static LogicalRules;

    /// Checks the name and the password of an app's user against what the engine takes: the administrator's rules, and no
    /// name that every server of this engine has. None for a password that we will generate.
    ///
    /// # Errors
    /// The fields `username` and `password`, as far as they are wrong.
    fn check_app_user(&self, user: &LoginName, password: Option<&Password>) -> Result<(), ValidationErrors> {
        let mut wrong = match self.check_admin(user, password) {
            Ok(()) => Vec::new(),
            Err(ValidationErrors(wrong)) => wrong,
        };
        for error in &mut wrong {
            error.field = if error.field == "admin_password" { "password" } else { "username" };
        }
        if *user == self.info().default_admin_user {
            let reserved = InvalidValue::new("reserved_name", format!("{user} is the server's own"));
            wrong.push(reserved.in_field("username"));
        }
        if let Err(reserved) = self.check_app_user_name(user) {
            wrong.push(reserved.in_field("username"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(ValidationErrors(wrong)) }
    }

    /// Checks what an administrator may be called and an app's user may not.
    ///
    /// # Errors
    /// Says which rule is broken and what would be right.
    fn check_app_user_name(&self, _user: &LoginName) -> Result<(), InvalidValue> {
        Ok(())
    }

    /// The settings of the server that a person may change.
    fn setting_rules(&self) -> &'static [SettingRule];

    /// The setting that says how many connections the server takes, and how many it takes without; None where an app's part
    /// of them can not be limited.
    fn connection_setting(&self) -> Option<(&'static str, u32)> {
        None
    }

    /// How many connections an app's user may have: a fifth of what the server takes, so that no app shuts out the others.
    fn app_connection_limit(&self, settings: &DatabaseSettings) -> Option<u32> {
        let (setting, usual) = self.connection_setting()?;
        let most = settings.engine.get(setting).and_then(|value| value.parse().ok()).unwrap_or(usual);
        Some((most / 5).max(1))
    }

    /// What the server is told for a limit of memory, as far as a person did not say otherwise: names and values.
    fn tuning(&self, memory_bytes: u64) -> Vec<(&'static str, String)>;

    /// Checks settings of the server that a person chose.
    ///
    /// # Errors
    /// The field `engine_settings`, once for each setting that is unknown or has a wrong value.
    fn check_settings(&self, chosen: &BTreeMap<String, String>) -> Result<(), ValidationErrors> {
        let errors = settings::check(self.setting_rules(), chosen);
        if errors.is_empty() { Ok(()) } else { Err(ValidationErrors(errors)) }
    }

    /// The settings the server gets beside its own defaults, sorted by name.
    fn applied_settings(&self, settings: &DatabaseSettings) -> Vec<AppliedSetting> {
        let tuning = settings.memory_bytes.map(|bytes| self.tuning(bytes)).unwrap_or_default();
        settings::applied(self.setting_rules(), tuning, &settings.engine)
    }

    /// The container to be made, once the image is present and says what it really holds.
    ///
    /// # Errors
    /// The image is not this engine, or holds another major version than was asked for.
    fn plan(&self, spec: &DeploySpec, image: &ImageFacts) -> Result<ContainerPlan, ImageUnsuitable>;

    /// Whom the bootstrap password belongs to, given the administrator's name.
    fn bootstrap_user(&self, admin: &LoginName) -> LoginName {
        admin.clone()
    }

    /// Files that must lie in the data volume before the first start, for an engine that finds its accounts there.
    fn seed_files(&self, _accounts: &[(&LoginName, &Password)]) -> Vec<SeedFile> {
        Vec::new()
    }

    /// By what its servers are known among other containers.
    fn detect_rules(&self) -> &'static DetectRules;

    /// Where the administrator's login is found in a container that somebody else made, the likeliest first.
    fn login_sources(&self) -> &'static [LoginSource];

    /// How long it may take until it answers.
    fn readiness(&self) -> Readiness;

    /// A connection URL with percent-encoded credentials.
    fn connection_url(&self, target: &ConnectionTarget<'_>) -> SecretString;

    /// What connection strings to its servers look like that somebody else made.
    fn url_rules(&self) -> &'static UrlRules;

    /// Apps that are known to use it, by the last part of their images' names.
    fn known_apps(&self) -> &'static [&'static str];

    /// The names of the environment variables its apps commonly read.
    fn app_variables(&self) -> &'static AppVariables;

    /// The command that opens the engine's own shell as the administrator inside the container; it asks for the
    /// password where the engine wants one there, too.
    fn shell_command(&self, admin: &LoginName) -> Vec<String>;

    /// Why a container of this engine ended, in words for a person, from its exit status and its last log lines
    /// (oldest first). None when there is nothing to add to the exit status.
    fn explain_exit(&self, exit_code: Option<i32>, log: &[String]) -> Option<String>;
}

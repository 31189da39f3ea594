//! MongoDB. Facts about the image are those of the official one (<https://hub.docker.com/_/mongo> and its entrypoint).

mod admin;
mod connection;
mod detect;
mod env;
mod exit;
mod image;
mod settings;

use std::{sync::LazyLock, time::Duration};

use secrecy::SecretString;
use stardeck_domain::{
    Engine, ImageReference, LoginName, Password, Port, PortRange, ValidationError, ValidationErrors,
    VersionTag,
};

use crate::{
    AppVariables, Capability, ConnectionTarget, ContainerPlan, DeploySpec, DetectRules, EngineAdapter,
    EngineInfo, ImageChoice, ImageFacts, ImageUnsuitable, Limits, LogicalRules, LoginSource, OfferedVersion,
    PortRules, Readiness, SettingRule, UrlRules,
    image::{choose, is_same_series},
    info::{fixed_login, fixed_version},
};

/// MongoDB's adapter.
#[derive(Debug)]
pub(crate) struct MongoDb;

/// The port the server listens on.
const PORT: Port = Port::fixed(27017);

/// Where the days in [`INFO`] were read.
const LIFE_CYCLE: &str = "https://endoflife.date/mongodb";

/// Apps that use it, by their own documentation.
const KNOWN_APPS: &[&str] = &[
    "librechat",
    "mongo-express",
    "nightscout",
    "overleaf",
    "parse-server",
    "rocket.chat",
    "unifi-network-application",
    "wekan",
];

static INFO: LazyLock<EngineInfo> = LazyLock::new(|| {
    let offered = |version, end_of_life| OfferedVersion {
        version: fixed_version(version),
        end_of_life: Some(end_of_life),
        source: LIFE_CYCLE,
    };
    EngineInfo {
        display_name: "MongoDB",
        description: "Document database, for apps that keep their data as JSON",
        is_popular: false,
        default_version: fixed_version("7"),
        versions: vec![
            offered("8.0", "2029-10-31"),
            // The tag 7 is 7.0.
            offered("7", "2027-08-31"),
        ],
        internal_port: PORT,
        port_rules: PortRules { options: &["--port"], variables: &["MONGODB_PORT_NUMBER"] },
        port_range: PortRange { first: PORT, last: Port::fixed(27099) },
        default_admin_user: fixed_login("admin"),
        management_user: fixed_login(admin::MANAGEMENT_USER),
        capabilities: &[Capability::LogicalDatabases, Capability::ImpliedDatabases],
        limits: Limits { name_max_bytes: 63, password_max_chars: 128 },
    }
});

impl EngineAdapter for MongoDb {
    fn engine(&self) -> Engine {
        Engine::MongoDb
    }

    fn info(&self) -> &'static EngineInfo {
        &INFO
    }

    fn opens_data_of(&self, written: &ImageChoice, next: &ImageChoice) -> bool {
        is_same_series(&written.version, &next.version)
    }

    fn choose_image(
        &self,
        version: Option<&VersionTag>,
        image: Option<&ImageReference>,
    ) -> Result<ImageChoice, ValidationError> {
        choose(&INFO, &image::FAMILY, version, image)
    }

    fn cpu_flags(&self, _version: &VersionTag) -> &'static [&'static str] {
        // All versions offered: <https://www.mongodb.com/docs/manual/administration/production-notes/#x86_64>.
        &["avx"]
    }

    fn check_admin(&self, user: &LoginName, password: Option<&Password>) -> Result<(), ValidationErrors> {
        admin::check(user, password)
    }

    fn logical_rules(&self) -> &'static LogicalRules {
        &admin::LOGICAL
    }

    fn setting_rules(&self) -> &'static [SettingRule] {
        settings::RULES
    }

    fn tuning(&self, memory_bytes: u64) -> Vec<(&'static str, String)> {
        settings::tuning(memory_bytes)
    }

    fn plan(&self, spec: &DeploySpec, image: &ImageFacts) -> Result<ContainerPlan, ImageUnsuitable> {
        env::plan(spec, image, self.applied_settings(&spec.settings))
    }

    fn detect_rules(&self) -> &'static DetectRules {
        &detect::RULES
    }

    fn login_sources(&self) -> &'static [LoginSource] {
        detect::LOGINS
    }

    fn readiness(&self) -> Readiness {
        // Measured: 6 s on an idle host of two cores, 21 s on a busy one; recovery after a crash takes longer.
        Readiness { first_start: Duration::from_mins(4), later_start: Duration::from_mins(5) }
    }

    fn connection_url(&self, target: &ConnectionTarget<'_>) -> SecretString {
        connection::url(target)
    }

    fn url_rules(&self) -> &'static UrlRules {
        &connection::URL_RULES
    }

    fn known_apps(&self) -> &'static [&'static str] {
        KNOWN_APPS
    }

    fn app_variables(&self) -> &'static AppVariables {
        &connection::VARIABLES
    }

    fn shell_command(&self, admin: &LoginName) -> Vec<String> {
        connection::shell_command(admin)
    }

    fn explain_exit(&self, exit_code: Option<i32>, log: &[String]) -> Option<String> {
        exit::explain_exit(exit_code, log)
    }
}

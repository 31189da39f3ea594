//! Redis, and Valkey as a flavour of it. Facts about the images are those of the official ones
//! (<https://github.com/redis/docker-library-redis>, <https://github.com/valkey-io/valkey-container>).

mod accounts;
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
    PortRules, Readiness, SeedFile, SettingRule, UrlRules,
    image::choose,
    info::{fixed_login, fixed_version},
};

/// The adapter of Redis and its relatives.
#[derive(Debug)]
pub(crate) struct Redis;

/// The port the server listens on.
const PORT: Port = Port::fixed(6379);

/// Where the days in [`INFO`] were read.
const LIFE_CYCLE: &str = "https://endoflife.date/redis";

/// Apps that use it, by their own documentation.
const KNOWN_APPS: &[&str] = &[
    "authentik",
    "immich-server",
    "mastodon",
    "netbox",
    "outline",
    "paperless-ngx",
    "redis-commander",
    "redisinsight",
    "searxng",
    "sidekiq",
];

static INFO: LazyLock<EngineInfo> = LazyLock::new(|| {
    let offered = |version, end_of_life| OfferedVersion {
        version: fixed_version(version),
        end_of_life,
        source: LIFE_CYCLE,
    };
    EngineInfo {
        display_name: "Redis",
        description: "Key-value store in memory, kept on disk too; for caches, queues and sessions",
        is_popular: false,
        default_version: fixed_version("7"),
        versions: vec![
            // The tag 8 follows the newest 8.x, whose end has not been said; 8.2 is maintained longest.
            offered("8", None),
            offered("8.2", Some("2030-09-01")),
            // The tag 7 is 7.4.
            offered("7", Some("2029-12-01")),
        ],
        internal_port: PORT,
        port_rules: PortRules {
            options: &["--port"],
            variables: &["REDIS_PORT_NUMBER", "VALKEY_PORT_NUMBER"],
        },
        port_range: PortRange { first: PORT, last: Port::fixed(6399) },
        default_admin_user: fixed_login("default"),
        management_user: fixed_login(accounts::MANAGEMENT_USER),
        capabilities: &[Capability::PasswordVerifiers, Capability::KeyPrefixes, Capability::ImpliedDatabases],
        limits: Limits { name_max_bytes: 128, password_max_chars: 128 },
    }
});

impl EngineAdapter for Redis {
    fn engine(&self) -> Engine {
        Engine::Redis
    }

    fn info(&self) -> &'static EngineInfo {
        &INFO
    }

    /// Valkey went its own way after Redis 7.2, and neither reads the newer files of the other.
    fn opens_data_of(&self, written: &ImageChoice, next: &ImageChoice) -> bool {
        let is_valkey = |image: &ImageChoice| image.flavor.as_deref() == Some(image::VALKEY);
        written.version.major() == next.version.major() && is_valkey(written) == is_valkey(next)
    }

    fn choose_image(
        &self,
        version: Option<&VersionTag>,
        image: Option<&ImageReference>,
    ) -> Result<ImageChoice, ValidationError> {
        choose(&INFO, &image::FAMILY, version, image)
    }

    fn check_admin(&self, user: &LoginName, _password: Option<&Password>) -> Result<(), ValidationErrors> {
        accounts::check_user(user.as_str())
            .map_err(|wrong| ValidationErrors(vec![wrong.in_field("admin_user")]))
    }

    fn logical_rules(&self) -> &'static LogicalRules {
        &accounts::PREFIXES
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

    fn seed_files(&self, accounts: &[(&LoginName, &Password)]) -> Vec<SeedFile> {
        vec![accounts::acl_file(accounts)]
    }

    fn detect_rules(&self) -> &'static DetectRules {
        &detect::RULES
    }

    fn login_sources(&self) -> &'static [LoginSource] {
        detect::LOGINS
    }

    fn readiness(&self) -> Readiness {
        // A fresh server answers within half a second; one with much data reads all of it first.
        Readiness { first_start: Duration::from_mins(1), later_start: Duration::from_mins(10) }
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

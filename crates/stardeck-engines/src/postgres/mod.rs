//! PostgreSQL. Facts about the image are those of the official one (hub.docker.com/_/postgres and its entrypoint).

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
    Engine, ImageReference, InvalidValue, LoginName, Password, Port, PortRange, ValidationError,
    ValidationErrors, VersionTag,
};

use crate::{
    AppVariables, Capability, ConnectionTarget, ContainerPlan, DeploySpec, DetectRules, EngineAdapter,
    EngineInfo, ImageChoice, ImageFacts, ImageUnsuitable, Limits, LogicalRules, LoginSource, OfferedVersion,
    PortRules, Readiness, SettingRule, UrlRules,
    image::choose,
    info::{fixed_login, fixed_version},
};

/// PostgreSQL's adapter.
#[derive(Debug)]
pub(crate) struct PostgreSql;

/// The port the server listens on.
const PORT: Port = Port::fixed(5432);

/// Where the days in [`INFO`] were read.
const VERSIONING: &str = "https://www.postgresql.org/support/versioning/";

/// Apps that use it, by their own documentation.
const KNOWN_APPS: &[&str] = &[
    "authentik",
    "gitlab-ce",
    "graphql-engine",
    "hasura",
    "immich-server",
    "keycloak",
    "mastodon",
    "mattermost-team-edition",
    "metabase",
    "miniflux",
    "n8n",
    "netbox",
    "nocodb",
    "odoo",
    "outline",
    "paperless-ngx",
    "plausible",
    "sonarqube",
    "umami",
    "vikunja",
    "zammad",
];

static INFO: LazyLock<EngineInfo> = LazyLock::new(|| {
    let offered = |version, end_of_life| OfferedVersion {
        version: fixed_version(version),
        end_of_life: Some(end_of_life),
        source: VERSIONING,
    };
    EngineInfo {
        display_name: "PostgreSQL",
        description: "Relational database that most apps know; the safe choice when nothing speaks for another",
        is_popular: true,
        default_version: fixed_version("16"),
        versions: vec![
            offered("18", "2030-11-14"),
            offered("17", "2029-11-08"),
            offered("16", "2028-11-09"),
            offered("15", "2027-11-11"),
        ],
        internal_port: PORT,
        // `port` is that of `-c port=5433`.
        port_rules: PortRules {
            options: &["-p", "--port", "port"],
            variables: &["POSTGRESQL_PORT_NUMBER", "PGPORT"],
        },
        port_range: PortRange { first: PORT, last: Port::fixed(5499) },
        default_admin_user: fixed_login("postgres"),
        management_user: fixed_login(admin::MANAGEMENT_USER),
        capabilities: &[
            Capability::LogicalDatabases,
            Capability::PasswordVerifiers,
            Capability::ConnectionLimits,
            Capability::Encodings,
            Capability::Extensions,
        ],
        limits: Limits { name_max_bytes: admin::NAME_MAX_BYTES, password_max_chars: 128 },
    }
});

impl EngineAdapter for PostgreSql {
    fn engine(&self) -> Engine {
        Engine::PostgreSql
    }

    fn info(&self) -> &'static EngineInfo {
        &INFO
    }

    fn choose_image(
        &self,
        version: Option<&VersionTag>,
        image: Option<&ImageReference>,
    ) -> Result<ImageChoice, ValidationError> {
        choose(&INFO, &image::FAMILY, version, image)
    }

    fn check_admin(&self, user: &LoginName, password: Option<&Password>) -> Result<(), ValidationErrors> {
        admin::check(user, password)
    }

    fn check_app_user_name(&self, user: &LoginName) -> Result<(), InvalidValue> {
        admin::check_app_user_name(user.as_str())
    }

    fn logical_rules(&self) -> &'static LogicalRules {
        &admin::LOGICAL
    }

    fn setting_rules(&self) -> &'static [SettingRule] {
        settings::RULES
    }

    fn connection_setting(&self) -> Option<(&'static str, u32)> {
        // The server's own default.
        Some(("max_connections", 100))
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
        // Measured: 1.4 to 1.9 s on an idle host of two cores, 7 s on a busy one; slow disks take far longer.
        Readiness { first_start: Duration::from_mins(2), later_start: Duration::from_mins(1) }
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
        exit::explain(exit_code, log)
    }
}

//! MySQL. Facts about the image are those of the official one (<https://hub.docker.com/_/mysql> and its entrypoint).

mod detect;
mod settings;

use std::{sync::LazyLock, time::Duration};

use secrecy::SecretString;
use stardeck_domain::{
    Engine, ImageReference, LoginName, Password, ValidationError, ValidationErrors, VersionTag,
};

use crate::{
    AppVariables, Capability, ConnectionTarget, ContainerPlan, DeploySpec, DetectRules, EngineAdapter,
    EngineInfo, ImageChoice, ImageFacts, ImageUnsuitable, Limits, LogicalRules, LoginSource, OfferedVersion,
    PortRules, Readiness, SettingRule, UrlRules,
    image::{ImageFamily, choose, is_same_series},
    info::{fixed_login, fixed_version},
    mysql_family::{
        PORT, PORT_RANGE,
        admin::{self, AdminRules},
        connection, declared_line, env, exit,
    },
};

/// MySQL's adapter.
#[derive(Debug)]
pub(crate) struct MySql;

/// Where the days in [`INFO`] were read.
const LIFE_CYCLE: &str = "https://endoflife.date/mysql";

const FAMILY: ImageFamily = ImageFamily {
    official: "docker.io/library/mysql",
    version_parts: 3,
    flavors: &[],
    version_in_tag: ImageReference::version_in_tag,
};

/// The first line with `caching_sha2_password`, which is how accounts are made.
const OLDEST: (u32, u32) = (8, 0);

/// What the server takes. Without TLS a client sends the password encrypted with the server's key of 2048 bits, into which
/// 214 bytes fit, one of them a zero at the end (RFC 8017, section 7.1.1).
const RULES: AdminRules = AdminRules { name_max_chars: 32, password_max_bytes: Some(213) };

static URL_RULES: UrlRules = connection::url_rules(&["mysql"]);

/// Apps that use it, by their own documentation.
const KNOWN_APPS: &[&str] = &[
    "bookstack",
    "drupal",
    "ghost",
    "joomla",
    "matomo",
    "mediawiki",
    "phpmyadmin",
    "prestashop",
    "wordpress",
];

static INFO: LazyLock<EngineInfo> = LazyLock::new(|| {
    let offered = |version, end_of_life| OfferedVersion {
        version: fixed_version(version),
        end_of_life: Some(end_of_life),
        source: LIFE_CYCLE,
    };
    EngineInfo {
        display_name: "MySQL",
        description: "Relational database, for apps that ask for MySQL by name",
        is_popular: false,
        default_version: fixed_version("8.4"),
        versions: vec![
            // The tag 9 is 9.7, the last of its kind. 8.0 ended in April 2026.
            offered("9", "2034-04-21"),
            offered("8.4", "2032-04-30"),
        ],
        internal_port: PORT,
        port_rules: PortRules {
            options: &["--port", "-P"],
            variables: &["MYSQL_PORT_NUMBER", "MYSQL_TCP_PORT"],
        },
        port_range: PORT_RANGE,
        default_admin_user: fixed_login(admin::ROOT),
        management_user: fixed_login(admin::MANAGEMENT_USER),
        capabilities: &[Capability::LogicalDatabases, Capability::ConnectionLimits, Capability::Encodings],
        limits: Limits { name_max_bytes: 32, password_max_chars: 128 },
    }
});

impl EngineAdapter for MySql {
    fn engine(&self) -> Engine {
        Engine::MySql
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
        choose(&INFO, &FAMILY, version, image)
    }

    fn cpu_flags(&self, _version: &VersionTag) -> &'static [&'static str] {
        // The images are built on Oracle Linux 9, which needs x86-64-v2.
        &["cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"]
    }

    fn check_admin(&self, user: &LoginName, password: Option<&Password>) -> Result<(), ValidationErrors> {
        admin::check(&RULES, user, password)
    }

    fn logical_rules(&self) -> &'static LogicalRules {
        &admin::LOGICAL
    }

    fn setting_rules(&self) -> &'static [SettingRule] {
        &settings::RULES
    }

    fn connection_setting(&self) -> Option<(&'static str, u32)> {
        // The server's own default.
        Some(("max_connections", 151))
    }

    fn tuning(&self, memory_bytes: u64) -> Vec<(&'static str, String)> {
        crate::mysql_family::settings::tuning(memory_bytes)
    }

    fn plan(&self, spec: &DeploySpec, image: &ImageFacts) -> Result<ContainerPlan, ImageUnsuitable> {
        let line = declared_line(image, &spec.version, "MYSQL_VERSION", OLDEST)?;
        env::plan(spec, image, &["MYSQL"], line, self.applied_settings(&spec.settings))
    }

    fn bootstrap_user(&self, _admin: &LoginName) -> LoginName {
        fixed_login(admin::ROOT)
    }

    fn detect_rules(&self) -> &'static DetectRules {
        &detect::RULES
    }

    fn login_sources(&self) -> &'static [LoginSource] {
        detect::LOGINS
    }

    fn readiness(&self) -> Readiness {
        // Measured: 6 s on an idle host of two cores, 15 s on a busy one; recovery after a crash takes longer.
        Readiness { first_start: Duration::from_mins(4), later_start: Duration::from_mins(5) }
    }

    fn connection_url(&self, target: &ConnectionTarget<'_>) -> SecretString {
        connection::url(target)
    }

    fn url_rules(&self) -> &'static UrlRules {
        &URL_RULES
    }

    fn known_apps(&self) -> &'static [&'static str] {
        KNOWN_APPS
    }

    fn app_variables(&self) -> &'static AppVariables {
        &connection::VARIABLES
    }

    fn shell_command(&self, admin: &LoginName) -> Vec<String> {
        connection::shell_command("mysql", admin)
    }

    fn explain_exit(&self, exit_code: Option<i32>, log: &[String]) -> Option<String> {
        exit::explain(exit_code, log)
    }
}

#[cfg(test)]
mod tests {
    use stardeck_domain::DatabaseSettings;

    use super::*;

    #[test]
    fn plan_of_the_default_version_is_as_recorded() {
        let version = INFO.default_version.clone();
        let spec = DeploySpec {
            version,
            admin_user: INFO.default_admin_user.clone(),
            settings: DatabaseSettings::default(),
        };
        let facts = ImageFacts {
            volumes: vec!["/var/lib/mysql".to_owned()],
            env: [("MYSQL_VERSION".to_owned(), "8.4.11-1.el9".to_owned())].into(),
            exposed_ports: vec![3306],
        };
        insta::assert_json_snapshot!(MySql.plan(&spec, &facts).unwrap());
    }
}

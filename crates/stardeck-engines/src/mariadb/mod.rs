//! MariaDB. Facts about the image are those of the official one (<https://hub.docker.com/_/mariadb> and its entrypoint).

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

/// MariaDB's adapter.
#[derive(Debug)]
pub(crate) struct MariaDb;

/// Where the days in [`INFO`] were read.
const LIFE_CYCLE: &str = "https://endoflife.date/mariadb";

const FAMILY: ImageFamily = ImageFamily {
    official: "docker.io/library/mariadb",
    version_parts: 3,
    flavors: &[],
    version_in_tag: ImageReference::version_in_tag,
};

/// The first line whose accounts can have the password's verifier named with the method it is for
/// (<https://mariadb.com/docs/server/reference/sql-statements/account-management-sql-statements/create-user>).
const OLDEST: (u32, u32) = (10, 4);

/// What the server takes.
const RULES: AdminRules = AdminRules { name_max_chars: 80, password_max_bytes: None };

static URL_RULES: UrlRules = connection::url_rules(&["mariadb"]);

/// Apps that use it, by their own documentation.
const KNOWN_APPS: &[&str] = &[
    "bookstack",
    "drupal",
    "firefly-iii",
    "joomla",
    "matomo",
    "mediawiki",
    "nextcloud",
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
        display_name: "MariaDB",
        description: "Relational database for apps made for MySQL, from a community of its own",
        is_popular: false,
        default_version: fixed_version("10.11"),
        versions: vec![
            offered("12.3", "2029-06-12"),
            offered("11.8", "2028-06-04"),
            offered("11.4", "2029-05-29"),
            offered("10.11", "2028-02-16"),
        ],
        internal_port: PORT,
        port_rules: PortRules {
            options: &["--port", "-P"],
            variables: &["MARIADB_PORT_NUMBER", "MYSQL_TCP_PORT"],
        },
        port_range: PORT_RANGE,
        default_admin_user: fixed_login(admin::ROOT),
        management_user: fixed_login(admin::MANAGEMENT_USER),
        capabilities: &[
            Capability::LogicalDatabases,
            Capability::PasswordVerifiers,
            Capability::ConnectionLimits,
            Capability::Encodings,
        ],
        limits: Limits { name_max_bytes: 64, password_max_chars: 128 },
    }
});

impl EngineAdapter for MariaDb {
    fn engine(&self) -> Engine {
        Engine::MariaDb
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
        let line = declared_line(image, &spec.version, "MARIADB_VERSION", OLDEST)?;
        env::plan(spec, image, &["MARIADB", "MYSQL"], line, self.applied_settings(&spec.settings))
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
        // Measured: 5 s on an idle host of two cores, 13 s on a busy one; recovery after a crash takes longer.
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
        connection::shell_command("mariadb", admin)
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
            env: [("MARIADB_VERSION".to_owned(), "1:10.11.18+maria~ubu2204".to_owned())].into(),
            exposed_ports: vec![3306],
        };
        insta::assert_json_snapshot!(MariaDb.plan(&spec, &facts).unwrap());
    }
}

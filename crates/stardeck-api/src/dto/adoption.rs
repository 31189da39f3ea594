//! Adopting a database server that somebody else made.

use std::net::IpAddr;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    Confidence, ContainerId, DatabaseName, Engine, LoginName, NetworkName, PasswordRules, Port,
    ValidationErrors, VersionTag, VolumeKind,
};
use stardeck_service::databases::{AdoptDatabase, AdoptionReport};
use utoipa::{IntoParams, ToSchema};

use super::fields::{Fields, absent, is_dry_run, password};

/// A database server to be adopted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdoptDatabaseRequest {
    /// The name, which becomes a host name of its container on the data network: 1-50 characters of `a-z 0-9 -`,
    /// beginning and ending with a letter or digit.
    #[schema(value_type = String, required, example = "shop", min_length = 1, max_length = 50)]
    name: Option<String>,
    /// Whether other apps may use the database.
    #[schema(value_type = Option<bool>, default = true)]
    is_shared: Option<bool>,
    /// The administrator inside the database server; left out for the one that the container's variables name.
    #[schema(example = "postgres", min_length = 1, max_length = 128)]
    admin_user: Option<String>,
    /// The administrator's password; left out for the one that the container's variables or their files give.
    #[schema(value_type = Option<String>, format = Password, write_only, min_length = 1, max_length = 128)]
    admin_password: Option<SecretString>,
}

impl AdoptDatabaseRequest {
    pub(crate) fn check(self) -> Result<AdoptDatabase, ValidationErrors> {
        let mut fields = Fields::default();
        let name = fields.required("name", self.name, |text| DatabaseName::parse(&text));
        let admin_user = fields.optional("admin_user", self.admin_user, |text| LoginName::parse(&text));
        let admin_password =
            fields.optional("admin_password", self.admin_password, password(PasswordRules::ENGINE));
        fields.finish()?;
        let name = name.ok_or_else(|| absent("name"))?;
        let is_shared = self.is_shared.unwrap_or(true);
        Ok(AdoptDatabase { name, is_shared, admin_user, admin_password })
    }
}

/// How a database server is to be adopted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AdoptQuery {
    /// Whether only to tell what was found and what would change.
    #[param(value_type = Option<bool>, default = false)]
    dry_run: Option<String>,
}

impl AdoptQuery {
    pub(crate) fn check(self) -> Result<bool, ValidationErrors> {
        is_dry_run(self.dry_run)
    }
}

/// What an adoption would find and change. Nothing was written and nothing changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdoptionReport)]
pub(crate) struct AdoptionReportView {
    /// The container.
    container_id: ContainerId,
    /// Its name.
    container_name: String,
    /// The name the database would have, by which apps would reach it.
    name: DatabaseName,
    /// Its engine.
    #[serde(rename = "type")]
    engine: Engine,
    /// What kind of that engine, or whose build; null for the plain one.
    flavor: Option<String>,
    /// The version its image tells; null when it tells none.
    version: Option<VersionTag>,
    /// The version the server itself reports.
    server_version: String,
    /// The image it runs.
    image: String,
    /// How sure it is that this is a database server.
    confidence: Confidence,
    /// What speaks for it, in words.
    reasons: Vec<String>,
    /// The administrator whose login worked.
    admin_user: LoginName,
    /// Where that login comes from, in words; never the password.
    login_from: String,
    /// The volumes and directories of the host that it mounts.
    volumes: Vec<AdoptedVolume>,
    /// The port of the host that leads to it; null when none does.
    external_port: Option<Port>,
    /// The address of the host that port is bound to; null without one.
    #[schema(value_type = Option<String>, example = "127.0.0.1")]
    bind_address: Option<IpAddr>,
    /// The port apps would reach it by.
    internal_port: Port,
    /// The network apps would reach it on.
    network: NetworkName,
    /// What would change, in words; empty when nothing would.
    changes: Vec<String>,
    /// What stays with whoever made it, in words.
    stays: Vec<String>,
}

/// Something that a container mounts.
#[derive(Debug, Serialize, ToSchema)]
struct AdoptedVolume {
    /// Whether it is a volume of Podman or a directory of the host.
    kind: VolumeKind,
    /// The volume's name, or the directory's path.
    source: String,
    /// Where it is mounted in the container.
    mount_path: String,
}

impl AdoptionReportView {
    pub(crate) fn of(report: AdoptionReport) -> Self {
        let volumes = report.volumes.into_iter();
        let volumes = volumes.map(|(kind, source, mount_path)| AdoptedVolume { kind, source, mount_path });
        Self {
            container_id: report.container_id,
            container_name: report.container_name,
            name: report.name,
            engine: report.engine,
            flavor: report.flavor,
            version: report.version,
            server_version: report.server_version,
            image: report.image,
            confidence: report.confidence,
            reasons: report.reasons,
            admin_user: report.admin_user,
            login_from: report.login_from,
            volumes: volumes.collect(),
            external_port: report.external_port,
            bind_address: report.bind_address,
            internal_port: report.internal_port,
            network: report.network,
            changes: report.changes,
            stays: report.stays,
        }
    }
}

//! The engines on offer.

use serde::Serialize;
use stardeck_domain::{Engine, LoginName, Port, PortRange, VersionTag};
use stardeck_service::{EngineSummary, OfferedEngineVersion};
use utoipa::ToSchema;

use super::lists::list_view;

/// An engine on offer, with all that a form needs to know about it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EngineInfo)]
pub(crate) struct EngineView {
    /// The engine, as the `type` of a database.
    #[serde(rename = "type")]
    engine: Engine,
    /// Its name for people.
    display_name: &'static str,
    /// What it is for, in a sentence.
    description: &'static str,
    /// Whether it is the usual choice.
    is_popular: bool,
    /// The version that is taken when none is asked for.
    default_version: VersionTag,
    /// The versions on offer, newest first.
    versions: Vec<EngineVersionView>,
    /// The port apps reach it by.
    internal_port: Port,
    /// The host ports that are chosen from.
    port_range: PortRangeView,
    /// The administrator's name when none is asked for.
    default_admin_user: LoginName,
    /// What it can do beyond the common.
    capabilities: Vec<&'static str>,
    /// The settings of the server that can be changed.
    settings: Vec<EngineSettingView>,
}

/// A setting of a database server.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EngineSetting)]
pub(crate) struct EngineSettingView {
    /// Its name.
    #[schema(example = "max_connections")]
    name: &'static str,
    /// What it may be, in words.
    #[schema(example = "must be a whole number from 1 to 1000")]
    rule: String,
}

/// A version on offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EngineVersion)]
pub(crate) struct EngineVersionView {
    /// The version.
    version: VersionTag,
    /// The day its makers stop to mend it (ISO 8601); null when that is not known.
    #[schema(format = Date, example = "2028-11-09")]
    end_of_life: Option<&'static str>,
}

/// A range of ports, both ends included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortRange)]
pub(crate) struct PortRangeView {
    /// First port.
    first: Port,
    /// Last port.
    last: Port,
}

impl EngineView {
    pub(crate) fn of(summary: EngineSummary) -> Self {
        Self {
            engine: summary.engine,
            display_name: summary.display_name,
            description: summary.description,
            is_popular: summary.is_popular,
            default_version: summary.default_version,
            versions: summary.versions.into_iter().map(EngineVersionView::of).collect(),
            internal_port: summary.internal_port,
            port_range: PortRangeView::of(summary.port_range),
            default_admin_user: summary.default_admin_user,
            capabilities: summary.capabilities,
            settings: summary
                .settings
                .into_iter()
                .map(|(name, rule)| EngineSettingView { name, rule })
                .collect(),
        }
    }
}

impl EngineVersionView {
    fn of(version: OfferedEngineVersion) -> Self {
        Self { version: version.version, end_of_life: version.end_of_life }
    }
}

impl PortRangeView {
    const fn of(range: PortRange) -> Self {
        Self { first: range.first, last: range.last }
    }
}

list_view! {
    /// Engines on offer.
    EngineList of EngineView;
}

//! The engines on offer, in plain values, for those who may not see `stardeck-engines`.

use stardeck_domain::{Engine, LoginName, Port, PortRange, VersionTag};
use stardeck_engines::{Capability, EngineAdapter, OfferedVersion};

/// An engine on offer, with all that a person needs to choose.
#[derive(Debug, Clone)]
pub struct EngineSummary {
    /// The engine.
    pub engine: Engine,
    /// Its name as its makers write it.
    pub display_name: &'static str,
    /// One line for a person who has to choose.
    pub description: &'static str,
    /// Whether it is the usual choice for a person without a preference.
    pub is_popular: bool,
    /// The version that is deployed when none is asked for.
    pub default_version: VersionTag,
    /// The versions that may be asked for, newest first.
    pub versions: Vec<OfferedEngineVersion>,
    /// The port it listens on inside its container.
    pub internal_port: Port,
    /// The host ports that are given out for it.
    pub port_range: PortRange,
    /// The administrator's name when none is asked for.
    pub default_admin_user: LoginName,
    /// What it can do beyond running, in the words of the API.
    pub capabilities: Vec<&'static str>,
    /// The settings of the server that can be changed: names, and what each may be, in words.
    pub settings: Vec<(&'static str, String)>,
}

/// A version that may be asked for.
#[derive(Debug, Clone)]
pub struct OfferedEngineVersion {
    /// The version.
    pub version: VersionTag,
    /// The day its makers stop to mend it, as `YYYY-MM-DD`; None when they have not said.
    pub end_of_life: Option<&'static str>,
}

/// The engines that can be deployed, in the order they are shown.
pub fn engines() -> Vec<EngineSummary> {
    stardeck_engines::offered().iter().map(|adapter| summary(*adapter)).collect()
}

fn summary(adapter: &dyn EngineAdapter) -> EngineSummary {
    let info = adapter.info();
    EngineSummary {
        engine: adapter.engine(),
        display_name: info.display_name,
        description: info.description,
        is_popular: info.is_popular,
        default_version: info.default_version.clone(),
        versions: info.versions.iter().map(offered).collect(),
        internal_port: info.internal_port,
        port_range: info.port_range,
        default_admin_user: info.default_admin_user.clone(),
        capabilities: info.capabilities.iter().copied().map(Capability::as_str).collect(),
        settings: adapter.setting_rules().iter().map(|rule| (rule.name, rule.values.words())).collect(),
    }
}

fn offered(version: &OfferedVersion) -> OfferedEngineVersion {
    OfferedEngineVersion { version: version.version.clone(), end_of_life: version.end_of_life }
}

// The names under which callers that may not see `stardeck-repository` ask for parts of lists.

/// Which part of a list is wanted.
pub type Page = stardeck_repository::Page;

/// One part of a list.
pub type Slice<T> = stardeck_repository::Slice<T>;

/// Which operations are wanted.
pub type OperationFilter = stardeck_repository::operations::Filter;

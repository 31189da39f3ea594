//! Telling database servers from everything else by what a container and its image say about themselves.
//!
//! What belongs to one engine is in the file `detect.rs` of its folder ([`DetectRules`]); here is what all share: reading
//! names ([`name`]), what a container runs ([`program`]), versions ([`version`]), and weighing all of it. What is *not*
//! here: asking the runtime, which is the service's.

mod name;
mod program;
mod rules;
mod version;
mod words;

use std::collections::BTreeMap;

use stardeck_domain::{Confidence, Engine, ImageReference, VersionTag};

pub use rules::DetectRules;
pub(crate) use rules::{Product, product};

use name::{Named, Naming};
use program::Program;

use crate::offered;

/// What is known of a container. Empty where nothing is known: each part that is there adds to the certainty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The image as the container names it.
    pub image: String,
    /// The image's labels.
    pub image_labels: BTreeMap<String, String>,
    /// The image's variables; those of a container may be secret and are not needed.
    pub env: BTreeMap<String, String>,
    /// The TCP ports that the image declares.
    pub exposed_ports: Vec<u16>,
    /// The container's entrypoint.
    pub entrypoint: Vec<String>,
    /// The container's arguments.
    pub command: Vec<String>,
    /// Where volumes or directories are mounted, and the paths that the image declares as volumes.
    pub volume_paths: Vec<String>,
    /// The container's own labels.
    pub labels: BTreeMap<String, String>,
}

/// What a container is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The engine.
    pub engine: Engine,
    /// What kind of it, or whose build; None for the plain one.
    pub flavor: Option<String>,
    /// Its version, as far as anything tells.
    pub version: Option<VersionTag>,
    /// How sure that is.
    pub confidence: Confidence,
    /// What speaks for it, in words.
    pub reasons: Vec<String>,
}

/// Labels in which images say what they are.
const TITLES: &[&str] =
    &["org.opencontainers.image.title", "org.label-schema.name", "io.k8s.display-name", "name"];
/// The label in which images say their version.
const VERSION_LABEL: &str = "org.opencontainers.image.version";

/// What the content of an image says for one engine.
#[derive(Debug, Default)]
struct Content {
    variable: Option<String>,
    path: Option<String>,
    port: Option<u16>,
    is_run: bool,
}

impl Content {
    fn of(rules: &DetectRules, evidence: &Evidence, program: &Program) -> Self {
        let declared =
            |name: &&&str| evidence.env.get(**name).is_some_and(|value| version::has_number(value));
        let variable = rules.version_variables.iter().find(declared).map(|name| (*name).to_owned());
        let is_data = |path: &&String| rules.data_paths.iter().any(|data| crate::plan::is_within(path, data));
        Self {
            variable: variable.or_else(|| rules.packaged(&evidence.env).map(|(name, _)| name)),
            path: evidence.volume_paths.iter().find(is_data).cloned(),
            port: evidence.exposed_ports.iter().copied().find(|port| *port == rules.port.get()),
            is_run: matches!(program, Program::Server(name) if rules.servers.contains(&name.as_str())),
        }
    }

    fn points(&self) -> u32 {
        3 * u32::from(self.is_run)
            + 2 * u32::from(self.variable.is_some())
            + 2 * u32::from(self.path.is_some())
            + u32::from(self.port.is_some())
    }

    /// Whether this is enough for an image whose name says nothing. A port alone is not: poolers and exporters have the
    /// same; and neither are variables, which whatever is built on an image inherits.
    fn is_enough(&self, program: &Program) -> bool {
        match program {
            Program::Server(_) => self.is_run,
            Program::Wrapped | Program::Unknown => {
                self.variable.is_some() && (self.path.is_some() || self.port.is_some())
            }
            Program::Other(_) => false,
        }
    }

    fn reasons(&self, program: &Program, evidence: &Evidence) -> Vec<String> {
        let mut reasons = Vec::new();
        if let (true, Program::Server(name)) = (self.is_run, program) {
            reasons.push(format!("it runs {name}"));
        }
        if let Some(name) = &self.variable {
            let value = evidence.env.get(name).map_or("", String::as_str);
            reasons.push(format!("its image declares {name}={value}"));
        }
        if let Some(path) = &self.path {
            reasons.push(format!("it keeps data in {path}"));
        }
        if let Some(port) = self.port {
            reasons.push(format!("its image exposes port {port}"));
        }
        reasons
    }
}

/// What the container is; None for everything that is not a database server of an engine we know: exporters, web
/// interfaces, poolers, backup jobs, operators, proxies, apps, and databases of other kinds.
pub fn classify(evidence: &Evidence) -> Option<Detected> {
    let reference = ImageReference::parse(&evidence.image).ok();
    let named = reference.as_ref().map_or(Naming::Silent, name::judge);
    let titled = title(evidence);
    if named == Naming::SomethingElse || titled == Naming::SomethingElse {
        return None;
    }
    let program = program::of(&evidence.entrypoint, &evidence.command);
    if matches!(program, Program::Other(_)) {
        return None;
    }
    let contents: Vec<(Engine, &'static DetectRules, Content)> = offered()
        .iter()
        .map(|adapter| {
            let rules = adapter.detect_rules();
            (adapter.engine(), rules, Content::of(rules, evidence, &program))
        })
        .collect();
    // The last of equals: a program that two engines have is the elder's, unless variables tell.
    let (strongest, _, content) = contents.iter().max_by_key(|(_, _, content)| content.points())?;
    let by_name = [named.as_ref(), titled.as_ref()].into_iter().flatten().next();
    let engine = match by_name {
        // A name may be anybody's choice; a server of another engine that runs is not.
        Some(found) => {
            let own = contents.iter().find(|(engine, _, _)| *engine == found.engine);
            let is_contradicted = content.is_run
                && content.variable.is_some()
                && own.is_none_or(|(_, _, own)| own.variable.is_none());
            if is_contradicted { *strongest } else { found.engine }
        }
        None if content.is_enough(&program) => *strongest,
        None => return None,
    };
    let (_, rules, content) = contents.iter().find(|(of, _, _)| *of == engine)?;
    let by_name = by_name.filter(|found| found.engine == engine);
    Some(Detected {
        engine,
        flavor: flavor(rules, by_name, evidence, reference.as_ref()),
        version: version::find(
            rules,
            named.as_ref().filter(|found| found.engine == engine),
            evidence,
            || {
                titled
                    .as_ref()
                    .filter(|found| found.engine == engine)
                    .and(evidence.image_labels.get(VERSION_LABEL))
            },
        ),
        confidence: confidence(by_name.is_some(), content.points()),
        reasons: reasons(by_name, content, &program, evidence),
    })
}

/// What the image's own title says.
fn title(evidence: &Evidence) -> Naming {
    let titles = TITLES.iter().filter_map(|label| evidence.image_labels.get(*label));
    let mut judged = titles.map(|title| name::judge_title(title)).filter(|naming| *naming != Naming::Silent);
    judged.next().unwrap_or(Naming::Silent)
}

/// What kind it is by its name; else by its variables; else whose build it is.
fn flavor(
    rules: &DetectRules,
    by_name: Option<&Named>,
    evidence: &Evidence,
    reference: Option<&ImageReference>,
) -> Option<String> {
    let by_variable = || {
        let found = rules.flavor_variables.iter().find(|(name, _)| evidence.env.contains_key(*name));
        found.map(|(_, flavor)| (*flavor).to_owned())
    };
    let by_vendor = || reference.and_then(name::vendor).or_else(|| name::vendor_in(&evidence.image_labels));
    by_name.and_then(|found| found.flavor.clone()).or_else(by_variable).or_else(by_vendor)
}

fn confidence(is_named: bool, points: u32) -> Confidence {
    match (is_named, points) {
        (true, 3..) | (false, 6..) => Confidence::High,
        (true, _) | (false, 4..) => Confidence::Medium,
        (false, _) => Confidence::Low,
    }
}

fn reasons(
    by_name: Option<&Named>,
    content: &Content,
    program: &Program,
    evidence: &Evidence,
) -> Vec<String> {
    let mut reasons: Vec<String> =
        by_name.map(|found| format!("its image is named {}", found.word)).into_iter().collect();
    reasons.extend(content.reasons(program, evidence));
    if let Some(service) = evidence.labels.get("com.docker.compose.service") {
        let project = evidence.labels.get("com.docker.compose.project").map_or("", String::as_str);
        reasons.push(format!("it is the service {service} of the compose project {project}"));
    }
    if let Some(unit) = evidence.labels.get("PODMAN_SYSTEMD_UNIT") {
        reasons.push(format!("the systemd unit {unit} runs it"));
    }
    reasons
}

#[cfg(test)]
mod tests;

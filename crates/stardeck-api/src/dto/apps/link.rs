//! What is to be linked, and what a link would change.

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stardeck_domain::{AppId, ContainerName, InvalidValue, ValidationErrors};
use stardeck_service::{
    apps::{LinkChange, LinkReport},
    runtime::UnkeptField,
};
use utoipa::{IntoParams, ToSchema};

use crate::dto::fields::is_dry_run;

/// What is to be linked.
#[derive(Debug)]
pub(crate) enum Linked {
    /// An app that is known.
    App(AppId),
    /// A container, by its name or id.
    Container(String),
}

/// An app's id is a UUID; everything else is a container's name or id.
pub(super) fn linked(text: String) -> Result<Linked, InvalidValue> {
    if let Ok(app) = text.parse() {
        return Ok(Linked::App(app));
    }
    let reason = "must be the id of an app, or the name or id of a container";
    ContainerName::parse(&text).map_err(|_| InvalidValue::new("invalid_id", reason))?;
    Ok(Linked::Container(text))
}

/// How a link is to be made.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LinkQuery {
    /// Whether only to tell what would change.
    #[param(value_type = Option<bool>, default = false)]
    dry_run: Option<String>,
}

impl LinkQuery {
    pub(crate) fn check(self) -> Result<bool, ValidationErrors> {
        is_dry_run(self.dry_run)
    }
}

/// What a link would change of an app's container. Nothing was written and nothing changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkReport)]
pub(crate) struct LinkReportView {
    /// Whether the link can be made: everything of the container can be kept.
    is_possible: bool,
    /// What the new container would have besides.
    changes: Vec<LinkChangeView>,
    /// What can not be kept.
    unkept: Vec<UnkeptFieldView>,
}

/// Something that a container would have besides.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkChange)]
pub(crate) struct LinkChangeView {
    /// What it is: `variable`, `network` or `label`.
    kind: &'static str,
    /// Its name.
    name: String,
    /// Its value, passwords masked; null for what has none, or one that is not known yet.
    value: Option<String>,
}

/// What can not be kept of a container that is made anew.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnkeptField)]
pub(crate) struct UnkeptFieldView {
    /// The field, as `podman inspect` shows it.
    #[schema(example = "HostConfig.Privileged")]
    field: String,
    /// Why.
    reason: String,
}

impl LinkReportView {
    pub(crate) fn of(report: LinkReport) -> Self {
        let change = |change: LinkChange| LinkChangeView {
            kind: change.kind.as_str(),
            name: change.name,
            value: change.value.map(|value| value.expose_secret().to_owned()),
        };
        let unkept = |unkept: UnkeptField| UnkeptFieldView { field: unkept.field, reason: unkept.reason };
        Self {
            is_possible: report.unkept.is_empty(),
            changes: report.changes.into_iter().map(change).collect(),
            unkept: report.unkept.into_iter().map(unkept).collect(),
        }
    }
}

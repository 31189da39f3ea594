//! Whether the server works. These answers go to anybody, so they say no more than that.

use serde::Serialize;
use stardeck_service::{ReadinessReport, StoreCheck};
use utoipa::ToSchema;

/// The server runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Liveness)]
pub(crate) struct LiveView {
    /// Always `ok`; a server that does not run does not answer.
    status: CheckStatus,
}

/// Whether the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Readiness)]
pub(crate) struct ReadyView {
    /// `ok` when every check is.
    status: CheckStatus,
    /// Each part the server needs.
    checks: ReadyChecks,
}

/// The parts the server needs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadyChecks {
    /// What Stardeck remembers.
    store: CheckStatus,
    /// What runs containers.
    runtime: CheckStatus,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckStatus {
    /// It answers.
    Ok,
    /// It does not answer, or is damaged.
    Failed,
    /// It is looked at, since the server before did not end cleanly.
    Checking,
}

impl CheckStatus {
    const fn of(is_ok: bool) -> Self {
        if is_ok { Self::Ok } else { Self::Failed }
    }

    const fn of_store(check: StoreCheck) -> Self {
        match check {
            StoreCheck::Ok => Self::Ok,
            StoreCheck::Failed => Self::Failed,
            StoreCheck::Checking => Self::Checking,
        }
    }
}

impl LiveView {
    pub(crate) const fn ok() -> Self {
        Self { status: CheckStatus::Ok }
    }
}

impl ReadyView {
    pub(crate) const fn of(report: ReadinessReport) -> Self {
        Self {
            status: CheckStatus::of(report.is_ready()),
            checks: ReadyChecks {
                store: CheckStatus::of_store(report.store),
                runtime: CheckStatus::of(report.runtime),
            },
        }
    }
}

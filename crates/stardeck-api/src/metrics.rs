//! Requests counted and timed, and all figures in Prometheus' text form.

use std::time::Duration;

use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use stardeck_service::metrics::Figures;

/// The media type of the text (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
pub(crate) const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Requests since the server started.
pub(crate) struct RequestMetrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    path: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: String,
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabels {
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    kind: &'static str,
    state: &'static str,
}

impl RequestMetrics {
    pub(crate) fn new() -> Self {
        // From one millisecond to sixteen seconds.
        let buckets: fn() -> Histogram = || Histogram::new(exponential_buckets(0.001, 4.0, 8));
        let (requests, durations) = (Family::default(), Family::new_with_constructor(buckets));
        let mut registry = Registry::default();
        registry.register("stardeck_requests", "Requests that were answered", Family::clone(&requests));
        let help = "How long answers took, until they began";
        registry.register("stardeck_request_duration_seconds", help, Family::clone(&durations));
        Self { registry, requests, durations }
    }

    /// Counts a request. `path` is the route's pattern, of which there are few, whatever people ask for.
    pub(crate) fn record(&self, method: &str, path: &str, status: u16, took: Duration) {
        let (method, path) = (method.to_owned(), path.to_owned());
        let route = RouteLabels { method: method.clone(), path: path.clone() };
        self.durations.get_or_create(&route).observe(took.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { method, path, status: u32::from(status) }).inc();
    }

    /// Everything there is to tell, as text.
    ///
    /// # Errors
    /// The text can not be written, which is a defect.
    pub(crate) fn text(&self, figures: &Figures) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &registry_of(figures))?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}

fn registry_of(figures: &Figures) -> Registry {
    let mut registry = Registry::default();
    let databases = Family::<StatusLabels, Gauge>::default();
    for (status, count) in &figures.databases {
        let labels = StatusLabels { status: status.as_str() };
        databases.get_or_create(&labels).set(i64::try_from(*count).unwrap_or(i64::MAX));
    }
    registry.register("stardeck_databases", "Managed databases by status", databases);
    let operations = Family::<OperationLabels, Gauge>::default();
    for (kind, state, count) in &figures.operations {
        let labels = OperationLabels { kind: kind.as_str(), state: state.as_str() };
        operations.get_or_create(&labels).set(i64::try_from(*count).unwrap_or(i64::MAX));
    }
    registry.register("stardeck_operations", "Operations that are remembered, by kind and state", operations);
    let is_up = Gauge::<i64>::default();
    is_up.set(i64::from(figures.runtime.is_some()));
    registry.register("stardeck_podman_up", "Whether Podman answers", is_up);
    if let Some(took) = figures.runtime {
        let seconds = Gauge::<f64, std::sync::atomic::AtomicU64>::default();
        seconds.set(took.as_secs_f64());
        registry.register(
            "stardeck_podman_latency_seconds",
            "How long Podman took to answer just now",
            seconds,
        );
    }
    registry
}

#[cfg(test)]
mod tests {
    use stardeck_domain::{DatabaseStatus, OperationKind, OperationState};

    use super::*;

    #[test]
    fn every_figure_is_told_with_its_labels_and_ends_as_the_form_wants() {
        let metrics = RequestMetrics::new();
        metrics.record("GET", "/api/databases/{id}", 200, Duration::from_millis(3));
        metrics.record("GET", "/api/databases/{id}", 404, Duration::from_millis(5));
        let figures = Figures {
            databases: vec![(DatabaseStatus::Running, 3), (DatabaseStatus::Error, 0)],
            operations: vec![(OperationKind::Create, OperationState::Failed, 2)],
            runtime: Some(Duration::from_millis(250)),
        };
        let text = metrics.text(&figures).unwrap();
        for line in [
            r#"stardeck_requests_total{method="GET",path="/api/databases/{id}",status="404"} 1"#,
            r#"stardeck_request_duration_seconds_count{method="GET",path="/api/databases/{id}"} 2"#,
            r#"stardeck_databases{status="running"} 3"#,
            r#"stardeck_databases{status="error"} 0"#,
            r#"stardeck_operations{kind="create",state="failed"} 2"#,
            "stardeck_podman_up 1",
            "stardeck_podman_latency_seconds 0.25",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"), "{text}");
        let away = metrics.text(&Figures { runtime: None, ..figures }).unwrap();
        assert!(away.contains("stardeck_podman_up 0") && !away.contains("latency"), "{away}");
    }
}

//! What a database or an app uses: processor, memory, network, disks.
//!
//! Measured when somebody asks, at most once a second for each. What is *not* here: any history.

mod disk;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use stardeck_domain::{AppId, DatabaseId};
use stardeck_repository::volumes;
use tokio::time::{Instant, sleep};

use self::disk::DiskSizes;
use crate::{
    Error,
    apps::Apps,
    core::Core,
    runtime::{ContainerUsage, MountSource, RuntimeError},
    subject::Subject,
};

/// How long a measurement is good for everybody who asks.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// How old an earlier measurement may be for the processor's use since then to say something about now.
const COMPARED_MOST: Duration = Duration::from_mins(1);
/// How long the processor's use is watched when there is no earlier measurement.
const COMPARED_AT_ONCE: Duration = Duration::from_millis(250);

/// Measures what databases and apps use. Cheap to clone.
#[derive(Clone)]
pub struct Stats {
    core: Arc<Core>,
    apps: Apps,
    last: Arc<Mutex<HashMap<Subject, Sample>>>,
    disk: Arc<DiskSizes>,
}

/// What a database or an app uses.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// When it was measured.
    pub at: DateTime<Utc>,
    /// What it uses while it runs; None while it does not.
    pub running: Option<RunningUsage>,
    /// The bytes that its volumes take on the disk and when that was measured; None while that is not known.
    pub disk: Option<(u64, DateTime<Utc>)>,
}

/// What it uses while it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningUsage {
    /// The part of one core that it used lately; 2.0 is two whole cores.
    pub cores: f64,
    /// What its container uses.
    pub container: ContainerUsage,
}

/// A measurement, and what the processor's use was then.
#[derive(Clone)]
struct Sample {
    taken: Instant,
    usage: RunningUsage,
}

impl Stats {
    pub(crate) fn new(core: Arc<Core>, apps: Apps) -> Self {
        Self { core, apps, last: Arc::default(), disk: Arc::default() }
    }

    /// What a database uses.
    ///
    /// # Errors
    /// There is no such database, or the runtime does not answer.
    pub async fn of(&self, id: DatabaseId) -> Result<Usage, Error> {
        let database = self.core.database(id).await?;
        let volumes = self.core.db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
        let volumes: Vec<_> = volumes.into_iter().map(|volume| volume.name).collect();
        let running = self.running(Subject::Database(id), database.container_name.as_str()).await?;
        Ok(self.usage(running, &volumes))
    }

    /// What an app uses; on the disk, what the volumes take that its container mounts.
    ///
    /// # Errors
    /// There is no such app, or the runtime does not answer.
    pub async fn of_app(&self, id: AppId) -> Result<Usage, Error> {
        let Some(container) = self.apps.container_of(id).await? else {
            return Ok(Usage { at: Utc::now(), running: None, disk: None });
        };
        let volumes = container.setup.mounts.iter().filter_map(|mount| match &mount.source {
            MountSource::Volume(name) => Some(name.clone()),
            MountSource::Bind(_) | MountSource::Other => None,
        });
        let volumes: Vec<_> = volumes.collect();
        let running = self.running(Subject::App(id), container.id.as_str()).await?;
        Ok(self.usage(running, &volumes))
    }

    fn usage(&self, running: Option<RunningUsage>, volumes: &[String]) -> Usage {
        let at = running.as_ref().map_or_else(Utc::now, |running| running.container.at);
        Usage { at, running, disk: self.disk.of(volumes, &self.core) }
    }

    async fn running(&self, subject: Subject, container: &str) -> Result<Option<RunningUsage>, Error> {
        let earlier = self.lock().get(&subject).cloned();
        if let Some(sample) = earlier.as_ref().filter(|sample| sample.taken.elapsed() < GOOD_FOR) {
            return Ok(Some(sample.usage.clone()));
        }
        let Some(mut now) = self.measure(container).await? else {
            self.lock().remove(&subject);
            return Ok(None);
        };
        let earlier = earlier.filter(|sample| sample.taken.elapsed() < COMPARED_MOST);
        let earlier = earlier.map(|sample| sample.usage.container).filter(|earlier| continues(earlier, &now));
        let before = if let Some(earlier) = earlier {
            earlier
        } else {
            sleep(COMPARED_AT_ONCE).await;
            let Some(later) = self.measure(container).await? else { return Ok(None) };
            std::mem::replace(&mut now, later)
        };
        let usage = RunningUsage { cores: cores(&before, &now), container: now };
        let mut last = self.lock();
        last.retain(|_, sample| sample.taken.elapsed() < COMPARED_MOST);
        last.insert(subject, Sample { taken: Instant::now(), usage: usage.clone() });
        Ok(Some(usage))
    }

    async fn measure(&self, container: &str) -> Result<Option<ContainerUsage>, Error> {
        match self.core.runtime.container_usage(container).await {
            Ok(usage) => Ok(usage),
            // Podman may refuse to measure what ends at this moment.
            Err(RuntimeError::NotFound { .. } | RuntimeError::Rejected { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Subject, Sample>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the counters ran on from one measurement to the other: they begin anew with every start.
fn continues(before: &ContainerUsage, now: &ContainerUsage) -> bool {
    before.container_id == now.container_id && before.cpu <= now.cpu && before.at < now.at
}

/// The part of one core that was used between two measurements.
fn cores(before: &ContainerUsage, now: &ContainerUsage) -> f64 {
    let between = (now.at - before.at).to_std().unwrap_or_default();
    if between.is_zero() {
        return 0.0;
    }
    now.cpu.saturating_sub(before.cpu).div_duration_f64(between)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use stardeck_domain::ContainerId;

    use super::*;

    fn usage(second: i64, cpu_millis: u64) -> ContainerUsage {
        ContainerUsage {
            container_id: ContainerId::new("c1"),
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(second),
            cpu: Duration::from_millis(cpu_millis),
            memory_bytes: 0,
            memory_limit_bytes: 0,
            network_received_bytes: 0,
            network_sent_bytes: 0,
            block_read_bytes: 0,
            block_written_bytes: 0,
            processes: 1,
        }
    }

    #[test]
    fn cores_are_processor_time_by_time() {
        let found = cores(&usage(10, 500), &usage(14, 3500));
        assert!((found - 0.75).abs() < 1e-9, "{found}");
        assert!(cores(&usage(10, 500), &usage(10, 600)).abs() < f64::EPSILON);
    }

    #[test]
    fn counters_of_another_start_are_not_compared() {
        assert!(continues(&usage(1, 10), &usage(2, 10)));
        assert!(!continues(&usage(1, 11), &usage(2, 10)));
        let other = ContainerUsage { container_id: ContainerId::new("c2"), ..usage(2, 20) };
        assert!(!continues(&usage(1, 10), &other));
    }
}

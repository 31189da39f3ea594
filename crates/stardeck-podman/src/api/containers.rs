//! Containers.

use std::time::Duration;

use tokio::time::sleep;

use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::request::{Filters, containers as request};
use crate::stream::{LogStream, StatsStream, statistics};
use crate::types::{
    ContainerInspect, ContainerStats, ContainerSummary, CreateContainer, CreatedContainer, ListContainers,
    LogOptions, RemoveContainer, ResourceLimits, StartOutcome, StatsReport, StopOutcome, WaitCondition,
};

/// What a create or start may take beyond the usual: a busy host prepares networks and fills volumes.
const PREPARATION: Duration = Duration::from_mins(1);
/// Podman's own grace when a forced removal names none.
const DEFAULT_GRACE: Duration = Duration::from_secs(10);
/// How often a container whose process ends at this moment is looked at.
const LOOKS: u32 = 20;
/// Between two of these looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// Calls about containers. A `name` is a name, a full id or the unambiguous beginning of an id.
#[derive(Debug, Clone, Copy)]
pub struct Containers<'a> {
    pub(super) client: &'a Client,
}

impl<'a> Containers<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Lists containers. Costs about half a millisecond per container, filtered or not.
    ///
    /// # Errors
    /// [`ErrorKind::BadParameter`](crate::ErrorKind::BadParameter) for a filter Podman does not know.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::ListContainers;
    ///
    /// let mut mine = ListContainers { all: true, ..ListContainers::default() };
    /// mine.filters.insert("label".into(), vec!["owner=me".into()]);
    /// for container in client.containers().list(&mine).await? {
    ///     println!("{} is {}", container.name().unwrap_or("?"), container.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list(&self, options: &ListContainers) -> Result<Vec<ContainerSummary>, Error> {
        self.client.list(request::list(options)).await
    }

    /// The details of one container.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when there is none.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let web = client.containers().inspect("web").await?;
    /// println!("{} since {:?}", web.state.status, web.state.started_at);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inspect(&self, name: &str) -> Result<ContainerInspect, Error> {
        for _ in 1..LOOKS {
            match self.client.json(request::inspect(name)?, Pace::Usual).await {
                // Until Podman itself has learnt of the end, it looks for the process (seen on 4.3).
                Err(Error::Api(error)) if error.says_its_process_ended() => {
                    tracing::debug!(%error, container = name, "it ended while Podman looked at it");
                    sleep(BETWEEN_LOOKS).await;
                }
                result => return result,
            }
        }
        self.client.json(request::inspect(name)?, Pace::Usual).await
    }

    /// Is there such a container?
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// if !client.containers().exists("web").await? {
    ///     println!("there is no web");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn exists(&self, name: &str) -> Result<bool, Error> {
        self.client.exists(request::exists(name)?).await
    }

    /// Makes a container. The image must be there; ports are not checked before the start.
    ///
    /// # Errors
    /// `NameInUse`, `ImageMissing`, `NetworkMissing`, `SecretMissing` and `BadParameter` of
    /// [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::CreateContainer;
    ///
    /// let spec = CreateContainer {
    ///     name: "web".into(),
    ///     image: "docker.io/library/nginx:1".into(),
    ///     ..CreateContainer::default()
    /// };
    /// println!("made {}", client.containers().create(&spec).await?.id);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, spec: &CreateContainer) -> Result<CreatedContainer, Error> {
        self.client.json(request::create(spec), Pace::Slower(PREPARATION)).await
    }

    /// Starts a container. A failed start leaves it `created`, and the Podman service can hold its ports for a
    /// while: keep the first error, and do not give the port to another container at once.
    ///
    /// # Errors
    /// `NotFound`, `PortInUse`, `AddressNotLocal`, `AddressInUse`, `CommandNotFound` and `SecretMissing` of
    /// [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::StartOutcome;
    ///
    /// if client.containers().start("web").await? == StartOutcome::AlreadyRunning {
    ///     println!("nothing to do");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(&self, name: &str) -> Result<StartOutcome, Error> {
        let started = self.client.done(request::start(name)?, Pace::Slower(PREPARATION)).await?;
        Ok(if started { StartOutcome::Started } else { StartOutcome::AlreadyRunning })
    }

    /// Stops a container: the stop signal, and `SIGKILL` after `grace`. The stop goes on when the call is dropped.
    ///
    /// # Errors
    /// `NotFound` of [`ErrorKind`](crate::ErrorKind). After an error the container can be left `stopping`; stop it
    /// again then.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.containers().stop("web", std::time::Duration::from_secs(10)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stop(&self, name: &str, grace: Duration) -> Result<StopOutcome, Error> {
        let stopped = self.client.done(request::stop(name, grace)?, Pace::Slower(grace)).await?;
        Ok(if stopped { StopOutcome::Stopped } else { StopOutcome::AlreadyStopped })
    }

    /// Stops, if it runs, and starts a container.
    ///
    /// # Errors
    /// Those of stop and start.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.containers().restart("web", std::time::Duration::from_secs(10)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn restart(&self, name: &str, grace: Duration) -> Result<(), Error> {
        let pace = Pace::Slower(grace.saturating_add(PREPARATION));
        self.client.done(request::restart(name, grace)?, pace).await.map(drop)
    }

    /// Sends a signal (`SIGTERM`, `HUP`, `9`) to the main process. Podman counts the container as stopped by its
    /// user from then on.
    ///
    /// # Errors
    /// `NotFound`; `StateImproper` when it does not run.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.containers().kill("web", "SIGHUP").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn kill(&self, name: &str, signal: &str) -> Result<(), Error> {
        self.client.done(request::kill(name, signal)?, Pace::Usual).await.map(drop)
    }

    /// Freezes a running container.
    ///
    /// # Errors
    /// `NotFound`; `StateImproper` when it does not run.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.containers().pause("web").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pause(&self, name: &str) -> Result<(), Error> {
        self.client.done(request::pause(name)?, Pace::Usual).await.map(drop)
    }

    /// Thaws a frozen container.
    ///
    /// # Errors
    /// `NotFound`; `StateImproper` when it is not frozen.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.containers().unpause("web").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unpause(&self, name: &str) -> Result<(), Error> {
        self.client.done(request::unpause(name)?, Pace::Usual).await.map(drop)
    }

    /// Gives a container another name. Its name in DNS follows at the next start.
    ///
    /// # Errors
    /// `NotFound`, `NameInUse` and `BadParameter` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.containers().rename("web", "web-old").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rename(&self, name: &str, new_name: &str) -> Result<(), Error> {
        self.client.done(request::rename(name, new_name)?, Pace::Usual).await.map(drop)
    }

    /// Removes a container. Named volumes always stay.
    ///
    /// # Errors
    /// `NotFound` unless `ignore_missing`; `StateImproper` when it runs and `force` is not set.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::RemoveContainer;
    ///
    /// let options = RemoveContainer { force: true, ..RemoveContainer::default() };
    /// client.containers().remove("web", &options).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, name: &str, options: &RemoveContainer) -> Result<(), Error> {
        let pace = Pace::Slower(options.grace.unwrap_or(DEFAULT_GRACE));
        self.client.done(request::remove(name, options)?, pace).await.map(drop)
    }

    /// Waits until one of the conditions holds, for as long as it takes, and returns the exit code (-1 for
    /// conditions of a running container). No conditions means [`WaitCondition::Stopped`].
    ///
    /// # Errors
    /// `NotFound` of [`ErrorKind`](crate::ErrorKind), also when it is removed meanwhile.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::WaitCondition;
    ///
    /// let code = client.containers().wait("job", &[WaitCondition::Exited]).await?;
    /// println!("it ended with {code}");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(&self, name: &str, conditions: &[WaitCondition]) -> Result<i32, Error> {
        let body = self.client.bytes(request::wait(name, conditions)?, Pace::Follow).await?;
        let code = std::str::from_utf8(&body).ok().and_then(|text| text.trim().parse().ok());
        let reason = || "not an exit code".to_owned();
        code.ok_or_else(|| Error::Decode { endpoint: Endpoint::ContainerWait, reason: reason() })
    }

    /// Reads the log, or follows it.
    ///
    /// # Errors
    /// `NotFound`; `NoLog` when the log driver keeps none; `BadParameter` when neither stream is asked for.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::LogOptions;
    ///
    /// let last = LogOptions { tail: Some(100), ..LogOptions::default() };
    /// let mut log = client.containers().logs("web", &last).await?;
    /// while let Some(line) = log.next().await {
    ///     println!("{}", line?.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn logs(&self, name: &str, options: &LogOptions) -> Result<LogStream, Error> {
        let pace = if options.follow { Pace::Follow } else { Pace::Usual };
        let reply = self.client.send(request::logs(name, options)?, pace).await?;
        Ok(LogStream::new(reply.into_body(), options.timestamps))
    }

    /// Resource use of the containers `names`, or of all running ones when `names` is empty, as one call.
    ///
    /// # Errors
    /// `NotFound` when one of them is missing.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// for stats in client.containers().stats(&["web"]).await? {
    ///     println!("{} uses {} bytes", stats.name, stats.memory_usage);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stats(&self, names: &[&str]) -> Result<Vec<ContainerStats>, Error> {
        let report: StatsReport = self.client.json(request::stats(names, None), Pace::Usual).await?;
        statistics(report)
    }

    /// The same again and again, every `interval` in whole seconds.
    ///
    /// # Errors
    /// `NotFound` when one of them is missing, from here or from the stream.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let second = std::time::Duration::from_secs(1);
    /// let mut stats = client.containers().watch_stats(&["web"], second).await?;
    /// while let Some(set) = stats.next().await {
    ///     println!("{:?}", set?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn watch_stats(&self, names: &[&str], interval: Duration) -> Result<StatsStream, Error> {
        let reply = self.client.send(request::stats(names, Some(interval)), Pace::Follow).await?;
        Ok(StatsStream::new(reply.into_body()))
    }

    /// Changes the limits of a running container at once. Before Podman 5.1 an
    /// inspection goes on to tell the old ones, and the next start brings them back.
    /// Give `swap` with a memory limit: it must not be less.
    ///
    /// # Errors
    /// `NotFound` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::{MemoryLimits, ResourceLimits};
    ///
    /// let half = Some(512 << 20);
    /// let memory = MemoryLimits { limit: half, swap: half, ..MemoryLimits::default() };
    /// let limits = ResourceLimits { memory: Some(memory), ..ResourceLimits::default() };
    /// client.containers().update("web", &limits).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, name: &str, limits: &ResourceLimits) -> Result<(), Error> {
        self.client.done(request::update(name, limits)?, Pace::Usual).await.map(drop)
    }

    /// Removes the containers that do not run and match `filters` (`label`, `until`), and gives their ids.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] without filters.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// let mine = Filters::from([("label".to_owned(), vec!["owner=me".to_owned()])]);
    /// println!("{:?} are gone", client.containers().prune(&mine).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn prune(&self, filters: &Filters) -> Result<Vec<String>, Error> {
        self.client.prune(Endpoint::ContainerPrune, filters).await
    }

    /// Process ids in the container and on the host, as pairs.
    pub(crate) async fn pids(&self, name: &str) -> Result<Vec<(i64, i64)>, Error> {
        #[derive(Default, serde::Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        struct Top {
            processes: Vec<Vec<String>>,
        }
        let top: Top = self.client.json(request::top(name)?, Pace::Usual).await?;
        let pair = |row: &Vec<String>| {
            let mut numbers = row.iter().map_while(|text| text.trim().parse().ok());
            Some((numbers.next()?, numbers.next()?))
        };
        Ok(top.processes.iter().filter_map(pair).collect())
    }
}

//! Requests about containers.

use std::time::Duration;

use chrono::SecondsFormat;
use serde::Serialize;

use super::{Payload, Request, seconds};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::recreate::Recreation;
use crate::types::{
    CreateContainer, ListContainers, LogOptions, RemoveContainer, ResourceLimits, WaitCondition,
};
use crate::upload::Upload;

type Built = Result<Request, Error>;

pub(crate) fn list(options: &ListContainers) -> Request {
    Request::new(Endpoint::ContainerList).flag("all", options.all).filters(&options.filters)
}

pub(crate) fn inspect(name: &str) -> Built {
    Request::about(Endpoint::ContainerInspect, name)
}

pub(crate) fn exists(name: &str) -> Built {
    Request::about(Endpoint::ContainerExists, name)
}

/// Networks always go with the mode that belongs to them; versions differ in what they assume without it.
pub(crate) fn create(spec: &CreateContainer) -> Request {
    let netns = (!spec.networks.is_empty()).then_some(Namespace { nsmode: "bridge" });
    Request::new(Endpoint::ContainerCreate).json(&Wire { spec, netns })
}

/// As [`create`], of a container that is made anew, which is on networks always.
pub(crate) fn recreate(spec: &Recreation) -> Request {
    let netns = Some(Namespace { nsmode: "bridge" });
    Request::new(Endpoint::ContainerCreate).json(&Wire { spec: &spec.body, netns })
}

#[derive(Serialize)]
struct Namespace {
    nsmode: &'static str,
}

#[derive(Serialize)]
struct Wire<'a, T: Serialize> {
    #[serde(flatten)]
    spec: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    netns: Option<Namespace>,
}

pub(crate) fn healthcheck(name: &str) -> Built {
    Request::about(Endpoint::ContainerHealthcheck, name)
}

pub(crate) fn start(name: &str) -> Built {
    Request::about(Endpoint::ContainerStart, name)
}

pub(crate) fn stop(name: &str, grace: Duration) -> Built {
    Ok(Request::about(Endpoint::ContainerStop, name)?.query("timeout", seconds(grace)))
}

pub(crate) fn restart(name: &str, grace: Duration) -> Built {
    Ok(Request::about(Endpoint::ContainerRestart, name)?.query("timeout", seconds(grace)))
}

pub(crate) fn kill(name: &str, signal: &str) -> Built {
    Ok(Request::about(Endpoint::ContainerKill, name)?.query("signal", signal))
}

pub(crate) fn pause(name: &str) -> Built {
    Request::about(Endpoint::ContainerPause, name)
}

pub(crate) fn unpause(name: &str) -> Built {
    Request::about(Endpoint::ContainerUnpause, name)
}

pub(crate) fn rename(name: &str, new_name: &str) -> Built {
    Ok(Request::about(Endpoint::ContainerRename, name)?.query("name", new_name))
}

/// The parameter for anonymous volumes is `volumes`; `v` is ignored on libpod paths (measured on 4.3.1).
pub(crate) fn remove(name: &str, options: &RemoveContainer) -> Built {
    Ok(Request::about(Endpoint::ContainerRemove, name)?
        .flag("force", options.force)
        .flag("volumes", options.volumes)
        .flag("ignore", options.ignore_missing)
        .maybe("timeout", options.grace.map(seconds)))
}

pub(crate) fn wait(name: &str, conditions: &[WaitCondition]) -> Built {
    let request = Request::about(Endpoint::ContainerWait, name)?;
    Ok(conditions.iter().fold(request, |request, condition| request.query("condition", condition.as_str())))
}

pub(crate) fn logs(name: &str, options: &LogOptions) -> Built {
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    Ok(Request::about(Endpoint::ContainerLogs, name)?
        .query("stdout", options.stdout)
        .query("stderr", options.stderr)
        .flag("follow", options.follow)
        .flag("timestamps", options.timestamps)
        .maybe("tail", options.tail)
        .maybe("since", options.since.map(time))
        .maybe("until", options.until.map(time)))
}

/// Process ids inside (`pid`) and outside (`hpid`) of the container, the only columns this crate needs.
pub(crate) fn top(name: &str) -> Built {
    Ok(Request::about(Endpoint::ContainerTop, name)?.query("stream", false).query("ps_args", "pid,hpid"))
}

pub(crate) fn update(name: &str, limits: &ResourceLimits) -> Built {
    Ok(Request::about(Endpoint::ContainerUpdate, name)?.json(limits))
}

/// All running containers when `names` is empty; every `interval`, or once.
pub(crate) fn stats(names: &[&str], interval: Option<Duration>) -> Request {
    let request = Request::new(Endpoint::ContainerStats)
        .query("stream", interval.is_some())
        .maybe("interval", interval.map(seconds).map(|seconds| seconds.max(1)));
    names.iter().fold(request, |request, name| request.query("containers", name))
}

pub(crate) fn archive_get(name: &str, path: &str) -> Built {
    Ok(Request::about(Endpoint::ContainerArchiveGet, name)?.query("path", path))
}

pub(crate) fn archive_put(name: &str, path: &str, archive: Upload) -> Built {
    Ok(Request::about(Endpoint::ContainerArchivePut, name)?
        .query("path", path)
        .payload(Payload::Upload(archive)))
}

pub(crate) fn archive_stat(name: &str, path: &str) -> Built {
    Ok(Request::about(Endpoint::ContainerArchiveStat, name)?.query("path", path))
}

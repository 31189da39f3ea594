//! Requests about volumes.

use super::{Filters, Request};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::types::CreateVolume;

pub(crate) fn list(filters: &Filters) -> Request {
    Request::new(Endpoint::VolumeList).filters(filters)
}

pub(crate) fn inspect(name: &str) -> Result<Request, Error> {
    Request::about(Endpoint::VolumeInspect, name)
}

pub(crate) fn exists(name: &str) -> Result<Request, Error> {
    Request::about(Endpoint::VolumeExists, name)
}

pub(crate) fn create(spec: &CreateVolume) -> Request {
    Request::new(Endpoint::VolumeCreate).json(spec)
}

/// Never with `force`, which would remove the containers that use the volume (measured on 4.3 and 5.8).
pub(crate) fn remove(name: &str) -> Result<Request, Error> {
    Request::about(Endpoint::VolumeRemove, name)
}

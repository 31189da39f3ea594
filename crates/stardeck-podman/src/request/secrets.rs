//! Requests about secrets.

use std::collections::BTreeMap;

use bytes::Bytes;
use secrecy::{ExposeSecret, SecretSlice};
use zeroize::Zeroizing;

use super::{Filters, Payload, Request, json_text};
use crate::endpoint::Endpoint;
use crate::error::Error;

pub(crate) fn list(filters: &Filters) -> Request {
    Request::new(Endpoint::SecretList).filters(filters)
}

pub(crate) fn inspect(name: &str) -> Result<Request, Error> {
    Request::about(Endpoint::SecretInspect, name)
}

/// The copy of the value that is sent is overwritten when the request is done.
pub(crate) fn create(name: &str, labels: &BTreeMap<String, String>, value: &SecretSlice<u8>) -> Request {
    let request = Request::new(Endpoint::SecretCreate).query("name", name);
    let request = if labels.is_empty() { request } else { request.query("labels", json_text(labels)) };
    let copy = Zeroizing::new(value.expose_secret().to_vec());
    request.payload(Payload::Binary(Bytes::from_owner(copy)))
}

pub(crate) fn remove(name: &str) -> Result<Request, Error> {
    Request::about(Endpoint::SecretRemove, name)
}

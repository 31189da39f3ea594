//! Requests about images.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{Filters, Payload, Request};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::types::{PullOptions, PullPolicy, RegistryAuth};
use crate::upload::Upload;

type Built = Result<Request, Error>;

pub(crate) fn list(filters: &Filters) -> Request {
    Request::new(Endpoint::ImageList).filters(filters)
}

pub(crate) fn inspect(reference: &str) -> Built {
    Request::about_image(Endpoint::ImageInspect, reference)
}

pub(crate) fn exists(reference: &str) -> Built {
    Request::about_image(Endpoint::ImageExists, reference)
}

/// The Docker-compatible pull reports bytes, but always asks the registry and takes its TLS settings only from
/// `registries.conf`; a caller who wants either otherwise gets the libpod pull.
pub(crate) fn pull(reference: &str, options: &PullOptions) -> Request {
    let mut request = if options.policy == PullPolicy::Always && options.tls_verify.is_none() {
        Request::new(Endpoint::ImagePullCompat).query("fromImage", reference)
    } else {
        Request::new(Endpoint::ImagePull)
            .query("reference", reference)
            .query("policy", options.policy.as_str())
            .maybe("tlsVerify", options.tls_verify)
    };
    request.registry_auth = options.auth.as_ref().map(auth_header);
    request
}

pub(crate) fn load(archive: Upload) -> Request {
    Request::new(Endpoint::ImageLoad).payload(Payload::Upload(archive))
}

pub(crate) fn tag(reference: &str, repository: &str, tag: &str) -> Built {
    Ok(Request::about_image(Endpoint::ImageTag, reference)?.query("repo", repository).query("tag", tag))
}

/// Never with `force`, which would remove the containers that use the image.
pub(crate) fn remove(reference: &str) -> Built {
    Request::about_image(Endpoint::ImageRemove, reference)
}

/// The value of `X-Registry-Auth`: URL-safe base64 of a JSON object, with padding, as Docker's API defines it.
fn auth_header(auth: &RegistryAuth) -> SecretString {
    #[derive(Serialize)]
    struct Wire<'a> {
        username: &'a str,
        password: &'a str,
    }
    let wire = Wire { username: &auth.username, password: auth.password.expose_secret() };
    let json = Zeroizing::new(super::json_text(&wire));
    SecretString::from(URL_SAFE.encode(json.as_bytes()))
}

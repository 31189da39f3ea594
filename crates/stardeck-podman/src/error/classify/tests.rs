//! The measured table of causes.

use super::*;
use crate::error::{Error, ErrorKind as K};

fn api(endpoint: Endpoint, response: u16, cause: &str, message: &str) -> ApiError {
    let json = serde_json::json!({ "cause": cause, "message": message, "response": response });
    ApiError::from_body(endpoint, response, json.to_string().as_bytes(), None)
}

#[test]
fn every_measured_cause_has_its_kind() {
    use Endpoint as E;
    let table = [
        (E::ContainerStart, 404, "no such container", K::NotFound),
        (E::ContainerCreate, 500, "that name is already in use", K::NameInUse),
        (E::ContainerRename, 500, "UNIQUE constraint failed: ContainerConfig.Name", K::NameInUse),
        (E::ContainerCreate, 500, "image not known", K::ImageMissing),
        (E::ContainerCreate, 404, "image not known", K::ImageMissing),
        (E::ContainerCreate, 500, "network not found", K::NetworkMissing),
        (E::ContainerCreate, 500, "no such secret", K::SecretMissing),
        (E::ContainerCreate, 500, "invalid argument", K::BadParameter),
        (E::ContainerStart, 500, "address already in use", K::PortInUse),
        (E::ContainerStart, 500, "cannot assign requested address", K::AddressNotLocal),
        (
            E::ContainerStart,
            500,
            "pasta failed with exit code 1:\nFailed to bind port 33597 (Address already in use) for option '-t 127.0.0.1/33597-33597:80-80'\n",
            K::PortInUse,
        ),
        (
            E::ContainerStart,
            500,
            "pasta failed with exit code 1:\nFailed to bind port 39917 (Cannot assign requested address) for option '-t 192.0.2.1/39917-39917:80-80'\n",
            K::AddressNotLocal,
        ),
        (
            E::ContainerStart,
            500,
            "pasta failed with exit code 1:\nListen failed for HOST TCP port 127.0.0.1/40733: Address already in use\n",
            K::PortInUse,
        ),
        (
            E::ContainerStart,
            500,
            "pasta failed with exit code 1:\nListen failed for HOST TCP port 192.0.2.1/39917: Cannot assign requested address\n",
            K::AddressNotLocal,
        ),
        (E::ContainerStats, 409, "container stats resource only available for cgroup v2", K::Unsupported),
        (
            E::ContainerStart,
            500,
            "OCI runtime attempted to invoke a command that was not found",
            K::CommandNotFound,
        ),
        (E::ContainerStart, 500, "no such secret", K::SecretMissing),
        (E::ContainerKill, 500, "container state improper", K::StateImproper),
        (E::ContainerKill, 409, "container state improper", K::StateImproper),
        (E::ContainerRemove, 500, "container state improper", K::StateImproper),
        (E::NetworkCreate, 409, "network already exists", K::NameInUse),
        (
            E::NetworkCreate,
            500,
            "subnet 10.88.0.0/24 is already used on the host or by another config",
            K::SubnetTaken,
        ),
        (E::NetworkRemove, 500, "network is being used", K::NetworkInUse),
        (E::NetworkDisconnect, 500, "container X is not connected to network Y", K::NotConnected),
        (E::NetworkConnect, 500, "network is already connected", K::AlreadyConnected),
        (E::VolumeCreate, 500, "volume already exists", K::NameInUse),
        (E::VolumeRemove, 409, "volume is being used", K::VolumeInUse),
        (E::SecretCreate, 500, "secret name in use", K::NameInUse),
        (E::ExecStart, 404, "no such exec session", K::NotFound),
        (E::ExecCreate, 500, "container state improper", K::StateImproper),
        (E::ContainerLogs, 500, "this container is not logging output", K::NoLog),
        (E::ContainerList, 500, "nope is an invalid filter", K::BadParameter),
        (E::VolumeInspect, 404, "no such volume", K::VolumeMissing),
        (E::ContainerInspect, 500, "something new", K::Other),
    ];
    for (endpoint, status, cause, kind) in table {
        let error = api(endpoint, status, cause, &format!("doing something: {cause}"));
        assert_eq!(error.kind(), kind, "{endpoint} {cause}");
    }
}

#[test]
fn static_address_taken_is_told_by_the_message() {
    let text = "IPAM error: requested ip address 10.89.0.9 is already allocated to container ID x";
    assert_eq!(api(Endpoint::ContainerStart, 500, text, text).kind(), K::AddressInUse);
}

#[test]
fn only_the_object_of_the_call_is_not_found() {
    assert!(api(Endpoint::ImageInspect, 404, "image not known", "x").is_not_found());
    assert!(!api(Endpoint::ContainerCreate, 500, "image not known", "x").is_not_found());
    assert!(api(Endpoint::SecretRemove, 404, "no such secret", "x").is_not_found());
    assert!(!api(Endpoint::ContainerStart, 500, "no such secret", "x").is_not_found());
    assert!(!api(Endpoint::NetworkConnect, 404, "no such container", "x").is_not_found());
}

#[test]
fn answer_of_the_router_is_an_unsupported_call_and_nothing_is_missing() {
    let error = ApiError::from_body(Endpoint::ContainerInspect, 404, b"Not Found\n", None);
    assert_eq!((error.kind(), error.message.as_str()), (K::Unsupported, "Not Found"));
    assert!(!error.is_not_found());
}

#[test]
fn empty_and_endless_bodies_become_short_messages() {
    let error = ApiError::from_body(Endpoint::Info, 500, b"", None);
    assert_eq!(error.message, "no reason given");
    let error = ApiError::from_body(Endpoint::Info, 500, &[b'x'; 10_000], None);
    assert_eq!(error.message.len(), MAX_TEXT);
}

#[test]
fn texts_of_registries_have_their_kinds() {
    let table = [
        ("reading manifest nope in 127.0.0.1:5000/x: manifest unknown", K::ManifestUnknown),
        ("unauthorized: authentication required", K::Unauthorized),
        ("denied: requested access to the resource is denied", K::Unauthorized),
        ("dial tcp 127.0.0.1:1: connect: connection refused", K::RegistryUnreachable),
        ("dial tcp: lookup nowhere.invalid: no such host", K::RegistryUnreachable),
        ("http: server gave HTTP response to HTTPS client", K::RegistryUnreachable),
        ("toomanyrequests: You have reached your pull rate limit", K::RateLimited),
        ("invalid reference format", K::BadReference),
        (
            "short-name \"postgres:16\" did not resolve to an alias and no unqualified-search registries are defined",
            K::BadReference,
        ),
        ("docker.io/library/x:1: image not known", K::ImageMissing),
        ("writing blob: no space left on device", K::NoSpace),
        ("something else", K::Other),
    ];
    for endpoint in [Endpoint::ImagePull, Endpoint::ImagePullCompat] {
        for (text, kind) in table {
            // 5.8 puts more in front than 4.3 does.
            let text = format!("unable to copy from source docker://x: initializing source: {text}");
            assert_eq!(ApiError::in_stream(endpoint, text.clone()).kind(), kind, "{text}");
        }
    }
}

#[test]
fn passing_troubles_of_a_registry_are_worth_a_retry() {
    let error = |text: &str| Error::from(ApiError::in_stream(Endpoint::ImagePull, text.to_owned()));
    assert!(error("connection refused").is_retryable());
    assert!(error("toomanyrequests").is_retryable());
    assert!(!error("manifest unknown").is_retryable());
}

//! The service itself.

use stardeck_podman::Version;

use super::scope::Scope;

#[tokio::test]
async fn ping_and_version_and_info_agree() {
    let scope = Scope::new().await;
    let ping = scope.client.system().ping().await.unwrap();
    assert!(ping.libpod_version >= Version::new(4, 3, 0), "{ping:?}");
    let version = scope.client.system().version().await.unwrap();
    assert_eq!(version.version.parse(), Ok(ping.libpod_version));
    assert!(version.components.iter().any(|component| component.name == "Podman Engine"));
    let info = scope.client.system().info().await.unwrap();
    assert_eq!(info.version.version, version.version);
    assert_eq!(info.host.network_backend, "netavark");
    assert!(info.host.cpus > 0 && info.host.mem_total > 0);
}

//! Disk used by what Podman keeps (`pkg/domain/entities/system.go`).

use serde::Deserialize;

/// Disk used, as far as it is about volumes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DiskUsage {
    /// One entry for each volume.
    pub volumes: Vec<VolumeUsage>,
}

/// Disk used by one volume.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeUsage {
    /// Name of the volume.
    #[serde(rename = "VolumeName")]
    pub name: String,
    /// How many containers mount it.
    pub links: u64,
    /// Bytes of its files.
    pub size: u64,
}

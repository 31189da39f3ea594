//! Tar archives, written and read as far as the tests need them.

use sha2::{Digest, Sha256};

/// An archive of plain files, readable by all.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in files {
        let mut header = [0_u8; 512];
        let mut put =
            |offset: usize, text: &str| header[offset..offset + text.len()].copy_from_slice(text.as_bytes());
        put(0, name);
        put(100, "0000644\0");
        put(108, "0000000\0");
        put(116, "0000000\0");
        put(124, &format!("{:011o}\0", content.len()));
        put(136, "00000000000\0");
        put(148, "        ");
        put(156, "0");
        put(257, "ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// Content of the first plain file in an archive.
pub(crate) fn first_file(archive: &[u8]) -> Vec<u8> {
    let mut offset = 0;
    loop {
        let header = &archive[offset..offset + 512];
        let size = std::str::from_utf8(&header[124..135]).unwrap();
        let size = usize::from_str_radix(size.trim_matches(['\0', ' ']), 8).unwrap();
        if matches!(header[156], b'0' | 0) {
            return archive[offset + 512..offset + 512 + size].to_vec();
        }
        offset += 512 + size.next_multiple_of(512);
    }
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    let hex: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{}", hex.concat())
}

/// The configuration of an image with one layer. `salt` makes it an image of its own.
pub(crate) fn image_config(layer: &[u8], salt: &str) -> Vec<u8> {
    let config = serde_json::json!({
        "architecture": "amd64",
        "os": "linux",
        "created": "2026-01-01T00:00:00Z",
        "config": {
            "Env": ["PATH=/bin", "PG_MAJOR=16"],
            "Entrypoint": ["/hello"],
            "Cmd": ["world"],
            "ExposedPorts": { "5432/tcp": {} },
            "Volumes": { "/var/data": {} },
            "Labels": { "salt": salt },
            "User": "999",
            "StopSignal": "SIGINT",
        },
        "rootfs": { "type": "layers", "diff_ids": [digest(layer)] },
        "history": [{ "created": "2026-01-01T00:00:00Z" }],
    });
    serde_json::to_vec(&config).unwrap()
}

/// An image archive as `docker save` writes it.
pub(crate) fn image_archive(reference: &str) -> Vec<u8> {
    let layer = tar(&[("hello", reference.as_bytes())]);
    let config = image_config(&layer, reference);
    let manifest = serde_json::json!([
        { "Config": "config.json", "RepoTags": [reference], "Layers": ["layer.tar"] }
    ]);
    let manifest = serde_json::to_vec(&manifest).unwrap();
    tar(&[("manifest.json", &manifest), ("config.json", &config), ("layer.tar", &layer)])
}

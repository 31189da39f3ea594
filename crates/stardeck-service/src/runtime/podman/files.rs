//! Single files as Podman takes and gives them: in tar archives.

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_engines::SeedFile;

/// Most bytes of an archive with one small file.
pub(super) const SMALL_FILE: usize = 64 * 1024;

/// A tar archive of one file that belongs to root.
pub(super) fn archive_of(name: &str, file: &SeedFile) -> std::io::Result<Vec<u8>> {
    let content = file.content.expose_secret().as_bytes();
    let mut header = tar::Header::new_ustar();
    header.set_mode(file.mode);
    header.set_size(u64::try_from(content.len()).map_err(std::io::Error::other)?);
    let mut archive = tar::Builder::new(Vec::new());
    archive.append_data(&mut header, name, content)?;
    archive.into_inner()
}

/// The text of the one file in a tar archive. Anything else is no file that holds a password.
pub(super) fn only_file(archive: &[u8]) -> Option<SecretString> {
    let mut archive = tar::Archive::new(archive);
    let mut entries = archive.entries().ok()?;
    let mut file =
        entries.find_map(|entry| entry.ok().filter(|entry| entry.header().entry_type().is_file()))?;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut file, &mut text).ok()?;
    Some(text.into())
}

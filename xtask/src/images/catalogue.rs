//! Which stand-ins there are: the content of `xtask/images/catalogue.toml`.

use crate::workspace;
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Raised when the way images are built changes without a change of the kit's files.
const RECIPE_VERSION: &str = "2";

/// One stand-in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Image {
    /// What the command line calls it: `postgres:16`.
    pub(crate) name: String,
    /// The tag it gets in our own storage.
    pub(crate) reference: String,
    /// Further tags under which only the tests' registry has it.
    #[serde(default)]
    pub(crate) served_as: Vec<String>,
    /// The Debian suite of its base.
    pub(crate) suite: String,
    /// Its folder in the kit, which is the build context.
    pub(crate) folder: String,
    /// The recipe in that folder.
    pub(crate) file: String,
    /// Build arguments as they are.
    #[serde(default)]
    pub(crate) arguments: BTreeMap<String, String>,
    /// Build arguments filled with a Debian package's version.
    #[serde(default)]
    pub(crate) versions: Vec<PackageVersion>,
    /// A package of the Python index that the build sees at `/kit`.
    pub(crate) wheel: Option<Wheel>,
    /// A folder in its folder with a `package-lock.json`, whose packages the build sees at `/npm`.
    pub(crate) npm: Option<String>,
}

/// A build argument that holds the version of the Debian package that will be installed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackageVersion {
    /// Name of the build argument.
    pub(crate) argument: String,
    /// Name of the Debian package.
    pub(crate) package: String,
    /// Which part of the version.
    #[serde(default)]
    pub(crate) part: VersionPart,
}

/// Official images tell their version in different forms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VersionPart {
    /// All of it: `1:10.11.14-0+deb12u2`.
    #[default]
    Whole,
    /// The version of the program itself: `10.11.14`.
    Upstream,
    /// Its first two numbers: `10.11`.
    Series,
}

impl VersionPart {
    /// Takes the part out of a Debian version, `[epoch:]upstream[-revision]`.
    pub(crate) fn of(self, version: &str) -> String {
        let without_epoch = version.split_once(':').map_or(version, |(_, rest)| rest);
        let without_revision = without_epoch.rsplit_once('-').map_or(without_epoch, |(upstream, _)| upstream);
        // What follows is Debian's own: `+dfsg`, `~bpo12`.
        let upstream = without_revision.split(['+', '~']).next().unwrap_or(without_revision);
        match self {
            Self::Whole => version.to_owned(),
            Self::Upstream => upstream.to_owned(),
            Self::Series => upstream.split('.').take(2).collect::<Vec<_>>().join("."),
        }
    }
}

/// One exact file of the Python index.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wheel {
    /// Name of the project.
    pub(crate) project: String,
    /// Exact version.
    pub(crate) version: String,
    /// The Python version it says it needs; only its files are used.
    pub(crate) python: String,
    /// Digest of the file, as 64 hexadecimal digits.
    pub(crate) sha256: String,
}

/// All stand-ins, and the kit they are built from.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// In the order of the file.
    pub(crate) images: Vec<Image>,
    /// The folder that holds the kit.
    pub(crate) kit: PathBuf,
    /// Changes whenever any file of the kit changes. 12 characters, since it becomes part of a path that has to be short.
    pub(crate) key: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    image: Vec<Image>,
}

impl Catalogue {
    /// Reads the kit of this checkout.
    ///
    /// # Errors
    /// When it can not be read or names a recipe that is not there.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let kit = workspace::root().join("xtask/images");
        let path = kit.join("catalogue.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let File { image: images } =
            toml::from_str(&text).with_context(|| format!("understanding {}", path.display()))?;
        for image in &images {
            let recipe = kit.join(&image.folder).join(&image.file);
            if !recipe.is_file() {
                bail!("{} names {}, which does not exist", path.display(), recipe.display());
            }
        }
        let key = key_of(&kit)?;
        Ok(Self { images, kit, key })
    }

    /// The images that `names` ask for: an exact name, or all tags of a name without one. No names mean all.
    ///
    /// # Errors
    /// When a name fits nothing.
    pub(crate) fn select(&self, names: &[String]) -> anyhow::Result<Vec<&Image>> {
        for name in names {
            if !self.images.iter().any(|image| is_meant(image, name)) {
                let known: Vec<&str> = self.images.iter().map(|image| image.name.as_str()).collect();
                bail!("there is no image {name}; there are {}", known.join(", "));
            }
        }
        let is_wanted = |image: &&Image| names.is_empty() || names.iter().any(|name| is_meant(image, name));
        Ok(self.images.iter().filter(is_wanted).collect())
    }
}

fn is_meant(image: &Image, name: &str) -> bool {
    image.name == name || image.name.split_once(':').is_some_and(|(repository, _)| repository == name)
}

/// A key over the names and contents of a folder and the recipe version. FNV-1a, since it only has to notice changes, and has to stay the
/// same from one compiler to the next, which the standard library's hasher does not promise.
///
/// # Errors
/// When a file can not be read.
pub(super) fn key_of(kit: &Path) -> anyhow::Result<String> {
    let mut files = Vec::new();
    collect_files(kit, &mut files)?;
    files.sort();
    let mut hash = Fnv::new();
    hash.add(RECIPE_VERSION.as_bytes());
    for file in files {
        let name = file.strip_prefix(kit).unwrap_or(&file);
        hash.add(name.as_os_str().as_encoded_bytes());
        hash.add(&fs::read(&file).with_context(|| format!("reading {}", file.display()))?);
    }
    Ok(format!("{:012x}", hash.0 >> 16))
}

fn collect_files(directory: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect_files(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a field; its length is added too, so that two fields never look like two others.
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&bytes.len().to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kit_of_this_checkout_is_complete() {
        let catalogue = Catalogue::load().unwrap();
        let references: Vec<&str> = catalogue.images.iter().map(|image| image.reference.as_str()).collect();
        for wanted in
            ["docker.io/library/postgres:16", "docker.io/library/postgres:17", "localhost/app-probe:1"]
        {
            assert!(references.contains(&wanted), "{wanted} is missing");
        }
    }

    #[test]
    fn name_without_tag_selects_all_its_tags() {
        let catalogue = Catalogue::load().unwrap();
        let names: Vec<&str> =
            catalogue.select(&["postgres".into()]).unwrap().iter().map(|image| image.name.as_str()).collect();
        assert_eq!(names, ["postgres:16", "postgres:17", "postgres:18"]);
    }

    #[test]
    fn parts_of_a_package_version() {
        let parts = |version| {
            [VersionPart::Whole, VersionPart::Upstream, VersionPart::Series].map(|part| part.of(version))
        };
        assert_eq!(parts("1:10.11.14-0+deb12u2"), ["1:10.11.14-0+deb12u2", "10.11.14", "10.11"]);
        assert_eq!(parts("8.1.1+dfsg1-3"), ["8.1.1+dfsg1-3", "8.1.1", "8.1"]);
        assert_eq!(parts("9.7.4-1"), ["9.7.4-1", "9.7.4", "9.7"]);
    }

    #[test]
    fn unknown_name_is_refused_with_the_known_ones() {
        let error = Catalogue::load().unwrap().select(&["oracle".into()]).unwrap_err().to_string();
        assert!(error.contains("oracle") && error.contains("postgres:16"), "{error}");
    }

    #[test]
    fn changed_file_changes_the_key() {
        let kit = tempfile::tempdir().unwrap();
        fs::write(kit.path().join("a"), "one").unwrap();
        let before = key_of(kit.path()).unwrap();
        assert_eq!(before, key_of(kit.path()).unwrap());
        fs::write(kit.path().join("a"), "two").unwrap();
        assert_ne!(before, key_of(kit.path()).unwrap());
    }
}

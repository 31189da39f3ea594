//! The web UI as data: the files of its static export, compressed beforehand, and the content security policy that
//! allows exactly the inline scripts of its pages.
//!
//! What is *not* here: the files themselves, which the program embeds (`stardeck-server`), and serving them over HTTP
//! (`stardeck-api`). So nothing but the program is compiled again when a page changes.

/// One file of the UI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Its path below the root, such as `login/index.html`.
    pub path: &'static str,
    /// An entity tag of its content, in quotes.
    pub etag: &'static str,
    /// Its content.
    pub plain: &'static [u8],
    /// Its content compressed with Brotli, where that gains something.
    pub brotli: Option<&'static [u8]>,
    /// Its content compressed with gzip, where that gains something.
    pub gzip: Option<&'static [u8]>,
}

/// Where a path of the UI leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// To this file.
    File(&'static Asset),
    /// To a page whose address ends with a slash, which is missing here.
    Folder,
    /// Nowhere.
    Nothing,
}

/// The web UI, or none.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    assets: &'static [Asset],
    policy: &'static str,
}

impl Ui {
    /// No UI at all.
    pub const fn none() -> Self {
        Self::new(&[], "")
    }

    /// A UI of these files, ordered by path.
    pub const fn new(assets: &'static [Asset], policy: &'static str) -> Self {
        Self { assets, policy }
    }

    /// Whether there is anything to serve.
    pub const fn is_there(&self) -> bool {
        !self.assets.is_empty()
    }

    /// The content security policy of its pages.
    pub const fn policy(&self) -> &'static str {
        self.policy
    }

    /// Finds out where the path of a request leads.
    pub fn find(&self, path: &str) -> Found {
        let path = path.trim_start_matches('/');
        let index = |folder: &str| self.file(&format!("{folder}index.html"));
        if path.is_empty() || path.ends_with('/') {
            return index(path).map_or(Found::Nothing, Found::File);
        }
        match self.file(path) {
            Some(asset) => Found::File(asset),
            None if index(&format!("{path}/")).is_some() => Found::Folder,
            None => Found::Nothing,
        }
    }

    /// The page that says that there is no such page.
    pub fn not_found(&self) -> Option<&'static Asset> {
        self.file("404.html")
    }

    fn file(&self, path: &str) -> Option<&'static Asset> {
        let at = self.assets.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
        self.assets.get(at)
    }
}

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use super::*;

    const fn asset(path: &'static str) -> Asset {
        Asset { path, etag: "\"1\"", plain: b"x", brotli: None, gzip: None }
    }

    static ASSETS: &[Asset] =
        &[asset("404.html"), asset("icon.svg"), asset("index.html"), asset("login/index.html")];

    #[test]
    fn files_folders_and_nothing_are_told_apart() {
        let ui = Ui::new(ASSETS, "");
        let path = |found| match found {
            Found::File(asset) => asset.path,
            Found::Folder => "folder",
            Found::Nothing => "nothing",
        };
        for (asked, leads_to) in [
            ("/", "index.html"),
            ("/login/", "login/index.html"),
            ("/login", "folder"),
            ("/icon.svg", "icon.svg"),
            ("/icon.svg/", "nothing"),
            ("/nowhere", "nothing"),
            ("/../icon.svg", "nothing"),
        ] {
            assert_eq!(path(ui.find(asked)), leads_to, "{asked}");
        }
        assert_eq!(ui.not_found(), Some(&ASSETS[0]));
    }
}

//! The API tokens that `stardeck login` keeps, by server, in one file that its owner alone may read.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::PathBuf,
};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use stardeck_client::types::TokenId;
use url::Url;
use zeroize::Zeroizing;

use crate::error::Error;

/// All that is kept.
#[derive(Debug)]
pub(crate) struct Kept {
    folder: PathBuf,
    tokens: BTreeMap<String, KeptToken>,
}

/// What is kept for one server.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptToken {
    /// The token's id, by which it is revoked.
    pub(crate) id: TokenId,
    /// The token.
    #[serde(serialize_with = "expose")]
    pub(crate) token: SecretString,
}

impl Kept {
    /// Reads what is kept in a folder; nothing when there is no file.
    ///
    /// # Errors
    /// Others may read the file, or it can not be read or holds something else.
    pub(crate) fn open(folder: PathBuf) -> Result<Self, Error> {
        let path = folder.join("tokens.json");
        let failed = |source| Error::File { doing: format!("read {}", path.display()), source };
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { folder, tokens: BTreeMap::new() });
            }
            Err(error) => return Err(failed(error)),
        };
        if metadata.mode() & 0o077 != 0 {
            return Err(Error::Usage(format!(
                "others may read the tokens in {}; revoke them if that matters, then chmod 600 the file",
                path.display()
            )));
        }
        let text = Zeroizing::new(fs::read_to_string(&path).map_err(failed)?);
        let tokens = serde_json::from_str(&text).map_err(|error| failed(error.into()))?;
        Ok(Self { folder, tokens })
    }

    /// What is kept for this server.
    pub(crate) fn token(&self, server: &Url) -> Option<&KeptToken> {
        self.tokens.get(&key(server))
    }

    /// Keeps a token in place of the one before, which is given back.
    ///
    /// # Errors
    /// The file can not be written.
    pub(crate) fn keep(&mut self, server: &Url, token: KeptToken) -> Result<Option<KeptToken>, Error> {
        let before = self.tokens.insert(key(server), token);
        self.write()?;
        Ok(before)
    }

    /// Forgets what is kept for this server.
    ///
    /// # Errors
    /// The file can not be written.
    pub(crate) fn forget(&mut self, server: &Url) -> Result<(), Error> {
        self.tokens.remove(&key(server));
        self.write()
    }

    /// Writes a new file and puts it in the place of the old one, so that there is a whole one at every moment.
    fn write(&self) -> Result<(), Error> {
        let path = self.folder.join("tokens.json");
        let failed = |source| Error::File { doing: format!("write {}", path.display()), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).map_err(failed)?;
        let new = self.folder.join(format!(".tokens.{}", std::process::id()));
        let text =
            Zeroizing::new(serde_json::to_string_pretty(&self.tokens).map_err(|error| failed(error.into()))?);
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&new, &path));
        written.map_err(|error| {
            // It may not have come to be.
            fs::remove_file(&new).ok();
            failed(error)
        })
    }
}

/// The server's URL as it is written down: `http://h` and `http://h/` are one.
fn key(server: &Url) -> String {
    server.as_str().trim_end_matches('/').to_owned()
}

fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn kept_token(token: &str) -> KeptToken {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        KeptToken { id, token: SecretString::from(token) }
    }

    #[test]
    fn tokens_are_kept_by_server_for_their_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("deep/stardeck");
        let [one, other] = ["https://a.example", "https://b.example/"].map(|url| Url::parse(url).unwrap());
        let mut kept = Kept::open(folder.clone()).unwrap();
        assert!(kept.token(&one).is_none());
        assert!(kept.keep(&one, kept_token("first")).unwrap().is_none());
        kept.keep(&other, kept_token("second")).unwrap();
        let before = kept.keep(&one, kept_token("third")).unwrap().unwrap();
        assert_eq!(before.token.expose_secret(), "first");
        assert!(!format!("{kept:?}").contains("third"));

        let file = folder.join("tokens.json");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        let mut again = Kept::open(folder.clone()).unwrap();
        assert_eq!(again.token(&one).unwrap().token.expose_secret(), "third");
        again.forget(&one).unwrap();
        let again = Kept::open(folder).unwrap();
        assert!(again.token(&one).is_none() && again.token(&other).is_some());
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.json");
        fs::write(&file, "{}").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let error = Kept::open(folder.path().to_owned()).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Kept::open(folder.path().to_owned()).is_ok());
    }
}

//! Secrets from files. They never stand on a command line, where others could read them.

use std::{fs, io, io::Read as _, path::Path};

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::error::Error;

/// Most bytes of such a file.
const MOST: u64 = 4096;

/// The first line of a file, or of standard input for `-`.
pub(crate) fn first_line(what: &str, path: &Path) -> Result<SecretString, Error> {
    let mut text = Zeroizing::new(String::new());
    let read = if path == Path::new("-") {
        io::stdin().take(MOST).read_to_string(&mut text)
    } else {
        fs::File::open(path).and_then(|file| file.take(MOST).read_to_string(&mut text))
    };
    read.map_err(|source| Error::File { doing: format!("read the {what} from {}", path.display()), source })?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Error::Usage(format!("the first line of {} has no {what}", path.display())));
    }
    Ok(SecretString::from(line))
}

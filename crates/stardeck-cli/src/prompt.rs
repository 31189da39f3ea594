//! Asking a person at a terminal. A password is not shown while it is typed.

use std::{
    io::{self, IsTerminal as _, Write as _, stdin},
    thread,
};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::error::Error;

/// Whether there is somebody to ask.
pub(crate) fn is_possible() -> bool {
    stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line.
///
/// # Errors
/// Nobody answers.
pub(crate) async fn ask(question: &str) -> Result<String, Error> {
    Ok(read(question).await?.to_string())
}

/// Asks for a line without showing it.
///
/// # Errors
/// Nobody answers, or the terminal can not be kept from showing it.
pub(crate) async fn ask_hidden(question: &str) -> Result<SecretString, Error> {
    let hidden = Hidden::begin().map_err(|error| failed(error.into()))?;
    let answer = read(question).await;
    drop(hidden);
    // The end of the line was not shown either.
    writeln!(io::stderr()).ok();
    Ok(SecretString::from(answer?.as_str()))
}

/// Reads a line, unless Ctrl-C comes first. On a thread of its own, which nobody waits for.
async fn read(question: &str) -> Result<Zeroizing<String>, Error> {
    write!(io::stderr(), "{question}: ").map_err(failed)?;
    let (sender, answer) = oneshot::channel();
    thread::spawn(move || {
        let mut line = Zeroizing::new(String::new());
        let read = stdin().read_line(&mut line).map(|_| line);
        // Nobody waits any more after Ctrl-C.
        sender.send(read).ok();
    });
    let line = tokio::select! {
        answer = answer => answer.unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into())).map_err(failed)?,
        _ = tokio::signal::ctrl_c() => {
            return Err(Error::Interrupted("nothing was done".to_owned()));
        }
    };
    match line.strip_suffix('\n') {
        Some(line) => Ok(Zeroizing::new(line.trim_end_matches('\r').to_owned())),
        None => Err(failed(io::ErrorKind::UnexpectedEof.into())),
    }
}

fn failed(source: io::Error) -> Error {
    Error::File { doing: "ask at this terminal".to_owned(), source }
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden(Termios);

impl Hidden {
    fn begin() -> rustix::io::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // A terminal that is gone shows nothing.
        tcsetattr(stdin(), OptionalActions::Now, &self.0).ok();
    }
}

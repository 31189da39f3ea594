//! Writing for people and for programs. What is asked for goes to standard output, what is said about it to standard error.

use std::io::{self, IsTerminal as _, Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use crate::error::Error;

/// Writes a line to standard output.
pub(crate) fn say(text: &str) -> Result<(), Error> {
    writeln!(io::stdout(), "{text}").map_err(Error::Output)
}

/// Writes a line to standard error. When not even that can be written, there is nobody to tell.
pub(crate) fn note(text: &str) {
    writeln!(io::stderr(), "{text}").ok();
}

/// Writes JSON to standard output.
pub(crate) fn say_json(value: &Value) -> Result<(), Error> {
    say(&format!("{value:#}"))
}

/// Writes a line that a database wrote. A terminal is not to do what is in it; a file gets it as it is.
pub(crate) fn say_foreign(text: &str) -> Result<(), Error> {
    if io::stdout().is_terminal() { say(&printable(text)) } else { say(text) }
}

/// The text with `\u{…}` in place of what would move a terminal's cursor or colour it.
pub(crate) fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && !matches!(character, '\t' | '\n') {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// A time, to the second.
pub(crate) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Columns as wide as their widest cell. The last one is not filled up.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let head = head.map(str::to_owned);
    let lines: Vec<&[String; N]> = std::iter::once(&head).chain(rows).collect();
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line.iter()) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let texts = lines.iter().map(|line| {
        let cells = line.iter().zip(widths).map(|(cell, width)| format!("{:width$}", printable(cell)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Names with what belongs to each, below each other.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let lines = pairs.iter().map(|(name, value)| format!("{name:width$}  {}", printable(value)));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_begin_below_each_other() {
        let rows = [["a".to_owned(), "bcd".to_owned()], ["long name".to_owned(), "e".to_owned()]];
        let text = table(["NAME", "X"], &rows);
        assert_eq!(text, "NAME       X\na          bcd\nlong name  e");
    }

    #[test]
    fn nothing_that_a_server_says_moves_the_cursor() {
        assert_eq!(printable("a\u{1b}[2Jb\rc\u{9b}1md\te"), "a\\u{1b}[2Jb\\rc\\u{9b}1md\te");
    }
}

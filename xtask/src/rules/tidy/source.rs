//! The files of the checkout that are looked at.

use crate::rules::Finding;
use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what is built or fetched.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", ".next", "out", "dist"];

/// Longest file by extension, in lines.
const LONGEST: &[(&str, usize)] = &[("rs", 400), ("tsx", 250)];

/// One text file.
#[derive(Debug)]
pub(super) struct Source {
    /// Relative to the root of the checkout.
    pub(super) path: PathBuf,
    /// Its whole text.
    pub(super) text: String,
    /// True when `.gitattributes` calls it generated.
    pub(super) is_generated: bool,
}

impl Source {
    /// The part of the name after the last dot.
    pub(super) fn extension(&self) -> &str {
        self.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }

    /// The lines with their numbers, counted from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// True for a file that is compiled for tests or shown as an example.
    pub(super) fn is_test_code(&self) -> bool {
        ["tests", "benches", "examples"].iter().any(|folder| self.is_in(folder))
            || self.path.file_name().is_some_and(|name| name == "tests.rs")
    }

    /// The lines of shipped code: nothing of test code, and nothing after the first `#[cfg(test)]`, since test modules
    /// come last in a file.
    pub(super) fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test_code = self.is_test_code();
        self.lines().take_while(move |(_, line)| !is_test_code && line.trim() != "#[cfg(test)]")
    }

    /// True when a folder of this name is on the way to the file.
    pub(super) fn is_in(&self, folder: &str) -> bool {
        self.path.parent().is_some_and(|parent| parent.iter().any(|part| part == folder))
    }

    /// A finding about one line.
    pub(super) fn finding(&self, line: usize, text: impl Into<String>) -> Finding {
        Finding { file: self.path.clone(), line: Some(line), text: text.into() }
    }

    /// A finding when the file has more lines than its kind may have.
    pub(super) fn too_long(&self) -> Option<Finding> {
        let (_, longest) = LONGEST.iter().find(|(extension, _)| *extension == self.extension())?;
        let lines = self.text.lines().count();
        let text = format!("{lines} lines; files end at {longest}, split it by what it does");
        (lines > *longest).then(|| Finding { file: self.path.clone(), line: None, text })
    }
}

/// Reads every text file below `root`.
///
/// # Errors
/// When a folder or file can not be read.
pub(super) fn collect(root: &Path) -> anyhow::Result<Vec<Source>> {
    let attributes = fs::read_to_string(root.join(".gitattributes")).unwrap_or_default();
    let generated = generated_patterns(&attributes);
    let mut paths = Vec::new();
    walk(root, &mut paths)?;
    let mut sources = Vec::new();
    for absolute in paths {
        let bytes = fs::read(&absolute).with_context(|| format!("reading {}", absolute.display()))?;
        // What is not UTF-8 is a picture or the like.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let path = absolute.strip_prefix(root).unwrap_or(&absolute).to_path_buf();
        let is_generated = generated.iter().any(|pattern| fits(pattern, &path));
        sources.push(Source { path, text, is_generated });
    }
    Ok(sources)
}

fn walk(directory: &Path, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let is_ours = entry.file_name().to_str().is_some_and(|name| !NOT_OURS.contains(&name));
        if kind.is_dir() && is_ours {
            walk(&entry.path(), paths)?;
        } else if kind.is_file() {
            paths.push(entry.path());
        }
    }
    Ok(())
}

fn generated_patterns(attributes: &str) -> Vec<&str> {
    attributes
        .lines()
        .filter(|line| line.contains("linguist-generated"))
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

/// The part of git's pattern language that our `.gitattributes` uses: a path with at most one `*`.
fn fits(pattern: &str, path: &Path) -> bool {
    let path = path.to_string_lossy();
    match pattern.split_once('*') {
        Some((start, end)) => {
            path.len() >= start.len() + end.len() && path.starts_with(start) && path.ends_with(end)
        }
        None => path == pattern || (!pattern.contains('/') && path.ends_with(&format!("/{pattern}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into(), is_generated: false }
    }

    #[test]
    fn file_over_its_limit_is_found_and_one_at_it_is_not() {
        assert!(source("a.rs", &"x\n".repeat(401)).too_long().is_some());
        assert!(source("a.rs", &"x\n".repeat(400)).too_long().is_none());
        assert!(source("a.md", &"x\n".repeat(4000)).too_long().is_none());
    }

    #[test]
    fn generated_files_are_told_by_gitattributes() {
        let patterns =
            generated_patterns("Cargo.lock linguist-generated\ndocs/openapi*.json linguist-generated\n");
        assert!(patterns.iter().any(|pattern| fits(pattern, Path::new("docs/openapi-3.0.json"))));
        assert!(patterns.iter().any(|pattern| fits(pattern, Path::new("Cargo.lock"))));
        assert!(!patterns.iter().any(|pattern| fits(pattern, Path::new("docs/API.md"))));
    }

    #[test]
    fn test_code_is_not_shipped() {
        let file = source("crates/a/src/lib.rs", "one\n#[cfg(test)]\ntwo\n");
        assert_eq!(file.shipped_lines().count(), 1);
        assert_eq!(source("crates/a/tests/it.rs", "one\n").shipped_lines().count(), 0);
    }
}

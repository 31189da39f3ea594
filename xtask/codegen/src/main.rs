//! Writes what follows from the API's code: `docs/openapi.json`, `docs/openapi-3.0.json` and the client in
//! `crates/stardeck-client/src/generated.rs`. With `--check` it writes nothing and fails when one of them is stale.
//!
//! What is *not* here: the document itself, which `stardeck-api` makes.

mod emit;
mod model;
mod read;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context as _, bail, ensure};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is closed, the exit status is all there is left to say.
            writeln!(std::io::stderr(), "xtask-codegen: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--check"] => true,
        other => bail!("unknown arguments {other:?}; the only one is --check"),
    };
    let root = workspace()?;
    let mut stale = Vec::new();
    for (path, text) in outputs(&root)? {
        let file = root.join(path);
        let is_fresh = fs::read_to_string(&file).is_ok_and(|have| have == text);
        if !is_fresh && check {
            stale.push(path);
        } else if !is_fresh {
            fs::write(&file, text).with_context(|| format!("write {}", file.display()))?;
            writeln!(std::io::stdout(), "wrote {path}")?;
        }
    }
    ensure!(stale.is_empty(), "stale: {}; run `cargo run -p xtask-codegen`", stale.join(", "));
    Ok(())
}

/// Each file, relative to the workspace, with what belongs into it.
fn outputs(root: &Path) -> anyhow::Result<[(&'static str, String); 3]> {
    let document = stardeck_api::openapi().to_pretty_json().context("write the document as JSON")?;
    let old_document = stardeck_api::openapi_3_0().context("write the 3.0 document as JSON")?;
    let model = read::read(&old_document).context("read the 3.0 document")?;
    let old_text = serde_json::to_string_pretty(&old_document)?;
    Ok([
        ("docs/openapi.json", document + "\n"),
        ("docs/openapi-3.0.json", old_text + "\n"),
        ("crates/stardeck-client/src/generated.rs", rustfmt(root, &emit::client(&model))?),
    ])
}

fn workspace() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).context("the workspace is two levels up")?;
    Ok(root.to_owned())
}

/// Formats as `cargo fmt` would, so that the two never disagree.
fn rustfmt(root: &Path, code: &str) -> anyhow::Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("start rustfmt")?;
    let mut stdin = child.stdin.take().context("rustfmt's input")?;
    let code = code.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(code.as_bytes()));
    let output = child.wait_with_output().context("wait for rustfmt")?;
    // A code that rustfmt does not read to its end is told by its status.
    writer.join().ok();
    ensure!(output.status.success(), "rustfmt does not take the generated code");
    String::from_utf8(output.stdout).context("read rustfmt's output")
}

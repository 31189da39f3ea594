//! Puts what `npm run build` left in `frontend/dist` into the program. Without it the program has no web UI, so that
//! Rust builds where there is no Node.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script where it is in environment variables"
)]

use std::{
    env,
    error::Error,
    ffi::OsStr,
    fmt::Write as _,
    fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
};

/// The file with the content security policy of the pages.
const POLICY: &str = "policy";

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let built = here.join("../../frontend/dist");
    // The folder is in the checkout, with nothing in it; cargo looks at everything below.
    println!("cargo::rerun-if-changed={}", built.display());
    let mut files = Vec::new();
    if built.is_dir() {
        collect(&built, &mut files)?;
    }
    // By bytes, since they are looked up by the text of their path: paths themselves are ordered part by part.
    files.sort_by(|one, other| one.as_os_str().cmp(other.as_os_str()));
    let mut table = String::from("&[\n");
    let mut policy = String::new();
    for file in &files {
        let path = file.strip_prefix(&built)?.to_str().ok_or("a file name is not UTF-8")?.to_owned();
        if path == POLICY {
            policy = fs::read_to_string(file)?;
        } else if !has_extension(file, &["br", "gz", "gitkeep"]) && !path.starts_with('.') {
            describe(&mut table, &path, file)?;
        }
    }
    table.push(']');
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("assets.rs"), table)?;
    fs::write(out.join("policy.rs"), format!("{policy:?}"))?;
    Ok(())
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// One file with its compressed copies, as an expression.
fn describe(table: &mut String, path: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut hasher = DefaultHasher::new();
    hasher.write(&fs::read(file)?);
    let include = |path: &Path| format!("include_bytes!({:?})", path.display().to_string());
    let copy = |extension: &str| {
        let path = PathBuf::from(format!("{}.{extension}", file.display()));
        if path.is_file() { format!("Some({})", include(&path)) } else { "None".to_owned() }
    };
    writeln!(
        table,
        "Asset {{ path: {path:?}, etag: \"\\\"{:016x}\\\"\", plain: {}, brotli: {}, gzip: {} }},",
        hasher.finish(),
        include(file),
        copy("br"),
        copy("gz"),
    )?;
    Ok(())
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension().and_then(OsStr::to_str).is_some_and(|extension| extensions.contains(&extension))
}

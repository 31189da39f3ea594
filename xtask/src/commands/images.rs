//! `cargo xtask images`: builds the stand-ins for official images.

use crate::host::{self, Need};
use crate::images::{self, Catalogue, ImageStore, Purpose, STAND_IN_POSTGRES};
use clap::Args;
use std::process::ExitCode;

/// What to build.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Names such as `postgres:16`, or `postgres` for all its tags; all images when none is given.
    names: Vec<String>,
    /// Instead: put a stand-in for postgres:16, named and labelled as one, into the host's own Podman storage.
    #[arg(long, conflicts_with = "names")]
    standin: bool,
}

/// Builds what is missing.
///
/// # Errors
/// When a name is unknown or an image can not be built.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let conditions = host::prepare(&[Need::RunContainers, Need::BuildImages])?;
    if arguments.standin {
        images::ensure_stand_in(conditions)?;
        println!("{STAND_IN_POSTGRES}");
        return Ok(ExitCode::SUCCESS);
    }
    let catalogue = Catalogue::load()?;
    let wanted = catalogue.select(&arguments.names)?;
    let (_store, in_use) = ImageStore::ensure(conditions, &catalogue, &wanted, Purpose::Storage)?;
    for image in wanted {
        println!("{}", image.reference);
    }
    println!("in {}", in_use.images.display());
    Ok(ExitCode::SUCCESS)
}

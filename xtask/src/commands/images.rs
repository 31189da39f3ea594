//! `cargo xtask images`: builds the stand-ins for official images.

use crate::host::{self, Need};
use crate::images::{self, Catalogue, ImageStore, POSTGRES, Purpose};
use clap::Args;
use std::process::ExitCode;

/// What to build.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Names such as `postgres:16`, or `postgres` for all its tags; all images when none is given.
    names: Vec<String>,
    /// Instead: put stand-ins, named and labelled as such, into the host's own Podman storage; postgres:16 when no
    /// name is given.
    #[arg(long)]
    standin: bool,
}

/// Builds what is missing.
///
/// # Errors
/// When a name is unknown or an image can not be built.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let conditions = host::prepare(&[Need::RunContainers, Need::BuildImages])?;
    if arguments.standin {
        let default = [POSTGRES.to_owned()];
        let names = if arguments.names.is_empty() { &default } else { arguments.names.as_slice() };
        for reference in images::ensure_stand_ins(conditions, names)? {
            println!("{reference}");
        }
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

//! `stardeck openapi`: the API's description on standard output.

use std::io::Write as _;

use anyhow::Context as _;

use crate::config::OpenapiArguments;

/// Prints the document.
///
/// # Errors
/// Standard output is closed.
pub(crate) fn print(arguments: OpenapiArguments) -> anyhow::Result<()> {
    let text = if arguments.v3_0 {
        stardeck_api::openapi_3_0().and_then(|document| serde_json::to_string_pretty(&document))
    } else {
        stardeck_api::openapi().to_pretty_json()
    };
    let text = text.context("write the document as JSON")?;
    writeln!(std::io::stdout(), "{text}").context("write to standard output")
}

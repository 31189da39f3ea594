//! What is read from the environment and nowhere else.

use secrecy::SecretString;

/// The API token that the commands for a remote server sign in with.
#[expect(
    clippy::disallowed_methods,
    reason = "clap would take it from the command line as well, which everybody on the host can read"
)]
pub(crate) fn api_token() -> Option<SecretString> {
    std::env::var("STARDECK_TOKEN").ok().filter(|token| !token.is_empty()).map(SecretString::from)
}

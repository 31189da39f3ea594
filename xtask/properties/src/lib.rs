//! What has to hold for every input of the parsers that take text from elsewhere: one file, and one function, for each.
//!
//! `cargo xtask fuzz` looks for inputs for which it does not hold (`xtask/fuzz`, a workspace of its own, since libFuzzer
//! needs a C++ compiler); the tests of this crate go through the inputs that are kept in `xtask/fuzz/corpus`. The functions
//! use what the crates offer to everybody: what is private in them is reached through a socket, as a hostile peer reaches it.
//! What is *not* here: how inputs are found and kept, which is `cargo xtask fuzz`.
#![expect(clippy::expect_used, reason = "a property that does not hold ends the run with its input")]

pub mod command_line;
pub mod connection_string;
pub mod connection_url;
pub mod corpus;
pub mod driver_answers;
pub mod environment;
pub mod image_reference;
mod login;
mod podman;
pub mod podman_answers;
pub mod podman_streams;
mod text;

/// A property and what it is called: its module, its program and its corpus have this name.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// The name.
    pub name: &'static str,
    /// Panics when it does not hold for an input.
    pub check: fn(&[u8]),
}

/// All of them.
pub const ALL: &[Property] = &[
    Property { name: "command_line", check: command_line::check },
    Property { name: "connection_string", check: connection_string::check },
    Property { name: "connection_url", check: connection_url::check },
    Property { name: "driver_answers", check: driver_answers::check },
    Property { name: "environment", check: environment::check },
    Property { name: "image_reference", check: image_reference::check },
    Property { name: "podman_answers", check: podman_answers::check },
    Property { name: "podman_streams", check: podman_streams::check },
];

/// Lets panics in tasks pass that a runtime catches: libFuzzer would end at each. For the driver of MySQL, which panics at
/// some answers, and is run in a task of its own for that.
pub fn pass_over_panics_in_tasks() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if tokio::task::try_id().is_none() {
            usual(panic);
        }
    }));
}

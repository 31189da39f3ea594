//! The calls, one file per resource. Each borrows the client and does one exchange unless it says otherwise.

mod archives;
mod containers;
mod events;
mod exec;
mod images;
mod networks;
mod recreation;
mod secrets;
mod system;
mod volumes;

pub use containers::Containers;
pub use events::Events;
pub use exec::{Exec, ExecOutcome};
pub use images::Images;
pub use networks::Networks;
pub use secrets::Secrets;
pub use system::System;
pub use volumes::Volumes;

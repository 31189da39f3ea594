//! Processes started in running containers.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A process to start in a running container. It never gets a terminal.
///
/// `Debug` shows the names of environment variables, not their values.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ExecOptions {
    /// Program and arguments. Other users of the host can see them: no passwords here.
    pub cmd: Vec<String>,
    /// Environment variables in addition to the container's.
    pub env: BTreeMap<String, String>,
    /// `user[:group]`; `None` is the container's.
    pub user: Option<String>,
    /// Working directory; `None` is the container's.
    pub working_dir: Option<String>,
    /// Is there input? Without it the process reads end of file at once.
    pub stdin: bool,
}

impl ExecOptions {
    /// A program with its arguments, and nothing else asked for.
    ///
    /// ```
    /// use stardeck_podman::ExecOptions;
    ///
    /// let options = ExecOptions { user: Some("nobody".into()), ..ExecOptions::new(["ls", "/"]) };
    /// assert_eq!(options.cmd, ["ls", "/"]);
    /// ```
    pub fn new<I: Into<String>>(cmd: impl IntoIterator<Item = I>) -> Self {
        Self { cmd: cmd.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// The body of the request. Unlike in a container create, the environment is a list here.
    pub(crate) fn body(&self) -> impl Serialize {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        #[expect(clippy::struct_excessive_bools, reason = "the flags are Podman's")]
        struct Body {
            attach_stdin: bool,
            attach_stdout: bool,
            attach_stderr: bool,
            tty: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            user: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            working_dir: Option<String>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            env: Vec<String>,
            cmd: Vec<String>,
        }
        Body {
            attach_stdin: self.stdin,
            attach_stdout: true,
            attach_stderr: true,
            tty: false,
            user: self.user.clone(),
            working_dir: self.working_dir.clone(),
            env: self.env.iter().map(|(name, value)| format!("{name}={value}")).collect(),
            cmd: self.cmd.clone(),
        }
    }
}

impl fmt::Debug for ExecOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecOptions")
            .field("cmd", &self.cmd)
            .field("env", &self.env.keys())
            .field("user", &self.user)
            .field("working_dir", &self.working_dir)
            .field("stdin", &self.stdin)
            .finish()
    }
}

/// State of a process started in a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ExecInspect {
    /// Id of the session.
    #[serde(rename = "ID")]
    pub id: String,
    /// Id of the container.
    #[serde(rename = "ContainerID")]
    pub container_id: String,
    /// Does it run?
    pub running: bool,
    /// Exit code; means something only when it does not run any more. 127 when there is no such program.
    pub exit_code: i32,
    /// Process id on the host; 0 when it does not run.
    pub pid: i64,
    pub(crate) process_config: ProcessConfig,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ProcessConfig {
    pub(crate) user: String,
}

//! How the administrator's login is found in a container that somebody else made: what all engines share. Which variables
//! there are is in the file `detect.rs` of each engine's folder.

use crate::command_line::value_of;

/// One account that an image takes from variables.
#[derive(Debug, Clone, Copy)]
pub struct LoginSource {
    /// Variables with the name, the first that is set counts.
    pub user: &'static [&'static str],
    /// The name when none is set.
    pub default_user: &'static str,
    /// Variables with the password.
    pub password: &'static [&'static str],
    /// The option of the server's command line that gives the password, such as `--requirepass`.
    pub option: Option<&'static str>,
}

/// How one variable may be given a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableForm {
    /// The value itself is in the variable of this name.
    Value(String),
    /// The variable of this name holds the path of a file, in the container, that holds the value.
    File(String),
}

impl LoginSource {
    /// All ways in which a variable may be set: plainly, by a file as the official images, Bitnami and others do it, and
    /// by a file as `LinuxServer` does it.
    pub fn forms(variable: &str) -> [VariableForm; 3] {
        [
            VariableForm::Value(variable.to_owned()),
            VariableForm::File(format!("{variable}_FILE")),
            VariableForm::File(format!("FILE__{variable}")),
        ]
    }

    /// The password on a command line.
    pub fn password_on<'a>(&self, command_line: &'a [String]) -> Option<&'a str> {
        value_of(command_line, self.option?)
    }
}

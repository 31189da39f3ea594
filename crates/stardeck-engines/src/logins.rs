//! How the administrator's login is found in a container that somebody else made: what all engines share. Which variables
//! there are is in the file `detect.rs` of each engine's folder.

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
        let option = self.option?;
        let mut words = command_line.iter().flat_map(|word| word.split_whitespace());
        let mut found = None;
        while let Some(word) = words.next() {
            let given = word.strip_prefix(option);
            if given == Some("") {
                found = words.next();
            } else if let Some(value) = given.and_then(|rest| rest.strip_prefix('=')) {
                found = Some(value);
            }
        }
        found.map(|value| value.trim_matches(['"', '\'']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_found_on_a_command_line_in_both_forms() {
        let source =
            LoginSource { user: &[], default_user: "default", password: &[], option: Some("--requirepass") };
        let on = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            source.password_on(&words).map(str::to_owned)
        };
        assert_eq!(on(&["redis-server", "--requirepass", "a", "--port", "1"]).as_deref(), Some("a"));
        assert_eq!(on(&["redis-server", "--requirepass=b"]).as_deref(), Some("b"));
        assert_eq!(on(&["sh", "-c", "redis-server --requirepass 'c d'"]).as_deref(), Some("c"));
        assert_eq!(on(&["redis-server", "--requirepassword", "x"]), None);
        assert_eq!(on(&["redis-server"]), None);
    }
}

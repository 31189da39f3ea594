//! What the command line of a server says, in a container that somebody else made.

use stardeck_domain::Port;

/// How a server is told another port than its usual one.
#[derive(Debug, Clone, Copy)]
pub struct PortRules {
    /// Options of its command line.
    pub options: &'static [&'static str],
    /// Variables of its images.
    pub variables: &'static [&'static str],
}

impl PortRules {
    /// The port a command line and variables say; the command line counts before them, and on it what is said last, by
    /// whichever option. None when they say nothing that could be a port.
    pub fn port<'a>(
        &self,
        command_line: &[String],
        variable: impl Fn(&'static str) -> Option<&'a str>,
    ) -> Option<Port> {
        // Other programs on a shell's line have options of the same name, whose values are no numbers.
        let numbers = values_of(command_line, self.options).filter_map(|text| text.parse::<i64>().ok());
        let in_variables = self.variables.iter().filter_map(|name| variable(name));
        let in_variables = in_variables.filter_map(|text| text.parse::<i64>().ok());
        numbers.last().into_iter().chain(in_variables).find_map(|port| Port::parse(port).ok())
    }
}

/// The value an option is given; the last time counts.
pub(crate) fn value_of<'a>(command_line: &'a [String], option: &'a str) -> Option<&'a str> {
    values_of(command_line, std::slice::from_ref(&option)).last()
}

/// The values that options are given, in their order: as the next word, behind `=`, or a number right behind a letter. A line
/// for a shell is looked into word by word.
fn values_of<'a>(command_line: &'a [String], options: &[&str]) -> impl Iterator<Item = &'a str> {
    let mut words = command_line.iter().flat_map(|word| word.split_whitespace());
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let Some((option, rest)) =
            options.iter().find_map(|option| Some((option, word.strip_prefix(option)?)))
        else {
            continue;
        };
        // `-p5433`
        let is_short = option.len() == 2 && option.starts_with('-');
        let is_number = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit());
        let value = if rest.is_empty() { words.next() } else { rest.strip_prefix('=') };
        found.extend(value.or((is_short && is_number).then_some(rest)));
    }
    found.into_iter().map(|value| value.trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &[&str]) -> Vec<String> {
        line.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn option_is_found_in_both_forms() {
        let on = |line: &[&str]| value_of(&words(line), "--requirepass").map(str::to_owned);
        assert_eq!(on(&["redis-server", "--requirepass", "a", "--port", "1"]).as_deref(), Some("a"));
        assert_eq!(on(&["redis-server", "--requirepass=b"]).as_deref(), Some("b"));
        assert_eq!(on(&["sh", "-c", "redis-server --requirepass 'c d'"]).as_deref(), Some("c"));
        assert_eq!(on(&["redis-server", "--requirepassword", "x"]), None);
        assert_eq!(on(&["redis-server"]), None);
    }

    #[test]
    fn every_engine_is_told_its_port_in_its_own_way() {
        use stardeck_domain::Engine;
        let cases: [(Engine, &[&str], Option<u16>); 12] = [
            (Engine::PostgreSql, &["postgres", "-p5436", "-B", "128"], Some(5436)),
            (Engine::PostgreSql, &["postgres", "-p", "5433"], Some(5433)),
            (Engine::PostgreSql, &["postgres", "-c", "max_connections=50", "-c", "port=5434"], Some(5434)),
            (Engine::MariaDb, &["mariadbd", "--port=3307"], Some(3307)),
            (Engine::MySql, &["mysqld", "-P", "3308", "--skip-name-resolve"], Some(3308)),
            (Engine::Redis, &["redis-server", "--port", "6380"], Some(6380)),
            (Engine::Redis, &["redis-server", "--port", "0", "--tls-port", "6379"], None),
            (Engine::MongoDb, &["mongod", "--replSet", "rs", "--port", "27018"], Some(27018)),
            (Engine::MongoDb, &["mongod", "--bind_ip_all"], None),
            (Engine::MariaDb, &["mariadbd", "--port=3307", "-P", "3308"], Some(3308)),
            (Engine::PostgreSql, &["postgres", "-p5436", "-c", "port=5434"], Some(5434)),
            (Engine::PostgreSql, &["sh", "-c", "postgres --port 5433 & mkdir -p /x"], Some(5433)),
        ];
        for (engine, line, port) in cases {
            let found = crate::adapter(engine).info().port_rules.port(&words(line), |_| None);
            assert_eq!(found.map(Port::get), port, "{line:?}");
        }
        let bitnami = |name: &str| (name == "REDIS_PORT_NUMBER").then_some("6390");
        let rules = crate::adapter(Engine::Redis).info().port_rules;
        assert_eq!(rules.port(&[], bitnami).map(Port::get), Some(6390));
        assert_eq!(rules.port(&words(&["--port", "6391"]), bitnami).map(Port::get), Some(6391));
    }
}

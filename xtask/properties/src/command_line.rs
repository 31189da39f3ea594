//! Command lines of containers that somebody else made: the port and the password they give, and what they run.

use std::collections::BTreeMap;

use stardeck_domain::Port;
use stardeck_engines::{EngineAdapter, Evidence, classify, offered};

use crate::text;

/// A byte for the engine, then a word in each line; a word with `=` in it is a variable of the image, too.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let (engine, rest) = text::chosen(input);
    let words = text::lines(rest);
    let env: BTreeMap<String, String> = words
        .iter()
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let adapter = text::one_of(offered(), engine);
    check_port(adapter, &words, &env);
    check_password(adapter, &words);
    check_program(&words, &env);
}

fn check_port(adapter: &dyn EngineAdapter, words: &[String], env: &BTreeMap<String, String>) {
    let rules = adapter.info().port_rules;
    let variable = |name: &'static str| env.get(name).map(String::as_str);
    if let Some(port) = rules.port(words, variable) {
        let said = words.iter().any(|word| word.contains(&port.to_string()));
        assert!(said, "nobody says {port}: {words:?}");
    }
    assert_eq!(rules.port(&[], |_| None), None, "nothing says nothing");
    // Servers take what they are told last, in whatever form.
    for option in rules.options {
        for last in [vec![(*option).to_owned(), "12345".to_owned()], vec![format!("{option}=12345")]] {
            // The word between would be the value of an option that is given none.
            let line: Vec<String> =
                words.iter().cloned().chain(["x".to_owned()]).chain(last.clone()).collect();
            assert_eq!(rules.port(&line, variable).map(Port::get), Some(12345), "{last:?} behind {words:?}");
        }
    }
}

fn check_password(adapter: &dyn EngineAdapter, words: &[String]) {
    for source in adapter.login_sources() {
        let Some(option) = source.option else {
            assert_eq!(source.password_on(words), None);
            continue;
        };
        if let Some(password) = source.password_on(words) {
            assert!(words.iter().any(|word| word.contains(password)), "nobody says it: {words:?}");
        }
        let last = ["x", option, text::MARKER].map(str::to_owned);
        let line: Vec<String> = words.iter().cloned().chain(last).collect();
        assert_eq!(source.password_on(&line), Some(text::MARKER), "behind {words:?}");
    }
}

/// The first word is the image, the rest is run.
fn check_program(words: &[String], env: &BTreeMap<String, String>) {
    let Some((image, words)) = words.split_first() else { return };
    let evidence =
        Evidence { image: image.clone(), env: env.clone(), command: words.to_vec(), ..Evidence::default() };
    let found = classify(&evidence);
    assert_eq!(found, classify(&evidence.clone()), "it is taken for different things");
    // Whether words are the entrypoint's or the arguments does not matter.
    let moved = Evidence { entrypoint: words.to_vec(), command: Vec::new(), ..evidence.clone() };
    assert_eq!(classify(&moved), found, "{words:?}");
    // What only sleeps is no server, whatever its image is.
    let asleep = Evidence { entrypoint: vec!["/bin/sleep".to_owned()], ..evidence };
    assert_eq!(classify(&asleep), None, "{words:?}");
}

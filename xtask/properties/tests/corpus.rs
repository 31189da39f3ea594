//! Every input that is kept still has the property it was kept for, without libFuzzer and its compiler.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use std::{fs, panic, path::PathBuf};

use xtask_properties::{ALL, corpus};

fn place(of: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz").join(of)
}

/// The names of the files in a folder, without their ending.
fn names_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(place(folder)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

/// The kept inputs of a property all have it.
fn replay(name: &str) {
    let property = ALL.iter().find(|property| property.name == name).unwrap();
    let file = place("corpus").join(format!("{name}.txt"));
    let inputs = corpus::read(&fs::read_to_string(&file).unwrap())
        .unwrap_or_else(|line| panic!("{}:{line} is no input", file.display()));
    assert!(inputs.len() > 10, "{} is nearly empty", file.display());
    for (at, input) in inputs.iter().enumerate() {
        let outcome = panic::catch_unwind(|| (property.check)(input));
        assert!(outcome.is_ok(), "{}:{}: {}", file.display(), at + 1, corpus::line(input));
    }
}

#[test]
fn every_property_has_a_program_and_a_corpus() {
    let names: Vec<&str> = ALL.iter().map(|property| property.name).collect();
    assert_eq!(names_in("fuzz_targets"), names);
    assert_eq!(names_in("corpus"), names);
    let manifest = fs::read_to_string(place("Cargo.toml")).unwrap();
    assert!(names.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))), "{manifest}");
}

#[test]
fn kept_command_lines_say_what_they_say_last() {
    replay("command_line");
}

#[test]
fn kept_connection_strings_mean_the_same_when_printed_again() {
    replay("connection_string");
}

#[test]
fn kept_logins_come_back_from_the_urls_of_every_engine() {
    replay("connection_url");
}

#[test]
fn kept_answers_of_hostile_engines_become_short_words_without_a_password() {
    replay("driver_answers");
}

#[test]
fn kept_environments_say_the_same_as_their_parts() {
    replay("environment");
}

#[test]
fn kept_image_references_mean_the_same_in_their_whole_form() {
    replay("image_reference");
}

#[test]
fn kept_answers_of_podman_mean_the_same_in_pieces_and_errors_hide_them() {
    replay("podman_answers");
}

#[test]
fn kept_streams_of_podman_mean_the_same_in_pieces() {
    replay("podman_streams");
}

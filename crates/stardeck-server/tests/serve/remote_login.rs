//! `stardeck login` and `logout`.

use std::{fs, os::unix::fs::MetadataExt as _};

use serde_json::Value;

use crate::{
    remote::{Person, server},
    support::PASSWORD,
};

fn names(tokens: &str) -> Vec<String> {
    let tokens: Value = serde_json::from_str(tokens).unwrap();
    let items = tokens["items"].as_array().unwrap();
    items.iter().map(|token| token["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_login_keeps_a_token_for_its_owner_alone_and_a_logout_revokes_it() {
    let folder = tempfile::tempdir().unwrap();
    let (server, admin) = server(folder.path()).await;
    let person = Person::new(&server.url, None);
    let password = person.home.path().join("password");
    fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    let file = password.to_str().unwrap();
    let login =
        |name: &str| person.does(&["login", "--username", "admin", "--password-file", file, "--name", name]);
    assert_eq!(login("one"), "");
    let kept = person.home.path().join(".config/stardeck/tokens.json");
    assert_eq!(fs::metadata(&kept).unwrap().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&kept).unwrap();
    assert!(text.contains(&server.url) && text.contains("stardeck_") && !text.contains(PASSWORD), "{text}");
    assert_eq!(person.does(&["db", "list"]), "");
    // The token is of the scope that was asked for, and not of what its owner may.
    person.fails(3, &["token", "create", "--name", "more", "--scope", "admin"]);

    // Another login takes the place of the first, and the session that it took is over.
    login("two");
    assert_eq!(names(&admin.does(&["token", "list", "--json"])), ["all", "two"]);
    let (_, sessions) = server.ask("GET", "/api/sessions", admin.token.as_ref().unwrap(), None).await;
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "{sessions}");

    // What is kept is for that server alone.
    let elsewhere = Person { url: "http://127.0.0.1:1".to_owned(), ..person };
    elsewhere.fails(3, &["db", "list"]);
    let person = Person { url: server.url.clone(), ..elsewhere };
    person.does(&["logout"]);
    assert_eq!(names(&admin.does(&["token", "list", "--json"])), ["all"]);
    assert!(!fs::read_to_string(&kept).unwrap().contains("stardeck_"));
    person.fails(3, &["db", "list"]);
    person.does(&["logout"]);

    let (_, log) = server.terminate();
    // What begins like a token and is none is the name of a module.
    let log = log.join("\n").replace("stardeck_service::", "");
    assert!(!log.contains(PASSWORD) && !log.contains("stardeck_"), "{log}");
}

#[tokio::test]
async fn a_login_that_is_refused_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (server, admin) = server(folder.path()).await;
    let person = Person::new(&server.url, None);
    let password = person.home.path().join("password");
    fs::write(&password, "a wrong one\n").unwrap();
    let login = ["login", "--username", "admin", "--password-file", password.to_str().unwrap()];
    let refused = person.fails(3, &login);
    assert!(refused.contains("(login_failed)") && !refused.contains("wrong one"), "{refused}");
    assert!(!person.home.path().join(".config").exists());
    fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    // There is no place to keep a token: none is left behind at the server.
    fs::write(person.home.path().join(".config"), "a file").unwrap();
    person.fails(1, &login);
    assert_eq!(names(&admin.does(&["token", "list", "--json"])), ["all"]);
    let mut homeless = person.command(&login);
    let output = homeless.env_remove("HOME").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

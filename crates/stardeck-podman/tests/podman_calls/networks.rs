//! Networks, and who is on them.

use std::collections::BTreeMap;

use stardeck_podman::{
    CreateContainer, CreateNetwork, ErrorKind, ExecOptions, Filters, NetworkAttachment, Subnet,
};

use super::scope::{Scope, eventually};

fn network(scope: &Scope, name: &str) -> CreateNetwork {
    CreateNetwork {
        name: scope.name(name),
        labels: BTreeMap::from([("sdp.scope".to_owned(), scope.name(""))]),
        ..CreateNetwork::default()
    }
}

#[tokio::test]
async fn network_is_made_found_and_removed() {
    let scope = Scope::new().await;
    let networks = scope.client.networks();
    let spec = network(&scope, "one");
    let created = networks.create(&spec).await.unwrap();
    assert_eq!((created.name.as_str(), created.dns_enabled), (spec.name.as_str(), true));
    assert_eq!(created.subnets.len(), 1);
    let inspected = networks.inspect(&spec.name).await.unwrap();
    assert_eq!((&inspected.id, &inspected.labels), (&created.id, &spec.labels));
    assert!(inspected.subnets[0].gateway.is_some());
    let filters = Filters::from([("label".to_owned(), vec![format!("sdp.scope={}", scope.name(""))])]);
    let listed = networks.list(&filters).await.unwrap();
    assert_eq!(listed.iter().map(|network| network.name.as_str()).collect::<Vec<_>>(), [spec.name.as_str()]);
    assert!(networks.exists(&spec.name).await.unwrap());
    networks.remove(&spec.name).await.unwrap();
    assert!(!networks.exists(&spec.name).await.unwrap());
    for error in
        [networks.remove(&spec.name).await.unwrap_err(), networks.inspect(&spec.name).await.unwrap_err()]
    {
        assert_eq!(error.kind(), ErrorKind::NetworkMissing, "{error:?}");
        assert!(error.is_not_found());
    }
}

#[tokio::test]
async fn name_and_subnet_of_another_network_are_refused() {
    let scope = Scope::new().await;
    let first = scope.client.networks().create(&network(&scope, "first")).await.unwrap();
    let error = scope.client.networks().create(&network(&scope, "first")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameInUse, "{error:?}");
    let same =
        CreateNetwork { subnets: vec![Subnet::from(first.subnets[0].subnet)], ..network(&scope, "second") };
    let error = scope.client.networks().create(&same).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SubnetTaken, "{error:?}");
}

#[tokio::test]
async fn container_joins_and_leaves_a_network() {
    let scope = Scope::new().await;
    let networks = scope.client.networks();
    let (home, away) = (scope.name("home"), scope.name("away"));
    networks.create(&network(&scope, "home")).await.unwrap();
    networks.create(&network(&scope, "away")).await.unwrap();
    let member = [(home.clone(), NetworkAttachment::default())].into();
    let name = scope.run(&CreateContainer { networks: member, ..scope.sleeper("member") }).await;
    let attachment = NetworkAttachment { aliases: vec!["guest".into()], ..NetworkAttachment::default() };
    networks.connect(&away, &name, &attachment).await.unwrap();
    let settings = scope.client.containers().inspect(&name).await.unwrap().network_settings;
    assert!(settings.address_in(&home).is_some() && settings.address_in(&away).is_some());
    assert!(settings.networks[&away].aliases.contains(&"guest".to_owned()));
    let error = networks.connect(&away, &name, &attachment).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyConnected, "{error:?}");
    let error = networks.remove(&away).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NetworkInUse, "{error:?}");
    networks.disconnect(&away, &name).await.unwrap();
    let error = networks.disconnect(&away, &name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConnected, "{error:?}");
    let error = networks.connect(&away, &scope.name("none"), &attachment).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
    networks.remove(&away).await.unwrap();
}

#[tokio::test]
async fn alias_resolves_for_others_on_the_network() {
    let scope = Scope::new().await;
    scope.client.networks().create(&network(&scope, "names")).await.unwrap();
    let join = |alias: &str| {
        let attachment = NetworkAttachment { aliases: vec![alias.into()], ..NetworkAttachment::default() };
        [(scope.name("names"), attachment)].into()
    };
    let server = scope.run(&CreateContainer { networks: join("target"), ..scope.sleeper("server") }).await;
    let asker = scope.run(&CreateContainer { networks: join("asker"), ..scope.sleeper("asker") }).await;
    let inspected = scope.client.containers().inspect(&server).await.unwrap();
    let address = inspected.network_settings.address_in(&scope.name("names")).unwrap().to_string();
    let ask = ExecOptions::new(["getent", "hosts", "target"]);
    eventually("the alias resolves", async || {
        let answer = scope.client.exec().run(&asker, &ask, None).await.unwrap();
        String::from_utf8_lossy(&answer.stdout).contains(&address)
    })
    .await;
}

#[tokio::test]
async fn alias_leads_to_the_new_address_after_a_restart() {
    let scope = Scope::new().await;
    scope.client.networks().create(&network(&scope, "moving")).await.unwrap();
    let join = |alias: &str| {
        let attachment = NetworkAttachment { aliases: vec![alias.into()], ..NetworkAttachment::default() };
        [(scope.name("moving"), attachment)].into()
    };
    let server = scope.run(&CreateContainer { networks: join("target"), ..scope.sleeper("server") }).await;
    let asker = scope.run(&CreateContainer { networks: join("asker"), ..scope.sleeper("asker") }).await;
    let address = async || {
        let inspected = scope.client.containers().inspect(&server).await.unwrap();
        inspected.network_settings.address_in(&scope.name("moving")).unwrap().to_string()
    };
    let before = address().await;
    scope.client.containers().restart(&server, std::time::Duration::from_secs(10)).await.unwrap();
    let after = address().await;
    assert_ne!(before, after, "the reason why no address is ever kept");
    let ask = ExecOptions::new(["getent", "ahostsv4", "target"]);
    eventually("the alias leads to the new address", async || {
        let answer = scope.client.exec().run(&asker, &ask, None).await.unwrap();
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        text.contains(&after) && !text.split_whitespace().any(|word| word == before)
    })
    .await;
}

//! Queries of `credentials`.

use stardeck_domain::{
    Credential, CredentialId, CredentialPurpose, CredentialState, DatabaseId, LoginName, SealedText,
};
use stardeck_repository::{Constraint, Error, credentials, databases, tombstones};

use crate::fixture::{Store, conflict, missing, moment};

fn credential(database: DatabaseId, purpose: CredentialPurpose, version: u32) -> Credential {
    Credential {
        id: CredentialId::new(),
        database_id: database,
        purpose,
        username: LoginName::parse("admin").unwrap(),
        sealed_password: SealedText::new(format!("v1|k|n|{version}")),
        version,
        state: CredentialState::Pending,
        created_at: moment(0),
    }
}

async fn insert(store: &Store, credential: &Credential) -> Result<(), Error> {
    let credential = credential.clone();
    store.write(move |tx| credentials::insert(tx, &credential)).await
}

async fn activate(store: &Store, id: CredentialId) -> Result<(), Error> {
    store.write(move |tx| credentials::activate(tx, id, moment(1))).await
}

async fn states(store: &Store, database: DatabaseId) -> Vec<(u32, CredentialState)> {
    let all = store.read(move |tx| credentials::list_of(tx, database)).await.unwrap();
    all.iter().map(|credential| (credential.version, credential.state)).collect()
}

#[tokio::test]
async fn pending_credential_is_read_back_sealed() {
    let store = Store::new();
    let database = store.database("shop").await;
    let new = credential(database, CredentialPurpose::Admin, 1);
    insert(&store, &new).await.unwrap();
    let (admin, pending, active) =
        (CredentialPurpose::Admin, CredentialState::Pending, CredentialState::Active);
    let found = store.read(move |tx| credentials::find(tx, database, admin, pending)).await.unwrap().unwrap();
    assert_eq!((found.id, found.version, found.username), (new.id, 1, new.username));
    assert_eq!((found.sealed_password, found.created_at), (new.sealed_password, new.created_at));
    assert!(store.read(move |tx| credentials::find(tx, database, admin, active)).await.unwrap().is_none());
}

#[tokio::test]
async fn credential_without_a_database_is_refused() {
    let store = Store::new();
    let lost = credential(DatabaseId::new(), CredentialPurpose::Admin, 1);
    assert_eq!(conflict(insert(&store, &lost).await), Constraint::Reference);
}

#[tokio::test]
async fn activating_a_version_retires_the_one_before() {
    let store = Store::new();
    let database = store.database("shop").await;
    let (first, second) = (
        credential(database, CredentialPurpose::Admin, 1),
        credential(database, CredentialPurpose::Admin, 2),
    );
    insert(&store, &first).await.unwrap();
    activate(&store, first.id).await.unwrap();
    insert(&store, &second).await.unwrap();
    assert_eq!(states(&store, database).await, [(1, CredentialState::Active), (2, CredentialState::Pending)]);
    activate(&store, second.id).await.unwrap();
    activate(&store, second.id).await.unwrap();
    assert_eq!(states(&store, database).await, [(1, CredentialState::Retired), (2, CredentialState::Active)]);
    activate(&store, first.id).await.unwrap();
    assert_eq!(states(&store, database).await, [(1, CredentialState::Active), (2, CredentialState::Retired)]);
    assert_eq!(missing(activate(&store, CredentialId::new()).await), "credential");
}

#[tokio::test]
async fn purposes_and_databases_do_not_touch_each_other() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    for new in [
        credential(one, CredentialPurpose::Admin, 1),
        credential(one, CredentialPurpose::Management, 1),
        credential(other, CredentialPurpose::Admin, 1),
    ] {
        insert(&store, &new).await.unwrap();
        activate(&store, new.id).await.unwrap();
    }
    assert_eq!(states(&store, one).await, [(1, CredentialState::Active), (1, CredentialState::Active)]);
    assert_eq!(states(&store, other).await, [(1, CredentialState::Active)]);
}

#[tokio::test]
async fn each_app_user_has_an_active_version_of_its_own() {
    let store = Store::new();
    let database = store.database("shop").await;
    let mut ids = Vec::new();
    for user in ["web", "worker"] {
        let mut new = credential(database, CredentialPurpose::App, 1);
        new.username = LoginName::parse(user).unwrap();
        insert(&store, &new).await.unwrap();
        activate(&store, new.id).await.unwrap();
        ids.push(new.id);
    }
    assert_eq!(states(&store, database).await, [(1, CredentialState::Active), (1, CredentialState::Active)]);
}

#[tokio::test]
async fn version_that_exists_and_second_active_one_are_conflicts() {
    let store = Store::new();
    let database = store.database("shop").await;
    let mut active = credential(database, CredentialPurpose::Admin, 1);
    active.state = CredentialState::Active;
    insert(&store, &active).await.unwrap();
    let twin = credential(database, CredentialPurpose::Admin, 1);
    assert_eq!(conflict(insert(&store, &twin).await), Constraint::CredentialVersion);
    let mut rival = credential(database, CredentialPurpose::Admin, 2);
    rival.state = CredentialState::Active;
    assert_eq!(conflict(insert(&store, &rival).await), Constraint::ActiveCredential);
}

#[tokio::test]
async fn versions_count_up_within_database_and_purpose() {
    let store = Store::new();
    let database = store.database("shop").await;
    let next = |purpose| store.read(move |tx| credentials::next_version(tx, database, purpose));
    assert_eq!(next(CredentialPurpose::Admin).await.unwrap(), 1);
    insert(&store, &credential(database, CredentialPurpose::Admin, 1)).await.unwrap();
    insert(&store, &credential(database, CredentialPurpose::Admin, 2)).await.unwrap();
    assert_eq!(next(CredentialPurpose::Admin).await.unwrap(), 3);
    assert_eq!(next(CredentialPurpose::Management).await.unwrap(), 1);
}

#[tokio::test]
async fn newest_version_of_a_state_is_found() {
    let store = Store::new();
    let database = store.database("shop").await;
    for version in [1, 3, 2] {
        insert(&store, &credential(database, CredentialPurpose::Admin, version)).await.unwrap();
    }
    let (admin, pending) = (CredentialPurpose::Admin, CredentialState::Pending);
    let found = store.read(move |tx| credentials::find(tx, database, admin, pending)).await.unwrap();
    assert_eq!(found.map(|credential| credential.version), Some(3));
}

#[tokio::test]
async fn deleting_a_purpose_leaves_the_others_and_forgetting_the_database_leaves_none() {
    let store = Store::new();
    let database = store.database("shop").await;
    insert(&store, &credential(database, CredentialPurpose::Bootstrap, 1)).await.unwrap();
    insert(&store, &credential(database, CredentialPurpose::Admin, 7)).await.unwrap();
    let bootstrap = CredentialPurpose::Bootstrap;
    store.write(move |tx| credentials::delete_by_purpose(tx, database, bootstrap)).await.unwrap();
    store.write(move |tx| credentials::delete_by_purpose(tx, database, bootstrap)).await.unwrap();
    assert_eq!(states(&store, database).await, [(7, CredentialState::Pending)]);
    store.write(move |tx| tombstones::bury(tx, database, None, moment(1))).await.unwrap();
    assert_eq!(states(&store, database).await.len(), 1, "a tombstone keeps its credentials");
    store.write(move |tx| databases::forget(tx, database)).await.unwrap();
    assert!(states(&store, database).await.is_empty());
}

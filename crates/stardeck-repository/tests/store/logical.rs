//! Queries of `logical_databases` and `logical_users`.

use stardeck_domain::{
    DatabaseId, LogicalDatabase, LogicalDatabaseId, LogicalName, LogicalState, LogicalUser, LogicalUserId,
    LoginName, Preset,
};
use stardeck_repository::{Constraint, databases, logical};

use crate::fixture::{Store, conflict, moment};

fn database(managed: DatabaseId, name: &str) -> LogicalDatabase {
    LogicalDatabase {
        id: LogicalDatabaseId::new(),
        database_id: managed,
        name: LogicalName::parse(name).unwrap(),
        state: LogicalState::Pending,
        created_at: moment(0),
        created_by: None,
    }
}

fn user(of: &LogicalDatabase, name: &str) -> LogicalUser {
    LogicalUser {
        id: LogicalUserId::new(),
        database_id: of.database_id,
        logical_database_id: of.id,
        logical_database: of.name.clone(),
        username: LoginName::parse(name).unwrap(),
        preset: Preset::ReadWrite,
        state: LogicalState::Pending,
        created_at: moment(1),
    }
}

#[tokio::test]
async fn databases_and_users_are_read_back_whole() {
    let store = Store::new();
    let managed = store.database("shop").await;
    let mut shop = database(managed, "Shop \"1\"");
    let mut clerk = user(&shop, "o'brien");
    let rows = (shop.clone(), clerk.clone());
    store
        .write(move |tx| {
            logical::insert_database(tx, &rows.0)?;
            logical::insert_user(tx, &rows.1)?;
            logical::mark_database_active(tx, rows.0.id)?;
            logical::mark_user_active(tx, rows.1.id)
        })
        .await
        .unwrap();
    (shop.state, clerk.state) = (LogicalState::Active, LogicalState::Active);
    let (name, username) = (shop.name.clone(), clerk.username.clone());
    let found = store.read(move |tx| logical::find_database(tx, managed, &name)).await.unwrap();
    assert_eq!(found.as_ref(), Some(&shop));
    let found = store.read(move |tx| logical::find_user(tx, managed, &username)).await.unwrap();
    assert_eq!(found.as_ref(), Some(&clerk));
    assert_eq!(store.read(move |tx| logical::list_databases(tx, managed)).await.unwrap(), [shop]);
    assert_eq!(store.read(move |tx| logical::list_users(tx, managed)).await.unwrap(), [clerk]);
}

#[tokio::test]
async fn second_of_a_name_is_a_conflict_in_one_managed_database_only() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    let first = database(one, "shop");
    let clerk = user(&first, "clerk");
    store
        .write(move |tx| {
            logical::insert_database(tx, &first)?;
            logical::insert_user(tx, &clerk)
        })
        .await
        .unwrap();
    let again = database(one, "shop");
    let refused = store.write(move |tx| logical::insert_database(tx, &again)).await;
    assert_eq!(conflict(refused), Constraint::LogicalDatabaseName);
    let second = database(one, "second");
    let clerk = user(&second, "clerk");
    let refused = store
        .write(move |tx| {
            logical::insert_database(tx, &second)?;
            logical::insert_user(tx, &clerk)
        })
        .await;
    assert_eq!(conflict(refused), Constraint::LogicalUserName);
    let elsewhere = database(other, "shop");
    store.write(move |tx| logical::insert_database(tx, &elsewhere)).await.unwrap();
}

#[tokio::test]
async fn users_go_with_their_logical_database_and_all_with_the_managed_one() {
    let store = Store::new();
    let managed = store.database("shop").await;
    for name in ["first", "second"] {
        let (row, id) = (database(managed, name), name);
        let clerk = user(&row, id);
        store
            .write(move |tx| {
                logical::insert_database(tx, &row)?;
                logical::insert_user(tx, &clerk)
            })
            .await
            .unwrap();
    }
    let first = LogicalName::parse("first").unwrap();
    let found = store.read(move |tx| logical::find_database(tx, managed, &first)).await.unwrap().unwrap();
    store.write(move |tx| logical::delete_database(tx, found.id)).await.unwrap();
    let left = store.read(move |tx| logical::list_users(tx, managed)).await.unwrap();
    assert_eq!(left.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["second"]);
    store.write(move |tx| databases::forget(tx, managed)).await.unwrap();
    assert!(store.read(move |tx| logical::list_users(tx, managed)).await.unwrap().is_empty());
    assert!(store.read(move |tx| logical::list_databases(tx, managed)).await.unwrap().is_empty());
}

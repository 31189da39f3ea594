//! Logical databases and users on the fake: a call fails at every place where there is one, and each request comes twice.

use stardeck_domain::{AuditAction, LogicalName, LogicalState, LoginName, ManagedDatabase, Preset};
use stardeck_service::{
    Error,
    logical::{CreateLogicalDatabase, CreateLogicalUser},
    runtime::RuntimeError,
};
use stardeck_testkit::{Method, ServicesBuilder, TestBed, audited, password};

use super::support::{deploy, everything, refusal};

fn name(text: &str) -> LogicalName {
    LogicalName::parse(text).unwrap()
}

fn login(text: &str) -> LoginName {
    LoginName::parse(text).unwrap()
}

fn database(text: &str) -> CreateLogicalDatabase {
    CreateLogicalDatabase { name: name(text), encoding: None, collation: None, extensions: Vec::new() }
}

fn user(username: &str, within: &str) -> CreateLogicalUser {
    CreateLogicalUser {
        username: login(username),
        password: Some(password("p")),
        database: name(within),
        preset: Preset::Owner,
        connection_limit: None,
    }
}

async fn bed_with_shop() -> (TestBed, ManagedDatabase) {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    (bed, shop)
}

#[tokio::test]
async fn making_and_dropping_leaves_what_was_there_before() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    let logical = &bed.services.logical;
    logical.create_database(&bed.admin, shop.id, database("app")).await.unwrap();
    logical.create_user(&bed.admin, shop.id, user("clerk", "app")).await.unwrap();
    let users = logical.list_users(shop.id).await.unwrap();
    let clerk = users.iter().find(|entry| entry.username == "clerk").unwrap();
    assert_eq!((clerk.preset, clerk.state), (Some(Preset::Owner), Some(LogicalState::Active)));
    assert!(users.iter().all(|entry| entry.username != "stardeck"));
    assert_eq!(
        logical.user_credentials(&bed.admin, shop.id, login("clerk")).await.unwrap().password.expose(),
        "p"
    );
    logical.delete_database(&bed.admin, shop.id, name("app"), "app").await.unwrap();
    assert_eq!(everything(&bed).await, before, "the user goes with its database");
    assert!(logical.user_credentials(&bed.admin, shop.id, login("clerk")).await.is_err());
    let actions = audited(&bed.db, shop.id).await;
    assert_eq!(
        actions[1..],
        [
            AuditAction::LogicalDatabaseCreated,
            AuditAction::LogicalUserCreated,
            AuditAction::CredentialsRead,
            AuditAction::LogicalDatabaseDropped,
        ]
    );
}

#[tokio::test]
async fn second_of_a_name_is_refused_whoever_made_the_first() {
    let (bed, shop) = bed_with_shop().await;
    let logical = &bed.services.logical;
    logical.create_database(&bed.admin, shop.id, database("app")).await.unwrap();
    logical.create_user(&bed.admin, shop.id, user("clerk", "app")).await.unwrap();
    let again = logical.create_database(&bed.admin, shop.id, database("app")).await;
    assert!(matches!(again, Err(Error::NameTaken { .. })), "{again:?}");
    let again = logical.create_user(&bed.admin, shop.id, user("clerk", "app")).await;
    assert!(matches!(again, Err(Error::NameTaken { .. })), "{again:?}");
}

#[tokio::test]
async fn creation_that_fails_at_any_call_leaves_nothing_or_is_finished_by_the_same_request() {
    for lose in [false, true] {
        let (bed, shop) = bed_with_shop().await;
        let (logical, admin, id) = (&bed.services.logical, &bed.admin, shop.id);
        logical.create_database(admin, id, database("app")).await.unwrap();
        let before = everything(&bed).await;
        let mut struck = 0;
        for call in 1.. {
            if lose {
                bed.runtime.lose_answer_at(call, refusal());
            } else {
                bed.runtime.fail_at(call, refusal());
            }
            let made = async {
                logical.create_database(admin, id, database("other")).await?;
                logical.create_user(admin, id, user("clerk", "other")).await
            };
            let outcome = made.await.map(|_| ());
            let has_struck = bed.runtime.has_struck();
            bed.runtime.clear_faults();
            if outcome.is_err() {
                // The same again comes through, whatever was left.
                let databases = logical.list_databases(id).await.unwrap();
                let other = databases.iter().find(|entry| entry.name == "other");
                if other.is_none_or(|entry| entry.state == Some(LogicalState::Pending)) {
                    logical.create_database(admin, id, database("other")).await.unwrap();
                }
                let users = logical.list_users(id).await.unwrap();
                let clerk = users.iter().find(|entry| entry.username == "clerk");
                if clerk.is_none_or(|entry| entry.state == Some(LogicalState::Pending)) {
                    logical.create_user(admin, id, user("clerk", "other")).await.unwrap();
                }
            }
            let login = logical.user_credentials(admin, id, login("clerk")).await.unwrap();
            assert_eq!(login.password.expose(), "p");
            logical.delete_database(admin, id, name("other"), "other").await.unwrap();
            assert_eq!(everything(&bed).await, before, "call {call}");
            if !has_struck {
                break;
            }
            struck += 1;
        }
        assert!(struck >= 8, "only {struck} calls were struck");
    }
}

/// An engine that refuses a name for good refuses its removal as well.
#[tokio::test]
async fn what_the_engine_refuses_to_make_and_to_drop_leaves_nothing() {
    let (bed, shop) = bed_with_shop().await;
    let (logical, admin, id) = (&bed.services.logical, &bed.admin, shop.id);
    let refused = || RuntimeError::Conflict { detail: "the name begins with a dot".to_owned() };
    let before = everything(&bed).await;
    bed.runtime.fail_method(Method::CreateDatabase, refused(), 1);
    bed.runtime.fail_method(Method::DropDatabase, refused(), 1);
    let made = logical.create_database(admin, id, database(".app")).await;
    assert!(matches!(made, Err(Error::EngineRefused { .. })), "{made:?}");
    assert_eq!(everything(&bed).await, before);

    logical.create_database(admin, id, database("app")).await.unwrap();
    bed.runtime.fail_method(Method::PutUser, refused(), 1);
    bed.runtime.fail_method(Method::DropUser, refused(), 1);
    let made = logical.create_user(admin, id, user("clerk", "app")).await;
    assert!(matches!(made, Err(Error::EngineRefused { .. })), "{made:?}");
    assert!(logical.list_users(id).await.unwrap().iter().all(|entry| entry.username != "clerk"));
    // One that is there and can not be dropped stays, and says so.
    logical.create_user(admin, id, user("clerk", "app")).await.unwrap();
    bed.runtime.fail_method(Method::DropUser, refused(), 1);
    let dropped = logical.delete_user(admin, id, login("clerk"), "clerk").await;
    assert!(matches!(dropped, Err(Error::EngineRefused { .. })), "{dropped:?}");
    logical.delete_user(admin, id, login("clerk"), "clerk").await.unwrap();
}

#[tokio::test]
async fn removal_that_fails_at_any_call_is_finished_by_the_same_request() {
    let (bed, shop) = bed_with_shop().await;
    let (logical, admin, id) = (&bed.services.logical, &bed.admin, shop.id);
    let before = everything(&bed).await;
    let make = || async move {
        logical.create_database(admin, id, database("app")).await.unwrap();
        logical.create_user(admin, id, user("clerk", "app")).await.unwrap();
    };
    for lose in [false, true] {
        for call in 1.. {
            make().await;
            if lose {
                bed.runtime.lose_answer_at(call, refusal());
            } else {
                bed.runtime.fail_at(call, refusal());
            }
            let outcome = logical.delete_database(admin, id, name("app"), "app").await;
            let has_struck = bed.runtime.has_struck();
            bed.runtime.clear_faults();
            if outcome.is_err() {
                logical.delete_database(admin, id, name("app"), "app").await.unwrap();
            }
            assert_eq!(everything(&bed).await, before, "call {call}");
            if !has_struck {
                assert!(call > 3, "only {call} calls");
                break;
            }
        }
    }
}

#[tokio::test]
async fn creation_that_the_engine_refuses_is_taken_back() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    bed.runtime.fail_method(Method::CreateDatabase, refusal(), 1);
    let refused = bed.services.logical.create_database(&bed.admin, shop.id, database("app")).await;
    assert!(matches!(refused, Err(Error::EngineUnavailable { .. })), "{refused:?}");
    assert_eq!(everything(&bed).await, before);
    assert!(bed.services.logical.list_databases(shop.id).await.unwrap().is_empty());
}

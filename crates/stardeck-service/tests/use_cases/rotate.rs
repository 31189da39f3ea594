//! Replacing the passwords of the administrator and of our own role, on the fake.

use stardeck_domain::{AuditAction, LoginName, ManagedDatabase};
use stardeck_service::databases::RotatedLogin;
use stardeck_testkit::{ServicesBuilder, TestBed, audited};

use super::{
    adoption::{adopt, foreign},
    support::{deploy, refusal},
};

async fn admin(bed: &TestBed, database: &ManagedDatabase) -> (LoginName, String) {
    let found = bed.services.databases.credentials(&bed.admin, database.id).await.unwrap();
    (found.username, found.password.expose().to_owned())
}

/// The logical databases are listed with our own role's login.
async fn is_managed(bed: &TestBed, database: &ManagedDatabase) {
    bed.services.logical.list_databases(database.id).await.unwrap();
}

#[tokio::test]
async fn administrators_password_is_another_one_and_our_own_role_goes_on() {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    let before = admin(&bed, &shop).await;
    bed.services.databases.rotate_credentials(&bed.admin, shop.id, RotatedLogin::Admin).await.unwrap();
    let after = admin(&bed, &shop).await;
    assert!(before.0 == after.0 && before.1 != after.1);
    bed.services.databases.rotate_credentials(&bed.admin, shop.id, RotatedLogin::Management).await.unwrap();
    is_managed(&bed, &shop).await;
    assert_eq!(admin(&bed, &shop).await, after);
    let actions = audited(&bed.db, shop.id).await;
    assert_eq!(actions.iter().filter(|action| **action == AuditAction::CredentialsRotated).count(), 2);
}

#[tokio::test]
async fn rotation_that_fails_anywhere_leaves_a_password_that_works() {
    for whose in [RotatedLogin::Admin, RotatedLogin::Management] {
        for lose in [false, true] {
            let bed = ServicesBuilder::new().start().await;
            let shop = deploy(&bed, "shop").await;
            let mut failed = 0;
            for call in 1..50 {
                if lose {
                    bed.runtime.lose_answer_at(call, refusal());
                } else {
                    bed.runtime.fail_at(call, refusal());
                }
                let outcome = bed.services.databases.rotate_credentials(&bed.admin, shop.id, whose).await;
                let has_struck = bed.runtime.has_struck();
                bed.runtime.clear_faults();
                failed += u32::from(outcome.is_err());
                // Another attempt settles whatever is open.
                bed.services.databases.rotate_credentials(&bed.admin, shop.id, whose).await.unwrap();
                is_managed(&bed, &shop).await;
                let stored = admin(&bed, &shop).await;
                let known = bed.runtime.accounts(shop.container_name.as_str());
                assert_eq!(known.get(stored.0.as_str()), Some(&stored.1), "call {call}");
                if !has_struck {
                    break;
                }
            }
            assert!(failed >= 2, "only {failed} attempts failed");
            assert!(bed.services.databases.get(shop.id).await.is_ok());
        }
    }
}

/// The call hangs, nobody waits for it any more, and nobody asks for another rotation.
#[tokio::test]
async fn rotation_that_is_cut_off_anywhere_is_settled_by_the_next_use() {
    for whose in [RotatedLogin::Admin, RotatedLogin::Management] {
        for is_done in [false, true] {
            let bed = ServicesBuilder::new().start().await;
            let shop = deploy(&bed, "shop").await;
            for call in 1..50 {
                if is_done {
                    bed.runtime.hang_after(call);
                } else {
                    bed.runtime.hang_before(call);
                }
                let is_over = tokio::select! {
                    outcome = bed.services.databases.rotate_credentials(&bed.admin, shop.id, whose) => {
                        outcome.unwrap();
                        true
                    }
                    () = bed.runtime.until_hanging() => false,
                };
                bed.runtime.clear_faults();
                is_managed(&bed, &shop).await;
                let stored = admin(&bed, &shop).await;
                let known = bed.runtime.accounts(shop.container_name.as_str());
                assert_eq!(known.get(stored.0.as_str()), Some(&stored.1), "{whose:?} at call {call}");
                if is_over {
                    assert!(call > 3, "only {call} calls were cut off");
                    break;
                }
            }
        }
    }
}

/// Their one login is the administrator's and Stardeck's own, so that both know the new password, whichever was asked for.
#[tokio::test]
async fn one_login_of_an_adopted_database_is_replaced_for_both_who_use_it() {
    for whose in [RotatedLogin::Admin, RotatedLogin::Management] {
        for lose in [false, true] {
            let bed = ServicesBuilder::new().start().await;
            bed.runtime.add_foreign_container(foreign("blog-db"));
            let (blog, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
            let databases = &bed.services.databases;
            for call in 1..50 {
                if lose {
                    bed.runtime.lose_answer_at(call, refusal());
                } else {
                    bed.runtime.fail_at(call, refusal());
                }
                // Whether it fails or not; another attempt settles whatever is open.
                drop(databases.rotate_credentials(&bed.admin, blog.id, whose).await);
                let has_struck = bed.runtime.has_struck();
                bed.runtime.clear_faults();
                databases.rotate_credentials(&bed.admin, blog.id, whose).await.unwrap();
                is_managed(&bed, &blog).await;
                let stored = admin(&bed, &blog).await;
                let known = bed.runtime.accounts("blog-db");
                assert_eq!(known.get(stored.0.as_str()), Some(&stored.1), "call {call}");
                if !has_struck {
                    break;
                }
            }
        }
    }
}

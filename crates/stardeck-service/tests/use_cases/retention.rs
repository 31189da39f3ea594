//! Operations that ended long ago are forgotten when the server starts.

use chrono::{TimeDelta, Utc};
use stardeck_domain::{DatabaseId, JsonText, NewOperation, OperationId, OperationKind, OperationState};
use stardeck_repository::{Tx, operations};
use stardeck_service::Error;
use stardeck_testkit::{ServicesBuilder, TestBed, until};

use super::support::deploy;

/// An operation that ended so many days ago.
async fn ended(bed: &TestBed, database_id: DatabaseId, days_ago: i64) -> OperationId {
    let operation = NewOperation {
        id: OperationId::new(),
        kind: OperationKind::Start,
        database_id,
        requested_by: None,
        input: JsonText(r#"{"kind":"none"}"#.to_owned()),
        steps: Vec::new(),
    };
    let (id, at) = (operation.id, Utc::now() - TimeDelta::days(days_ago));
    bed.db
        .write(move |tx: &mut Tx| {
            operations::insert(tx, &operation, at)?;
            operations::finish(tx, id, OperationState::Succeeded, None, None, at)
        })
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn what_ended_long_ago_is_forgotten_and_the_last_of_a_database_is_not() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let nobody = DatabaseId::new();
    let (old, older) = (ended(&bed, nobody, 91).await, ended(&bed, nobody, 400).await);
    let young = ended(&bed, nobody, 89).await;
    let last = ended(&bed, database.id, 400).await;
    let bed = bed.restart().await;
    until("the old ones are forgotten", || async {
        let gone = [bed.services.operations.get(old).await, bed.services.operations.get(older).await];
        gone.iter().all(|found| matches!(found, Err(Error::NotFound { .. }))).then_some(())
    })
    .await;
    for id in [young, last] {
        bed.services.operations.get(id).await.unwrap();
    }
}

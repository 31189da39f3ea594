//! Every engine's own steps, with a fault at every call: its files, its secret, its accounts.

use std::collections::BTreeMap;

use stardeck_domain::{Engine, OperationState};
use stardeck_engines::{ImageFacts, adapter};
use stardeck_service::databases::CreateDatabase;
use stardeck_testkit::{Method, ServicesBuilder, TestBed, create_request};

use super::support::{delete, everything, refusal, runs, succeeded, undone};

/// What the images of all engines declare, in the versions that are deployed when none is asked for.
const DECLARED: &[(&str, &str)] = &[
    ("PG_MAJOR", "16"),
    ("PGDATA", "/srv/data"),
    ("MARIADB_VERSION", "1:10.11.18+maria~ubu2204"),
    ("MYSQL_VERSION", "8.4.11-1.el9"),
    ("REDIS_VERSION", "7.4.11"),
    ("MONGO_VERSION", "7.0.40"),
];

/// A request for an engine's default version, whose image is present. It is named, so that the processor of the host
/// that runs this does not matter.
pub(super) fn request(bed: &TestBed, engine: Engine) -> CreateDatabase {
    let image = adapter(engine).choose_image(None, None).unwrap().reference;
    let env: BTreeMap<_, _> =
        DECLARED.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let facts = ImageFacts { env, volumes: vec!["/extra".to_owned()], ..ImageFacts::default() };
    bed.runtime.add_image_with(&image.to_string(), facts);
    CreateDatabase { engine, version: None, image: Some(image), ..create_request("shop") }
}

#[tokio::test]
async fn create_of_every_engine_is_all_or_nothing_at_any_call() {
    for engine in Engine::ALL.iter().copied() {
        let bed = ServicesBuilder::new().start().await;
        let request = request(&bed, engine);
        let before = everything(&bed).await;
        let mut struck = Vec::new();
        for call in 1.. {
            bed.runtime.fail_at(call, refusal());
            let created = bed.services.databases.create(&bed.admin, request.clone()).await;
            let operation = match created {
                Ok((_, operation)) => Some(bed.wait_for(operation.id).await),
                Err(_) => None,
            };
            let has_struck = bed.runtime.has_struck();
            bed.runtime.clear_faults();
            if let Some(operation) = operation.as_ref().filter(|done| done.state == OperationState::Succeeded)
            {
                let database = bed.services.databases.get(operation.database_id).await.unwrap();
                runs(&bed, &database).await;
                delete(&bed, &database).await;
            } else if let Some(operation) = &operation {
                undone(operation);
            }
            assert_eq!(everything(&bed).await, before, "{engine}, call {call}: {operation:#?}");
            if !has_struck {
                succeeded(&operation.unwrap());
                break;
            }
            struck.extend(bed.runtime.journal().into_iter().rev().find(|call| call.is_struck));
        }
        let is_struck = |method: Method| struck.iter().any(|call| call.method == method);
        let seeds = adapter(engine).seed_files(&[]).len();
        assert_eq!(is_struck(Method::PutFile), seeds > 0, "{engine}");
        assert_eq!(is_struck(Method::CreateSecret), seeds == 0, "{engine}");
        bed.services.shut_down().await;
    }
}

//! Sealed values: that none is forgotten when they are sealed anew.

use stardeck_domain::{AppId, SealedText};
use stardeck_repository::{Error, sealed};

use crate::fixture::{Store, texts};

/// Nothing is written there, so that there is nothing to seal anew.
const UNUSED: [&str; 2] = ["operation_steps.sealed_output", "operations.sealed_input"];

const SEALED: &str = "SELECT m.name || '.' || c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c \
                      WHERE m.type = 'table' AND c.name LIKE 'sealed%' ORDER BY 1";

#[tokio::test]
async fn every_column_of_sealed_values_is_listed_and_replaced() {
    let store = Store::new();
    store.tamper(
        "INSERT INTO apps (id, name, container_name, image, status, desired_state, spec, sealed_env, sealed_external,
                           created_at, updated_at)
             VALUES ('a', 'web', 'c', 'i', 'running', 'running', '{}', 'one', 'two', 't', 't'),
                    ('b', 'api', 'd', 'i', 'running', 'running', '{}', 'three', NULL, 't', 't');
         INSERT INTO registries (id, host, username, sealed_password, created_at, updated_at)
             VALUES ('r', 'h', 'u', 'four', 't', 't');",
    );
    let shop = store.database("shop").await;
    store.tamper(&format!(
        "INSERT INTO credentials (id, database_id, username, purpose, version, state, sealed_password, created_at)
             VALUES ('c', '{shop}', 'u', 'admin', 9, 'retired', 'five', 't')"
    ));
    let values = store.read(sealed::list).await.unwrap();
    let mut columns: Vec<_> =
        values.iter().map(|value| format!("{}.{}", value.table, value.column)).collect();
    columns.dedup();
    columns.extend(UNUSED.map(str::to_owned));
    columns.sort();
    assert_eq!(columns, texts(&mut store.raw(), SEALED), "a column of the schema is not sealed anew");

    let replaced = values.clone();
    store
        .write(move |tx| {
            for value in &replaced {
                sealed::replace(tx, value, &SealedText::new(format!("new {}", value.text.as_str())))?;
            }
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let after = store.read(sealed::list).await.unwrap();
    assert_eq!(after.len(), values.len());
    assert!(after.iter().all(|value| value.text.as_str().starts_with("new ")), "{after:?}");
    let mut gone = values[0].clone();
    gone.row = AppId::new().to_string();
    let refused = store.write(move |tx| sealed::replace(tx, &gone, &SealedText::new("x"))).await;
    assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
}

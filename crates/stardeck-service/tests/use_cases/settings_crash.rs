//! The server dies in the middle of a change of settings, or while one is put back.

use std::time::Duration;

use stardeck_service::databases::{Change, ChangeDatabase};
use stardeck_testkit::{EngineBehaviour, Method, ServicesBuilder, until};

use super::{
    crash::{Deed, Remains, ask, die_everywhere, prepare, server, survive},
    support::{SHOP, runs},
};

#[test]
fn interrupted_change_of_settings_is_finished() {
    die_everywhere(Deed::Change, 25, &async |bed, id| {
        // Before the request was written down it never was.
        if bed.services.databases.get(id.unwrap()).await.unwrap().external_port.is_none() {
            ask(bed, Deed::Change, id).await;
        }
        let row = bed.services.databases.get(id.unwrap()).await.unwrap();
        let found = bed.runtime.snapshot();
        assert_eq!((found.containers.len(), found.secrets.len()), (1, 2), "{found:#?}");
        assert_eq!(found.containers[SHOP].limits.0, Some(1 << 30));
        assert_eq!(found.containers[SHOP].host_ports, [row.external_port.unwrap().get()]);
        runs(bed, &row).await;
    });
}

#[test]
fn interrupted_undo_of_a_change_is_finished() {
    for method in [Method::RemoveContainer, Method::RenameContainer, Method::RemoveSecret] {
        let server = server();
        let (store, runtime, id, before) = server.block_on(async {
            let bed = ServicesBuilder::new().start().await;
            let id = prepare(&bed, Deed::Change).await;
            let before = bed.runtime.snapshot();
            bed.runtime.hang_method(Method::CreateContainer);
            let larger = ChangeDatabase { memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() };
            let databases = &bed.services.databases;
            databases.change_settings(&bed.admin, id.unwrap(), None, larger, false).await.unwrap();
            bed.runtime.until_hanging().await;
            let refuses = Some("shared_buffers".to_owned());
            let behaviour = EngineBehaviour { refuses_setting: refuses, ..EngineBehaviour::default() };
            bed.runtime.set_engine_behaviour(behaviour);
            bed.runtime.hang_after_method(method);
            bed.runtime.release();
            until("the new container's start", || async {
                (bed.runtime.count(Method::StartContainer) > 1).then_some(())
            })
            .await;
            bed.runtime.until_hanging().await;
            (bed.store, bed.runtime, id, before)
        });
        server.shutdown_timeout(Duration::from_secs(10));
        runtime.clear_faults();
        survive(Remains { store, runtime, id }, async |bed, id| {
            let row = bed.services.databases.get(id.unwrap()).await.unwrap();
            let found = bed.runtime.snapshot();
            assert_eq!(found.containers.len(), 1, "{method:?}: {found:#?}");
            assert_eq!(found, before, "{method:?}");
            runs(bed, &row).await;
        });
    }
}

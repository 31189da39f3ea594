//! Queries of `apps` and `database_connections`.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use stardeck_domain::{
    App, AppId, AppStatus, ConnectionId, ConnectionState, ContainerId, ContainerName, DatabaseConnection,
    DatabaseId, Delivery, DesiredState, HostId, ImageId, ImageReference, JsonText, LogicalDatabase,
    LogicalDatabaseId, LogicalName, LogicalState, LogicalUser, LogicalUserId, LoginName, NetworkName,
    NewOperation, OperationId, OperationKind, OperationState, PortPurpose, PortReservation, Preset,
    SealedText, StepName,
};
use stardeck_repository::{Constraint, Page, apps, connections, databases, logical, operations, ports};

use crate::fixture::{Store, conflict, loopback, missing, moment, name, new_operation, port, texts};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

fn new_app(text: &str) -> App {
    App {
        id: AppId::new(),
        name: name(text),
        container_id: None,
        container_name: ContainerName::of_app(&name(text)),
        image: ImageReference::parse("docker.io/acme/web:1").unwrap(),
        image_id: None,
        status: AppStatus::Creating,
        status_reason: None,
        desired_state: DesiredState::Running,
        spec: JsonText("{}".to_owned()),
        sealed_env: SealedText::new("v1|sealed".to_owned()),
        sealed_external: Some(SealedText::new("v1|external".to_owned())),
        created_at: moment(0),
        updated_at: moment(0),
        created_by: None,
    }
}

impl Store {
    async fn app(&self, text: &str) -> App {
        let app = new_app(text);
        let row = app.clone();
        self.write(move |tx| apps::insert(tx, &row)).await.unwrap();
        app
    }

    /// A connection that is not written down, to a logical database and a user that are.
    async fn new_connection(&self, app: &App, database: DatabaseId, text: &str) -> DatabaseConnection {
        let within = LogicalDatabase {
            id: LogicalDatabaseId::new(),
            database_id: database,
            name: LogicalName::parse(text).unwrap(),
            state: LogicalState::Active,
            created_at: moment(0),
            created_by: None,
        };
        let user = LogicalUser {
            id: LogicalUserId::new(),
            database_id: database,
            logical_database_id: within.id,
            logical_database: within.name.clone(),
            username: LoginName::parse(text).unwrap(),
            preset: Preset::ReadWrite,
            state: LogicalState::Active,
            created_at: moment(0),
        };
        let connection = DatabaseConnection {
            id: ConnectionId::new(),
            app_id: app.id,
            app: app.name.clone(),
            database_id: database,
            logical_database_id: within.id,
            logical_database: within.name.clone(),
            logical_user_id: user.id,
            username: user.username.clone(),
            preset: user.preset,
            env_prefix: None,
            delivery: Delivery::File,
            network: Some(NetworkName::of_link(&app.name, "abc")),
            state: ConnectionState::Pending,
            created_at: moment(1),
        };
        let insert = move |tx: &mut stardeck_repository::Tx| {
            logical::insert_database(tx, &within)?;
            logical::insert_user(tx, &user)
        };
        self.write(insert).await.unwrap();
        connection
    }

    async fn connect(&self, app: &App, database: DatabaseId, text: &str) -> DatabaseConnection {
        let connection = self.new_connection(app, database, text).await;
        let row = connection.clone();
        self.write(move |tx| connections::insert(tx, &row)).await.unwrap();
        connection
    }

    async fn connection_count(&self, database: DatabaseId) -> u32 {
        self.read(move |tx| databases::get(tx, database)).await.unwrap().connection_count
    }
}

#[tokio::test]
async fn app_is_read_back_whole_and_what_changes_is_written_down() {
    let store = Store::new();
    let mut web = store.app("web").await;
    let (id, wanted) = (web.id, web.name.clone());
    let container = ContainerName::of_next_app(&web.name, "abc");
    (web.container_name, web.container_id) = (container.clone(), Some(ContainerId::new("c1")));
    web.image_id = Some(ImageId::new("i1"));
    (web.status, web.status_reason, web.updated_at) = (AppStatus::Error, Some("no".to_owned()), moment(5));
    web.desired_state = DesiredState::Stopped;
    store
        .write(move |tx| {
            apps::record_container(tx, id, &container, &ContainerId::new("c1"))?;
            apps::record_image(tx, id, &ImageId::new("i1"))?;
            apps::set_status(tx, id, AppStatus::Error, Some("no"), moment(5))?;
            apps::set_desired_state(tx, id, DesiredState::Stopped)
        })
        .await
        .unwrap();
    let found = store.read(move |tx| apps::get(tx, id)).await.unwrap();
    assert_eq!(format!("{found:?}"), format!("{web:?}"));
    let by_name = store.read(move |tx| apps::find_by_name(tx, &wanted)).await.unwrap();
    assert_eq!(by_name.unwrap().id, id);

    store.write(move |tx| apps::forget(tx, id)).await.unwrap();
    assert_eq!(missing(store.read(move |tx| apps::get(tx, id)).await), "app");
    let gone = store.write(move |tx| apps::set_status(tx, id, AppStatus::Running, None, moment(6))).await;
    assert_eq!(missing(gone), "app");
}

#[tokio::test]
async fn apps_are_listed_in_pages_and_a_second_of_a_name_is_a_conflict() {
    let store = Store::new();
    let (one, two) = (store.app("one").await, store.app("two").await);
    let again = new_app("one");
    assert_eq!(conflict(store.write(move |tx| apps::insert(tx, &again)).await), Constraint::AppName);
    let first = Page { limit: 1, ..Page::default() };
    let slice = store.read(move |tx| apps::list(tx, &first)).await.unwrap();
    assert_eq!((slice.items.len(), slice.items[0].id), (1, one.id));
    let rest = Page { limit: 1, after: slice.next };
    let slice = store.read(move |tx| apps::list(tx, &rest)).await.unwrap();
    assert_eq!((slice.items[0].id, slice.next), (two.id, None));
}

#[tokio::test]
async fn connection_is_read_back_with_its_names_and_counted() {
    let store = Store::new();
    let shop = store.database("shop").await;
    let web = store.app("web").await;
    let mut connection = store.connect(&web, shop, "web").await;
    let id = connection.id;
    assert_eq!(store.read(move |tx| connections::get(tx, id)).await.unwrap(), connection);
    assert_eq!(store.connection_count(shop).await, 1);
    store.write(move |tx| connections::set_state(tx, id, ConnectionState::Active)).await.unwrap();
    connection.state = ConnectionState::Active;
    let app = web.id;
    let of_app = store.read(move |tx| connections::list_of_app(tx, app)).await.unwrap();
    let of_database = store.read(move |tx| connections::list_of_database(tx, shop)).await.unwrap();
    assert_eq!((of_app, of_database), (vec![connection.clone()], vec![connection]));

    store.write(move |tx| connections::delete(tx, id)).await.unwrap();
    assert_eq!(store.connection_count(shop).await, 0);
    assert_eq!(missing(store.read(move |tx| connections::get(tx, id)).await), "connection");
}

#[tokio::test]
async fn second_set_of_the_same_variables_and_second_app_of_a_user_are_conflicts() {
    let store = Store::new();
    let shop = store.database("shop").await;
    let (web, other) = (store.app("web").await, store.app("other").await);
    let first = store.connect(&web, shop, "first").await;
    let second = store.new_connection(&web, shop, "second").await;
    let row = second.clone();
    let refused = store.write(move |tx| connections::insert(tx, &row)).await;
    assert_eq!(conflict(refused), Constraint::ConnectionPrefix);
    let row = DatabaseConnection { env_prefix: Some("STATS".to_owned()), ..second };
    store.write(move |tx| connections::insert(tx, &row)).await.unwrap();
    let row = DatabaseConnection { id: ConnectionId::new(), app_id: other.id, ..first };
    let refused = store.write(move |tx| connections::insert(tx, &row)).await;
    assert_eq!(conflict(refused), Constraint::ConnectionUser);
    assert_eq!(store.connection_count(shop).await, 2);
}

#[tokio::test]
async fn connections_go_with_their_app_and_with_their_database() {
    let store = Store::new();
    let (shop, stats) = (store.database("shop").await, store.database("stats").await);
    let (web, other) = (store.app("web").await, store.app("other").await);
    store.connect(&web, shop, "web").await;
    let kept = store.connect(&other, stats, "other").await;
    let (id, app) = (web.id, other.id);
    store.write(move |tx| apps::forget(tx, id)).await.unwrap();
    assert_eq!((store.connection_count(shop).await, store.connection_count(stats).await), (0, 1));
    assert_eq!(store.read(move |tx| connections::list_of_app(tx, app)).await.unwrap(), [kept]);
    store.write(move |tx| databases::forget(tx, stats)).await.unwrap();
    assert!(store.read(move |tx| connections::list_of_app(tx, app)).await.unwrap().is_empty());
}

#[tokio::test]
async fn ports_of_an_app_rest_when_they_are_given_back() {
    let store = Store::new();
    let web = store.app("web").await;
    let reservation = PortReservation {
        host_id: HostId::local(),
        address: loopback(),
        port: port(8100),
        purpose: PortPurpose::App,
        database_id: None,
    };
    let id = web.id;
    store
        .write(move |tx| {
            ports::reserve(tx, &reservation, moment(0))?;
            apps::hold_port(tx, &HostId::local(), port(8100), id)
        })
        .await
        .unwrap();
    let taken = move |at| move |tx: &mut stardeck_repository::Tx| ports::list_taken(tx, &HostId::local(), at);
    assert_eq!(store.read(taken(moment(1000))).await.unwrap().len(), 1);
    store.write(move |tx| apps::release_ports(tx, id, moment(60))).await.unwrap();
    assert_eq!(store.read(taken(moment(59))).await.unwrap().len(), 1);
    assert!(store.read(taken(moment(61))).await.unwrap().is_empty());
}

/// While its app is deployed nothing else may work on the database that is deployed with it.
#[tokio::test]
async fn deployment_of_an_app_is_at_work_on_the_database_it_deploys() {
    let store = Store::new();
    let (shop, stats) = (store.database("shop").await, store.database("stats").await);
    let id = OperationId::new();
    let operation = NewOperation {
        id,
        kind: OperationKind::AppCreate,
        input: JsonText(format!(r#"{{"kind":"app_create","link":null,"deploys":"{shop}"}}"#)),
        steps: vec![StepName::AppReserve],
        ..new_operation(DatabaseId::new())
    };
    store.write(move |tx| operations::insert(tx, &operation, moment(0))).await.unwrap();
    let find =
        move |database| move |tx: &mut stardeck_repository::Tx| operations::find_unfinished_of(tx, database);
    assert_eq!(store.read(find(shop)).await.unwrap().unwrap().id, id);
    assert!(store.read(find(stats)).await.unwrap().is_none());
    store
        .write(move |tx| operations::finish(tx, id, OperationState::Succeeded, None, None, moment(1)))
        .await
        .unwrap();
    assert!(store.read(find(shop)).await.unwrap().is_none());
}

/// A program without apps finds only words it knows, the rest of the rows, and the ports of apps free.
#[tokio::test]
async fn apps_are_taken_back_with_their_migration() {
    let store = Store::new();
    let shop = store.database("shop").await;
    let web = store.app("web").await;
    store.connect(&web, shop, "web").await;
    store.operation(shop).await;
    store.tamper(&format!(
        "INSERT INTO audit_log (id, at, action) VALUES ('a', 't', 'app_created'), ('b', 't', 'app_linked');
         INSERT INTO port_reservations (host_id, address, port, purpose, reserved_at, app_id)
             VALUES ('local', '127.0.0.1', 8100, 'app', 't', '{}');
         INSERT INTO operations (id, kind, target_id, state, input, created_at, finished_at)
             VALUES ('o', 'link', 't', 'succeeded', '{{}}', 't', 't');
         INSERT INTO operation_steps (operation_id, position, name, state) VALUES ('o', 1, 'verify', 'succeeded')",
        web.id
    ));
    let mut raw = store.raw();
    let applied = "SELECT version FROM __diesel_schema_migrations";
    while texts(&mut raw, applied).contains(&"20261126000100".to_owned()) {
        raw.revert_last_migration(MIGRATIONS).unwrap();
    }
    assert_eq!(texts(&mut raw, "SELECT kind FROM operations"), ["create"]);
    assert!(texts(&mut raw, "SELECT action FROM audit_log WHERE id IN ('a', 'b')").is_empty());
    assert!(texts(&mut raw, "SELECT address FROM port_reservations WHERE purpose = 'app'").is_empty());
    assert_eq!(texts(&mut raw, "SELECT name FROM managed_databases"), ["shop"]);
    drop(raw);
    let again = stardeck_repository::Db::open(&store.path()).unwrap();
    let found = again.read(move |tx| databases::get(tx, shop)).await.unwrap();
    assert_eq!(found.connection_count, 0);
    assert!(again.read(|tx| apps::list(tx, &Page::default())).await.unwrap().items.is_empty());
}

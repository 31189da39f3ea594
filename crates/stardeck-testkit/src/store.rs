//! A store on a real SQLite file that goes away with the test.

use std::{fs, path::PathBuf, sync::Arc};

use chrono::{TimeDelta, Utc};
use secrecy::ExposeSecret as _;
use stardeck_domain::{
    ApiToken, AppId, AuditAction, ConnectionId, DatabaseId, Health, HostId, ManagedDatabase, OperationId,
    PortReservation, Role, Session, SessionId, TokenId, TokenName, TokenScope, User, UserId, UserName,
    Volume,
};
use stardeck_repository::{
    Db, Error, Page, Tx, apps, audit, connections, credentials, databases, events, logical, operations,
    ports, sessions, tokens, tombstones, users, volumes,
};
use stardeck_service::{
    Access, Actor,
    vault::{MasterKey, Vault, generate_token, token_hash},
};
use tempfile::TempDir;

/// A directory with a store and a master key. Clones are the same directory; it outlives the server that uses it and
/// is removed with the last of them.
#[derive(Debug, Clone)]
pub struct TempStore {
    directory: Arc<TempDir>,
}

/// What the store knows of databases at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSnapshot {
    /// Ids of the databases.
    pub databases: Vec<DatabaseId>,
    /// Ids of the tombstones.
    pub kept: Vec<DatabaseId>,
    /// Volumes of both.
    pub volumes: Vec<Volume>,
    /// Reserved ports, those that rest not among them.
    pub ports: Vec<PortReservation>,
    /// Operations that have not ended.
    pub unfinished: Vec<OperationId>,
    /// Ids of the apps.
    pub apps: Vec<AppId>,
    /// Ids of their links to databases.
    pub connections: Vec<ConnectionId>,
    /// Names of logical databases, of users in them, and of those who have credentials.
    pub logical: Vec<String>,
}

impl TempStore {
    /// A new, empty directory.
    pub fn new() -> Self {
        Self { directory: Arc::new(tempfile::tempdir().expect("a temporary directory")) }
    }

    /// The data directory.
    pub fn directory(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    /// Opens the store and the vault as a server that starts does.
    pub async fn open(&self) -> (Db, Vault) {
        let db = Db::open(&self.directory.path().join("stardeck.db")).expect("the store opens");
        let path = self.directory.path().join("master.key");
        let sealed_with = Vault::sealed_with(&db).await.expect("the store answers");
        let key = MasterKey::load_or_create(&path, sealed_with.as_deref()).expect("the master key loads");
        let vault = Vault::unlock(&db, key, &path).await.expect("the vault opens");
        (db, vault)
    }

    /// Adds a line to an operation's log so many times, past the server that has the store open.
    pub async fn fill_log(&self, operation: OperationId, line: &str, times: u32) {
        let (db, line) = (self.open().await.0, line.to_owned());
        let fill = move |tx: &mut Tx| {
            (0..times)
                .try_for_each(|_| operations::append_log(tx, operation, None, &line, Utc::now()).map(drop))
        };
        db.write(fill).await.expect("the lines are written");
    }

    /// Tells followers so many times that the containers changed that detection looks at, past the server that has the
    /// store open.
    pub async fn tell_detection_changed(&self, times: u32) {
        let tell = move |tx: &mut Tx| (0..times).try_for_each(|_| events::tell_detection_changed(tx));
        self.open().await.0.write(tell).await.expect("the events are written");
    }

    /// A session of the account that began so long ago and lasts as long as others do; returns its token.
    pub async fn old_session(&self, username: &str, age: TimeDelta) -> String {
        let username = UserName::parse(username).expect("a user name");
        let token = generate_token().expose_secret().to_owned();
        let hash = token_hash(&token);
        let created_at = Utc::now() - age;
        let write = move |tx: &mut Tx| {
            let (user, _) = users::find_by_username(tx, &username)?.expect("the account is there");
            let expires_at = created_at + TimeDelta::hours(12);
            let session = Session {
                id: SessionId::new(),
                user_id: user.id,
                created_at,
                expires_at,
                remote_address: None,
                last_used_at: None,
            };
            sessions::insert(tx, &session, &hash)
        };
        self.open().await.0.write(write).await.expect("the session is written");
        token
    }

    /// An API token of the account that was made so long ago, for a day; returns the token.
    pub async fn old_token(&self, username: &str, scope: TokenScope, age: TimeDelta) -> String {
        let username = UserName::parse(username).expect("a user name");
        let text = format!("stardeck_{}", generate_token().expose_secret());
        let hash = token_hash(&text);
        let created_at = Utc::now() - age;
        let write = move |tx: &mut Tx| {
            let (user, _) = users::find_by_username(tx, &username)?.expect("the account is there");
            let token = ApiToken {
                id: TokenId::new(),
                user_id: user.id,
                name: TokenName::parse("old").expect("a name"),
                scope,
                created_at,
                expires_at: created_at + TimeDelta::days(1),
                last_used_at: None,
                made_by: None,
            };
            tokens::insert(tx, &token, &hash)
        };
        self.open().await.0.write(write).await.expect("the token is written");
        text
    }

    /// Writes down that a database fell silent, as another process would.
    pub async fn mark_unhealthy(&self, id: DatabaseId) {
        let write = move |tx: &mut Tx| databases::mark_health(tx, id, Health::Unhealthy, None);
        self.open().await.0.write(write).await.expect("it is written down");
    }

    /// Whether the text is anywhere in the files of the store, its log included.
    pub fn holds_text(&self, text: &str) -> bool {
        let files = fs::read_dir(self.directory.path()).expect("the directory can be read");
        files.filter_map(Result::ok).filter(|file| file.file_name().to_string_lossy().contains(".db")).any(
            |file| {
                let bytes = fs::read(file.path()).expect("the store can be read");
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            },
        )
    }
}

impl Default for TempStore {
    fn default() -> Self {
        Self::new()
    }
}

/// An administrator with this name who is signed in; the account is made when there is none.
pub async fn admin(db: &Db, name: &str) -> Actor {
    let username = UserName::parse(name).expect("a user name");
    let user = db
        .write(move |tx| {
            if let Some((user, _)) = users::find_by_username(tx, &username)? {
                return Ok(user);
            }
            let user = User {
                id: UserId::new(),
                username,
                role: Role::Admin,
                created_at: Utc::now(),
                last_login_at: None,
            };
            users::insert(tx, &user, "no password opens this account")?;
            Ok::<_, Error>(user)
        })
        .await
        .expect("the account is written");
    Actor { user, access: Access::Session(SessionId::new()), remote_address: Some("192.0.2.7".to_owned()) }
}

/// What the store knows now.
pub async fn store_snapshot(db: &Db) -> StoreSnapshot {
    db.read(|tx| {
        let (living, kept) = (databases::list_all(tx)?, tombstones::list_all(tx)?);
        let mut all_volumes = Vec::new();
        for database in living.iter().chain(&kept) {
            all_volumes.extend(volumes::list_of(tx, database.id)?);
        }
        // Resting ports belong to nobody, and a year from now none rests any more.
        let ports = ports::list_taken(tx, &HostId::local(), Utc::now() + TimeDelta::days(365))?;
        let apps = apps::list(tx, &Page { limit: 1000, after: None })?.items;
        let (mut connections, mut logical) = (Vec::new(), Vec::new());
        for app in &apps {
            connections.extend(connections::list_of_app(tx, app.id)?.iter().map(|found| found.id));
        }
        for database in living.iter().chain(&kept) {
            let id = database.id;
            logical.extend(logical::list_databases(tx, id)?.iter().map(|found| found.name.to_string()));
            logical.extend(logical::list_users(tx, id)?.iter().map(|found| found.username.to_string()));
            logical.extend(credentials::list_of(tx, id)?.iter().map(|found| found.username.to_string()));
        }
        Ok::<_, Error>(StoreSnapshot {
            apps: apps.iter().map(|app| app.id).collect(),
            connections,
            logical,
            databases: ids(&living),
            kept: ids(&kept),
            volumes: all_volumes,
            ports,
            unfinished: operations::list_unfinished(tx)?.iter().map(|operation| operation.id).collect(),
        })
    })
    .await
    .expect("the store answers")
}

/// How many credentials of a database are stored, also when there is no row of the database any more.
pub async fn count_credentials(db: &Db, database: DatabaseId) -> usize {
    db.read(move |tx| credentials::list_of(tx, database)).await.expect("the store answers").len()
}

/// What was done to a database by the audit log, oldest first, without the ends of operations.
pub async fn audited(db: &Db, database: DatabaseId) -> Vec<AuditAction> {
    let page = Page { limit: 1000, after: None };
    let mut entries = db.read(move |tx| audit::list(tx, &page)).await.expect("the store answers").items;
    entries.reverse();
    let target = database.to_string();
    entries
        .into_iter()
        .filter(|entry| entry.target_id.as_ref() == Some(&target))
        .filter(|entry| entry.action != AuditAction::OperationEnded)
        .map(|entry| entry.action)
        .collect()
}

fn ids(databases: &[ManagedDatabase]) -> Vec<DatabaseId> {
    databases.iter().map(|database| database.id).collect()
}

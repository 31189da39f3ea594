//! A store in a directory of its own, a clock that tests set, and people to act.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{AuditAction, AuditEntry, Password, PasswordRules, Role, User, UserName};
use stardeck_repository::{Db, Page};
use stardeck_service::{
    Actor,
    auth::{Audit, Clock, Sessions, Setup, Tokens, Users},
};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const OTHER_PASSWORD: &str = "another long enough password";

pub(crate) struct World {
    directory: TempDir,
    time: Arc<Mutex<DateTime<Utc>>>,
    pub(crate) setup: Setup,
    pub(crate) sessions: Sessions,
    pub(crate) tokens: Tokens,
    pub(crate) users: Users,
    pub(crate) audit: Audit,
}

impl World {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let db = Db::open(&directory.path().join("stardeck.db")).unwrap();
        let time = Arc::new(Mutex::new(Utc::now()));
        let clock = Clock::from_fn({
            let time = Arc::clone(&time);
            move || *time.lock().unwrap()
        });
        Self {
            setup: Setup::with_clock(db.clone(), directory.path(), clock.clone()),
            sessions: Sessions::with_clock(db.clone(), clock.clone()),
            tokens: Tokens::with_clock(db.clone(), clock.clone()),
            users: Users::with_clock(db.clone(), clock),
            audit: Audit::new(db),
            directory,
            time,
        }
    }

    /// A world after set-up, and its administrator `ada`, signed in.
    pub(crate) async fn with_admin() -> (Self, Actor) {
        let world = Self::new();
        let token = world.setup.start().await.unwrap().unwrap();
        world.setup.complete(token.expose_secret(), name("ada"), password(PASSWORD), None).await.unwrap();
        let admin = world.sign_in("ada").await;
        (world, admin)
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        *self.time.lock().unwrap() += time;
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Signs in with the usual password.
    pub(crate) async fn sign_in(&self, username: &str) -> Actor {
        let login = self.sessions.login(username, PASSWORD.into(), None).await.unwrap();
        self.actor(&login.token).await.unwrap()
    }

    pub(crate) async fn actor(&self, token: &SecretString) -> Result<Actor, stardeck_service::Error> {
        self.sessions.authenticate(token.expose_secret(), None).await
    }

    /// An account with the usual password.
    pub(crate) async fn account(&self, admin: &Actor, username: &str, role: Role) -> User {
        self.users.create(admin, name(username), password(PASSWORD), role).await.unwrap()
    }

    /// The audit log, newest first.
    pub(crate) async fn audit_log(&self) -> Vec<AuditEntry> {
        self.audit.list(page()).await.unwrap().items
    }

    /// Who did what to whom last.
    pub(crate) async fn last_audited(&self) -> (Option<String>, AuditAction, Option<String>) {
        let entry = self.audit_log().await.into_iter().next().unwrap();
        (entry.username, entry.action, entry.target_name)
    }

    /// Whether any file of the world holds the text.
    pub(crate) fn is_stored(&self, text: &str) -> bool {
        std::fs::read_dir(self.path()).unwrap().any(|file| {
            let content = std::fs::read(file.unwrap().path()).unwrap();
            content.windows(text.len()).any(|window| window == text.as_bytes())
        })
    }
}

pub(crate) fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

pub(crate) fn password(text: &str) -> Password {
    Password::parse(text.to_owned(), PasswordRules::ENGINE).unwrap()
}

pub(crate) fn page() -> Page {
    Page { limit: 100, after: None }
}

//! The operations and types of the API. Generated from `docs/openapi-3.0.json` by
//! `cargo run -p xtask-codegen`; changes by hand are lost.

use reqwest::Method;
use serde_json::Value;

use self::types::{
    AdoptDatabaseQuery, AdoptDatabaseRequest, AdoptionReport, ApiTokenList, App, AppAccepted, AppId, AppList,
    AuditList, ChangeDatabaseQuery, ChangeDatabaseRequest, ChangePasswordRequest, ChangeUserRequest,
    ConnectionAccepted, ConnectionCredentials, ConnectionId, ConnectionList, ConnectionTest, ContainerStats,
    CreateApiTokenRequest, CreateAppRequest, CreateConnectionQuery, CreateDatabaseRequest,
    CreateLogicalDatabaseRequest, CreateLogicalUserRequest, CreateUserRequest, CreatedApiToken, Credentials,
    Database, DatabaseAccepted, DatabaseId, DatabaseList, DeleteConnectionQuery, DeleteContainerQuery,
    DeleteDatabaseQuery, DeleteKeptVolumeQuery, DeleteLogicalDatabaseQuery, DeleteLogicalUserQuery,
    DetectDatabasesQuery, DetectedDatabaseList, EngineList, GetNextPortQuery, ImageLook, KeptVolumeList,
    LinkReport, LinkRequest, ListAuditQuery, ListContainerLogsQuery, ListContainersQuery, ListDatabasesQuery,
    ListKeptVolumesQuery, ListLogsQuery, ListOperationLogQuery, ListOperationsQuery, ListRegistriesQuery,
    ListSessionsQuery, ListTokensQuery, ListUsersQuery, Liveness, LogList, LogicalDatabase,
    LogicalDatabaseList, LogicalUser, LogicalUserCredentials, LogicalUserList, Login, LoginRequest, NextPort,
    Operation, OperationAccepted, OperationId, OperationList, OperationLogList, PreviewList, PreviewRequest,
    Readiness, Registry, RegistryId, RegistryList, RotateRequest, SaveRegistryRequest, SessionId,
    SessionList, SettingsChanged, Setup, SetupRequest, SuggestEngineQuery, TestConnectionRequest, TokenId,
    User, UserId, UserList,
};
use crate::{Client, Error};

impl Client {
    /// Lists the entries of the audit log, newest first.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_audit(&self, query: &ListAuditQuery) -> Result<AuditList, Error> {
        self.request(Method::GET, &["api", "audit"]).query(&query.pairs()).answer().await
    }

    /// Signs a person in.
    ///
    /// The answer has a token for programs and sets the same as a cookie for browsers. Both are good for 12 hours.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn login(&self, body: &LoginRequest) -> Result<Login, Error> {
        self.request(Method::POST, &["api", "auth", "login"]).json(body).answer().await
    }

    /// Ends the session the request came with, or revokes the API token.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn logout(&self) -> Result<(), Error> {
        self.request(Method::POST, &["api", "auth", "logout"]).done().await
    }

    /// Says who is signed in.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_me(&self) -> Result<User, Error> {
        self.request(Method::GET, &["api", "auth", "me"]).answer().await
    }

    /// Lists the apps that were made through Stardeck.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_containers(&self, query: &ListContainersQuery) -> Result<AppList, Error> {
        self.request(Method::GET, &["api", "containers"]).query(&query.pairs()).answer().await
    }

    /// Deploys an app, linked to a database where one is asked for.
    ///
    /// With the mode `new` a dedicated database is deployed first, in the same operation, and taken back with it.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn create_container(&self, body: &CreateAppRequest) -> Result<AppAccepted, Error> {
        self.request(Method::POST, &["api", "containers"]).json(body).answer().await
    }

    /// Shows the variables that a link to a database would give to an app, with the password masked.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn preview_container(&self, body: &PreviewRequest) -> Result<PreviewList, Error> {
        self.request(Method::POST, &["api", "containers", "preview"]).json(body).answer().await
    }

    /// Looks at an app's image: which engines it seems to want, and what it declares. Nothing is pulled.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn suggest_engine(&self, query: &SuggestEngineQuery) -> Result<ImageLook, Error> {
        self.request(Method::GET, &["api", "containers", "suggest"]).query(&query.pairs()).answer().await
    }

    /// Tries a database server that somebody else runs, from the network that apps are on.
    ///
    /// What is wrong is told by the code of the field: `unknown_host`, `connection_refused`, `unreachable`,
    /// `credentials_rejected`, `unknown_database`.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn test_connection(&self, body: &TestConnectionRequest) -> Result<ConnectionTest, Error> {
        self.request(Method::POST, &["api", "containers", "test-connection"]).json(body).answer().await
    }

    /// Removes an app with its links and their users. The logical databases stay.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_container(
        &self,
        id: AppId,
        query: &DeleteContainerQuery,
    ) -> Result<OperationAccepted, Error> {
        self.request(Method::DELETE, &["api", "containers", &id.to_string()])
            .query(&query.pairs())
            .answer()
            .await
    }

    /// Shows an app.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_container(&self, id: AppId) -> Result<App, Error> {
        self.request(Method::GET, &["api", "containers", &id.to_string()]).answer().await
    }

    /// Shows the last lines an app logged, oldest first.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_container_logs(
        &self,
        id: AppId,
        query: &ListContainerLogsQuery,
    ) -> Result<LogList, Error> {
        self.request(Method::GET, &["api", "containers", &id.to_string(), "logs"])
            .query(&query.pairs())
            .answer()
            .await
    }

    /// Stops an app and starts it again.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn restart_container(&self, id: AppId) -> Result<AppAccepted, Error> {
        self.request(Method::POST, &["api", "containers", &id.to_string(), "restart"]).answer().await
    }

    /// Starts an app.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn start_container(&self, id: AppId) -> Result<AppAccepted, Error> {
        self.request(Method::POST, &["api", "containers", &id.to_string(), "start"]).answer().await
    }

    /// Shows what an app uses at this moment.
    ///
    /// Measured as for a database.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_container_stats(&self, id: AppId) -> Result<ContainerStats, Error> {
        self.request(Method::GET, &["api", "containers", &id.to_string(), "stats"]).answer().await
    }

    /// Stops an app.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn stop_container(&self, id: AppId) -> Result<AppAccepted, Error> {
        self.request(Method::POST, &["api", "containers", &id.to_string(), "stop"]).answer().await
    }

    /// Lists the managed databases.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_databases(&self, query: &ListDatabasesQuery) -> Result<DatabaseList, Error> {
        self.request(Method::GET, &["api", "databases"]).query(&query.pairs()).answer().await
    }

    /// Deploys a database.
    ///
    /// Name and port are reserved at once; the rest is done by the operation that the answer names. What can be told to be
    /// wrong before that is told here.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn create_database(&self, body: &CreateDatabaseRequest) -> Result<DatabaseAccepted, Error> {
        self.request(Method::POST, &["api", "databases"]).json(body).answer().await
    }

    /// Adopts a database server that somebody else made.
    ///
    /// Nothing in the container changes but that it is connected to the data network, without a restart. The login comes
    /// from the request or from the container, and is proved before anything is written down.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn adopt_database(
        &self,
        container_id: &str,
        query: &AdoptDatabaseQuery,
        body: &AdoptDatabaseRequest,
    ) -> Result<AdoptionReport, Error> {
        self.request(Method::POST, &["api", "databases", "adopt", container_id])
            .query(&query.pairs())
            .json(body)
            .answer()
            .await
    }

    /// Lists the database servers on the host that nobody manages yet, running or not.
    ///
    /// Exporters, web interfaces, poolers, backup jobs, operators and proxies are not among them.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn detect_databases(
        &self,
        query: &DetectDatabasesQuery,
    ) -> Result<DetectedDatabaseList, Error> {
        self.request(Method::GET, &["api", "databases", "detect"]).query(&query.pairs()).answer().await
    }

    /// Removes a database, keeping or deleting its data.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_database(
        &self,
        id: DatabaseId,
        query: &DeleteDatabaseQuery,
    ) -> Result<OperationAccepted, Error> {
        self.request(Method::DELETE, &["api", "databases", &id.to_string()])
            .query(&query.pairs())
            .answer()
            .await
    }

    /// Shows a database.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_database(&self, id: DatabaseId) -> Result<Database, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string()]).answer().await
    }

    /// Changes settings of a database.
    ///
    /// What needs no other container is done at once (200, without an operation). Everything else is an operation that makes
    /// the container anew on the same volume, and puts the old one back when the new one does not answer (202). With
    /// `dry_run=true` nothing is changed, and the answer (200) says what would be, and whether the database restarts for it.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn change_database(
        &self,
        id: DatabaseId,
        query: &ChangeDatabaseQuery,
        if_match: Option<&str>,
        body: &ChangeDatabaseRequest,
    ) -> Result<SettingsChanged, Error> {
        self.request(Method::PATCH, &["api", "databases", &id.to_string()])
            .query(&query.pairs())
            .header("If-Match", if_match)
            .json(body)
            .answer()
            .await
    }

    /// Lists the apps that are linked to a database. Passwords are not in it.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_connections(&self, id: DatabaseId) -> Result<ConnectionList, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string(), "connections"]).answer().await
    }

    /// Links an app to a database.
    ///
    /// The logical database and the user are made unless they are there. The app gets a new container with the variables; its
    /// earlier one comes back when that does not work.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn create_connection(
        &self,
        id: DatabaseId,
        query: &CreateConnectionQuery,
        body: &LinkRequest,
    ) -> Result<LinkReport, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "connections"])
            .query(&query.pairs())
            .json(body)
            .answer()
            .await
    }

    /// Removes a link. There is no default for what happens to its user and its logical database.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_connection(
        &self,
        id: DatabaseId,
        cid: ConnectionId,
        query: &DeleteConnectionQuery,
    ) -> Result<OperationAccepted, Error> {
        self.request(Method::DELETE, &["api", "databases", &id.to_string(), "connections", &cid.to_string()])
            .query(&query.pairs())
            .answer()
            .await
    }

    /// Shows how the app of a link signs in, with all its variables. Every time is written to the audit log.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_connection_credentials(
        &self,
        id: DatabaseId,
        cid: ConnectionId,
    ) -> Result<ConnectionCredentials, Error> {
        self.request(
            Method::GET,
            &["api", "databases", &id.to_string(), "connections", &cid.to_string(), "credentials"],
        )
        .answer()
        .await
    }

    /// Replaces the password of a link. Engine and app get it in one operation, which is taken back when it fails.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn rotate_connection(
        &self,
        id: DatabaseId,
        cid: ConnectionId,
    ) -> Result<ConnectionAccepted, Error> {
        self.request(
            Method::POST,
            &["api", "databases", &id.to_string(), "connections", &cid.to_string(), "rotate"],
        )
        .answer()
        .await
    }

    /// Shows how to sign in to a database as its administrator.
    ///
    /// Each time is written to the audit log.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_credentials(&self, id: DatabaseId) -> Result<Credentials, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string(), "credentials"]).answer().await
    }

    /// Replaces the password of the administrator, or of Stardeck's own role, by a generated one.
    ///
    /// Engine and store have the new one afterwards, or both have the one before. Apps are not concerned: they have users of
    /// their own.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn rotate_credentials(&self, id: DatabaseId, body: &RotateRequest) -> Result<(), Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "credentials", "rotate"])
            .json(body)
            .done()
            .await
    }

    /// Lists the databases inside a managed database.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_logical_databases(&self, id: DatabaseId) -> Result<LogicalDatabaseList, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string(), "databases"]).answer().await
    }

    /// Makes a database inside a managed database. No user may enter it yet.
    ///
    /// One that is `pending` is finished.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn create_logical_database(
        &self,
        id: DatabaseId,
        body: &CreateLogicalDatabaseRequest,
    ) -> Result<LogicalDatabase, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "databases"])
            .json(body)
            .answer()
            .await
    }

    /// Drops a database inside a managed database, with all that is in it and the users that were made for it.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_logical_database(
        &self,
        id: DatabaseId,
        name: &str,
        query: &DeleteLogicalDatabaseQuery,
    ) -> Result<(), Error> {
        self.request(Method::DELETE, &["api", "databases", &id.to_string(), "databases", name])
            .query(&query.pairs())
            .done()
            .await
    }

    /// Lists the last lines the database server logged.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_logs(&self, id: DatabaseId, query: &ListLogsQuery) -> Result<LogList, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string(), "logs"])
            .query(&query.pairs())
            .answer()
            .await
    }

    /// Makes the container of a missing database again, on the data that is left.
    ///
    /// It runs the image that it ran before, which is not pulled, and is `running` only after the stored login opened it.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn recreate_database(&self, id: DatabaseId) -> Result<DatabaseAccepted, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "recreate"]).answer().await
    }

    /// Gives an adopted database back to whoever made it, exactly as it was.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn release_database(&self, id: DatabaseId) -> Result<DatabaseAccepted, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "release"]).answer().await
    }

    /// Stops a database and starts it again.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn restart_database(&self, id: DatabaseId) -> Result<DatabaseAccepted, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "restart"]).answer().await
    }

    /// Starts a database.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn start_database(&self, id: DatabaseId) -> Result<DatabaseAccepted, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "start"]).answer().await
    }

    /// Shows what a database uses at this moment.
    ///
    /// Measured at most once a second, whoever asks. What it takes on the disk is measured in the background, since Podman
    /// looks at every file for that: it is null at first, and about a minute old afterwards.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_stats(&self, id: DatabaseId) -> Result<ContainerStats, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string(), "stats"]).answer().await
    }

    /// Stops a database.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn stop_database(&self, id: DatabaseId) -> Result<DatabaseAccepted, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "stop"]).answer().await
    }

    /// Lists the users that can log in to a managed database.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_logical_users(&self, id: DatabaseId) -> Result<LogicalUserList, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string(), "users"]).answer().await
    }

    /// Makes a user with rights in one logical database and nowhere else.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn create_logical_user(
        &self,
        id: DatabaseId,
        body: &CreateLogicalUserRequest,
    ) -> Result<LogicalUser, Error> {
        self.request(Method::POST, &["api", "databases", &id.to_string(), "users"]).json(body).answer().await
    }

    /// Drops a user that was made through Stardeck, and ends its connections. What it made in its database stays.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_logical_user(
        &self,
        id: DatabaseId,
        name: &str,
        query: &DeleteLogicalUserQuery,
    ) -> Result<(), Error> {
        self.request(Method::DELETE, &["api", "databases", &id.to_string(), "users", name])
            .query(&query.pairs())
            .done()
            .await
    }

    /// Shows how a user that was made through Stardeck signs in. Every time is written to the audit log.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_user_credentials(
        &self,
        id: DatabaseId,
        name: &str,
    ) -> Result<LogicalUserCredentials, Error> {
        self.request(Method::GET, &["api", "databases", &id.to_string(), "users", name, "credentials"])
            .answer()
            .await
    }

    /// Lists the engines on offer.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_engines(&self) -> Result<EngineList, Error> {
        self.request(Method::GET, &["api", "engines"]).answer().await
    }

    /// Says that the server runs.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn live(&self) -> Result<Liveness, Error> {
        self.request(Method::GET, &["api", "health", "live"]).answer().await
    }

    /// Says whether the server can do its work: its store answers, and so does Podman.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn ready(&self) -> Result<Readiness, Error> {
        self.request(Method::GET, &["api", "health", "ready"]).answer().await
    }

    /// Gives this document.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn show_openapi(&self) -> Result<Value, Error> {
        self.request(Method::GET, &["api", "openapi.json"]).answer().await
    }

    /// Lists operations, oldest first.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_operations(&self, query: &ListOperationsQuery) -> Result<OperationList, Error> {
        self.request(Method::GET, &["api", "operations"]).query(&query.pairs()).answer().await
    }

    /// Shows an operation with its steps.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_operation(&self, id: OperationId) -> Result<Operation, Error> {
        self.request(Method::GET, &["api", "operations", &id.to_string()]).answer().await
    }

    /// Asks an operation to stop and take back what it did.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn cancel_operation(&self, id: OperationId) -> Result<OperationAccepted, Error> {
        self.request(Method::POST, &["api", "operations", &id.to_string(), "cancel"]).answer().await
    }

    /// Lists what an operation logged, oldest first.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_operation_log(
        &self,
        id: OperationId,
        query: &ListOperationLogQuery,
    ) -> Result<OperationLogList, Error> {
        self.request(Method::GET, &["api", "operations", &id.to_string(), "log"])
            .query(&query.pairs())
            .answer()
            .await
    }

    /// Shows the host port that the next database of an engine would get.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_next_port(&self, query: &GetNextPortQuery) -> Result<NextPort, Error> {
        self.request(Method::GET, &["api", "ports", "next"]).query(&query.pairs()).answer().await
    }

    /// Lists the logins for image registries, without their passwords.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_registries(&self, query: &ListRegistriesQuery) -> Result<RegistryList, Error> {
        self.request(Method::GET, &["api", "registries"]).query(&query.pairs()).answer().await
    }

    /// Saves the login for an image registry, in place of the one there was.
    ///
    /// Pulls from this registry use it from now on. It is tried by the next pull, not by this request.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn save_registry(&self, body: &SaveRegistryRequest) -> Result<Registry, Error> {
        self.request(Method::POST, &["api", "registries"]).json(body).answer().await
    }

    /// Removes the login for an image registry. Images that were pulled with it stay.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_registry(&self, id: RegistryId) -> Result<(), Error> {
        self.request(Method::DELETE, &["api", "registries", &id.to_string()]).done().await
    }

    /// Lists the own sessions that are still good.
    ///
    /// An administrator may ask for those of another account with `user_id`.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_sessions(&self, query: &ListSessionsQuery) -> Result<SessionList, Error> {
        self.request(Method::GET, &["api", "sessions"]).query(&query.pairs()).answer().await
    }

    /// Ends one of the own sessions, with everything that is followed in it.
    ///
    /// An administrator may end anybody's. An API token for less than `admin` ends none.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn revoke_session(&self, id: SessionId) -> Result<(), Error> {
        self.request(Method::DELETE, &["api", "sessions", &id.to_string()]).done().await
    }

    /// Says whether the first administrator is still to be made.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_setup(&self) -> Result<Setup, Error> {
        self.request(Method::GET, &["api", "setup"]).answer().await
    }

    /// Makes the first administrator.
    ///
    /// Works once, with the token that the server wrote into the file `setup-token` of its data directory.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn complete_setup(&self, body: &SetupRequest) -> Result<User, Error> {
        self.request(Method::POST, &["api", "setup"]).json(body).answer().await
    }

    /// Lists the own API tokens, without the tokens themselves.
    ///
    /// An administrator may ask for those of another account with `user_id`.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_tokens(&self, query: &ListTokensQuery) -> Result<ApiTokenList, Error> {
        self.request(Method::GET, &["api", "tokens"]).query(&query.pairs()).answer().await
    }

    /// Makes an API token of the own account's, which is shown this once.
    ///
    /// It does what its scope says, on every route, and never more than its owner may at that moment. One that is made with a
    /// token neither outlasts nor exceeds it, and ends with it. An account has at most 100.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn create_token(&self, body: &CreateApiTokenRequest) -> Result<CreatedApiToken, Error> {
        self.request(Method::POST, &["api", "tokens"]).json(body).answer().await
    }

    /// Revokes one of the own API tokens, with those that were made with it and everything that is followed with them.
    ///
    /// An administrator may revoke anybody's. Asked with a token for less than `admin`, it revokes that token and those made with
    /// it, and no other.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn revoke_token(&self, id: TokenId) -> Result<(), Error> {
        self.request(Method::DELETE, &["api", "tokens", &id.to_string()]).done().await
    }

    /// Lists the accounts.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_users(&self, query: &ListUsersQuery) -> Result<UserList, Error> {
        self.request(Method::GET, &["api", "users"]).query(&query.pairs()).answer().await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn create_user(&self, body: &CreateUserRequest) -> Result<User, Error> {
        self.request(Method::POST, &["api", "users"]).json(body).answer().await
    }

    /// Removes an account with its sessions and API tokens.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_user(&self, id: UserId) -> Result<(), Error> {
        self.request(Method::DELETE, &["api", "users", &id.to_string()]).done().await
    }

    /// Shows an account.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_user(&self, id: UserId) -> Result<User, Error> {
        self.request(Method::GET, &["api", "users", &id.to_string()]).answer().await
    }

    /// Gives an account another role.
    ///
    /// When the new role may less, the account's sessions end.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn change_user(&self, id: UserId, body: &ChangeUserRequest) -> Result<User, Error> {
        self.request(Method::PATCH, &["api", "users", &id.to_string()]).json(body).answer().await
    }

    /// Gives an account a new password and ends its sessions, except the one the request came with. API tokens go on.
    ///
    /// Everybody may change their own, with the current one; an administrator may set those of others.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn change_password(&self, id: UserId, body: &ChangePasswordRequest) -> Result<(), Error> {
        self.request(Method::PUT, &["api", "users", &id.to_string(), "password"]).json(body).done().await
    }

    /// Lists the volumes of databases that were deleted with their data kept.
    ///
    /// `POST /api/databases` with `kept_volume_id` makes a database of one again.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn list_kept_volumes(&self, query: &ListKeptVolumesQuery) -> Result<KeptVolumeList, Error> {
        self.request(Method::GET, &["api", "volumes", "kept"]).query(&query.pairs()).answer().await
    }

    /// Removes a kept volume for good.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn delete_kept_volume(
        &self,
        id: DatabaseId,
        query: &DeleteKeptVolumeQuery,
    ) -> Result<OperationAccepted, Error> {
        self.request(Method::DELETE, &["api", "volumes", "kept", &id.to_string()])
            .query(&query.pairs())
            .answer()
            .await
    }
}

pub(crate) mod types {
    use std::collections::BTreeMap;

    use chrono::{DateTime, Utc};
    use secrecy::SecretString;
    use serde::{Deserialize, Serialize};
    use uuid::Uuid;

    /// What a person may ask for. The API serves the allowed ones, so that no client copies the rules.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Action {
        /// `start`
        #[serde(rename = "start")]
        Start,
        /// `stop`
        #[serde(rename = "stop")]
        Stop,
        /// `restart`
        #[serde(rename = "restart")]
        Restart,
        /// `update`
        #[serde(rename = "update")]
        Update,
        /// `recreate`
        #[serde(rename = "recreate")]
        Recreate,
        /// `delete`
        #[serde(rename = "delete")]
        Delete,
        /// `release`
        #[serde(rename = "release")]
        Release,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Action {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Start => "start",
                Self::Stop => "stop",
                Self::Restart => "restart",
                Self::Update => "update",
                Self::Recreate => "recreate",
                Self::Delete => "delete",
                Self::Release => "release",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Action {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A database server to be adopted.
    #[derive(Debug, Clone, Serialize)]
    pub struct AdoptDatabaseRequest {
        /// The name, which becomes a host name of its container on the data network: 1-50 characters of `a-z 0-9 -`,
        /// beginning and ending with a letter or digit.
        pub name: String,
        /// The administrator's password; left out for the one that the container's variables or their files give.
        #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::secret::expose_optional")]
        pub admin_password: Option<SecretString>,
        /// The administrator inside the database server; left out for the one that the container's variables name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub admin_user: Option<String>,
        /// Whether other apps may use the database.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub is_shared: Option<bool>,
    }

    impl AdoptDatabaseRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(name: String) -> Self {
            Self { name, admin_password: None, admin_user: None, is_shared: None }
        }
    }

    /// Something that a container mounts.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AdoptedVolume {
        /// Whether it is a volume of Podman or a directory of the host.
        pub kind: VolumeKind,
        /// Where it is mounted in the container.
        pub mount_path: String,
        /// The volume's name, or the directory's path.
        pub source: String,
    }

    /// What an adoption would find and change. Nothing was written and nothing changed.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AdoptionReport {
        /// The administrator whose login worked.
        pub admin_user: LoginName,
        /// The address of the host that port is bound to; null without one.
        pub bind_address: Option<String>,
        /// What would change, in words; empty when nothing would.
        pub changes: Vec<String>,
        /// How sure it is that this is a database server.
        pub confidence: Confidence,
        /// The container.
        pub container_id: ContainerId,
        /// Its name.
        pub container_name: String,
        /// The port of the host that leads to it; null when none does.
        pub external_port: Option<Port>,
        /// What kind of that engine, or whose build; null for the plain one.
        pub flavor: Option<String>,
        /// The image it runs.
        pub image: String,
        /// The port apps would reach it by.
        pub internal_port: Port,
        /// Where that login comes from, in words; never the password.
        pub login_from: String,
        /// The name the database would have, by which apps would reach it.
        pub name: DatabaseName,
        /// The network apps would reach it on.
        pub network: NetworkName,
        /// What speaks for it, in words.
        pub reasons: Vec<String>,
        /// The version the server itself reports.
        pub server_version: String,
        /// What stays with whoever made it, in words.
        pub stays: Vec<String>,
        /// Its engine.
        pub r#type: Engine,
        /// The version its image tells; null when it tells none.
        pub version: Option<VersionTag>,
        /// The volumes and directories of the host that it mounts.
        pub volumes: Vec<AdoptedVolume>,
    }

    /// A token that programs sign in with, without the token itself.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ApiToken {
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it ends by itself.
        pub expires_at: DateTime<Utc>,
        /// Its id.
        pub id: TokenId,
        /// When it was last used, to the minute; null when never.
        pub last_used_at: Option<DateTime<Utc>>,
        /// What its owner calls it.
        pub name: TokenName,
        /// What it lets do, as far as its owner may.
        pub scope: TokenScope,
    }

    /// Tokens, oldest first, those that have expired among them.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ApiTokenList {
        /// The entries of this part.
        pub items: Vec<ApiToken>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// An app: a container that Stardeck made, or one that somebody else made as long as it is linked. Values of its variables are never in it.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct App {
        /// Its arguments; empty for the image's own.
        pub command: Vec<String>,
        /// Its links to databases.
        pub connections: Vec<DatabaseConnection>,
        /// The container as last made; null before it exists.
        pub container_id: Option<ContainerId>,
        /// That container's name. It changes when a link does, unless somebody else made it.
        pub container_name: ContainerName,
        /// What its container does, in Podman's words; null when it is gone.
        pub container_state: Option<String>,
        /// Most processor time, in thousandths of one processor; null for no limit.
        pub cpu_millis: Option<u32>,
        /// When it was asked for.
        pub created_at: DateTime<Utc>,
        /// Who asked for it; null when that account is gone.
        pub created_by: Option<UserId>,
        /// What it should do.
        pub desired_state: DesiredState,
        /// The names of the person's own variables.
        pub env_names: Vec<String>,
        /// The database it uses that somebody else runs; null when it uses none.
        pub external: Option<ExternalDatabase>,
        /// Its id.
        pub id: AppId,
        /// The image that was asked for.
        pub image: String,
        /// Whether somebody else made it: it keeps its name and all that it is, and can not be deleted here.
        pub is_foreign: bool,
        /// The person's own labels.
        pub labels: BTreeMap<String, String>,
        /// Most memory in bytes; null for no limit.
        pub memory_bytes: Option<i64>,
        /// Its name, which is also its host name on its networks.
        pub name: DatabaseName,
        /// Ports published on the host.
        pub ports: Vec<AppPort>,
        /// When it is started again.
        pub restart_policy: AppRestart,
        /// Where it stands, as far as it was told to.
        pub status: AppStatus,
        /// Why, where there is something to say.
        pub status_reason: Option<String>,
        /// When its row last changed.
        pub updated_at: DateTime<Utc>,
        /// Volumes.
        pub volumes: Vec<AppVolume>,
    }

    /// Work that was begun on an app.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AppAccepted {
        /// The app as it is now.
        pub container: App,
        /// The work, to be followed.
        pub operation: Operation,
    }

    /// An app.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct AppId(pub Uuid);

    impl std::str::FromStr for AppId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for AppId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// Limits of an app.
    #[derive(Debug, Clone, Default, Serialize)]
    pub struct AppLimitsRequest {
        /// Most processor time, in thousandths of one processor, at least 10.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub cpu_millis: Option<u32>,
        /// Most memory in bytes, at least 6 MiB.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub memory_bytes: Option<i64>,
    }

    /// Apps, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AppList {
        /// The entries of this part.
        pub items: Vec<App>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// A port of an app that is published.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AppPort {
        /// The host's address.
        pub bind_address: String,
        /// The port inside.
        pub container_port: Port,
        /// The port on the host.
        pub host_port: Port,
    }

    /// A port of an app to be published.
    #[derive(Debug, Clone, Serialize)]
    pub struct AppPortRequest {
        /// The port inside.
        pub container_port: u16,
        /// The address of the host.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub bind_address: Option<String>,
        /// The port on the host; left out or 0 for the first free one of 8100-8999.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub host_port: Option<u16>,
    }

    impl AppPortRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(container_port: u16) -> Self {
            Self { container_port, bind_address: None, host_port: None }
        }
    }

    /// When an app that ended is started again.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum AppRestart {
        /// `no`
        #[serde(rename = "no")]
        No,
        /// `on-failure`
        #[serde(rename = "on-failure")]
        OnFailure,
        /// `always`
        #[serde(rename = "always")]
        Always,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl AppRestart {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::No => "no",
                Self::OnFailure => "on-failure",
                Self::Always => "always",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for AppRestart {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Where an app stands, as far as it was told to.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum AppStatus {
        /// `creating`
        #[serde(rename = "creating")]
        Creating,
        /// `running`
        #[serde(rename = "running")]
        Running,
        /// `stopped`
        #[serde(rename = "stopped")]
        Stopped,
        /// `changing`
        #[serde(rename = "changing")]
        Changing,
        /// `error`
        #[serde(rename = "error")]
        Error,
        /// `deleting`
        #[serde(rename = "deleting")]
        Deleting,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl AppStatus {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Creating => "creating",
                Self::Running => "running",
                Self::Stopped => "stopped",
                Self::Changing => "changing",
                Self::Error => "error",
                Self::Deleting => "deleting",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for AppStatus {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A volume of an app.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AppVolume {
        /// The person's name for it.
        pub name: String,
        /// Where it is mounted.
        pub path: String,
    }

    /// A volume of an app.
    #[derive(Debug, Clone, Serialize)]
    pub struct AppVolumeRequest {
        /// A name for it, unique within the app: 1-40 characters of `a-z 0-9 -`. It is no directory of the host.
        pub name: String,
        /// Where it is mounted, absolute.
        pub path: String,
    }

    impl AppVolumeRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(name: String, path: String) -> Self {
            Self { name, path }
        }
    }

    /// What happens to the volumes of an app that is removed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum AppVolumesFate {
        /// `keep`
        #[serde(rename = "keep")]
        Keep,
        /// `delete`
        #[serde(rename = "delete")]
        Delete,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl AppVolumesFate {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Keep => "keep",
                Self::Delete => "delete",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for AppVolumesFate {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A setting as a database server gets it.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AppliedSetting {
        /// Whether Stardeck chose it, because of the limit of memory.
        pub is_tuned: bool,
        /// Its name.
        pub name: String,
        /// Its value.
        pub value: String,
    }

    /// What was done.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum AuditAction {
        /// `setup`
        #[serde(rename = "setup")]
        Setup,
        /// `login`
        #[serde(rename = "login")]
        Login,
        /// `login_failed`
        #[serde(rename = "login_failed")]
        LoginFailed,
        /// `logout`
        #[serde(rename = "logout")]
        Logout,
        /// `session_revoked`
        #[serde(rename = "session_revoked")]
        SessionRevoked,
        /// `token_created`
        #[serde(rename = "token_created")]
        TokenCreated,
        /// `token_revoked`
        #[serde(rename = "token_revoked")]
        TokenRevoked,
        /// `user_created`
        #[serde(rename = "user_created")]
        UserCreated,
        /// `user_changed`
        #[serde(rename = "user_changed")]
        UserChanged,
        /// `user_deleted`
        #[serde(rename = "user_deleted")]
        UserDeleted,
        /// `password_changed`
        #[serde(rename = "password_changed")]
        PasswordChanged,
        /// `database_created`
        #[serde(rename = "database_created")]
        DatabaseCreated,
        /// `database_started`
        #[serde(rename = "database_started")]
        DatabaseStarted,
        /// `database_stopped`
        #[serde(rename = "database_stopped")]
        DatabaseStopped,
        /// `database_restarted`
        #[serde(rename = "database_restarted")]
        DatabaseRestarted,
        /// `database_changed`
        #[serde(rename = "database_changed")]
        DatabaseChanged,
        /// `database_deleted`
        #[serde(rename = "database_deleted")]
        DatabaseDeleted,
        /// `database_reattached`
        #[serde(rename = "database_reattached")]
        DatabaseReattached,
        /// `database_recreated`
        #[serde(rename = "database_recreated")]
        DatabaseRecreated,
        /// `database_adopted`
        #[serde(rename = "database_adopted")]
        DatabaseAdopted,
        /// `database_released`
        #[serde(rename = "database_released")]
        DatabaseReleased,
        /// `kept_volume_deleted`
        #[serde(rename = "kept_volume_deleted")]
        KeptVolumeDeleted,
        /// `credentials_read`
        #[serde(rename = "credentials_read")]
        CredentialsRead,
        /// `credentials_rotated`
        #[serde(rename = "credentials_rotated")]
        CredentialsRotated,
        /// `logical_database_created`
        #[serde(rename = "logical_database_created")]
        LogicalDatabaseCreated,
        /// `logical_database_dropped`
        #[serde(rename = "logical_database_dropped")]
        LogicalDatabaseDropped,
        /// `logical_user_created`
        #[serde(rename = "logical_user_created")]
        LogicalUserCreated,
        /// `logical_user_dropped`
        #[serde(rename = "logical_user_dropped")]
        LogicalUserDropped,
        /// `app_created`
        #[serde(rename = "app_created")]
        AppCreated,
        /// `app_started`
        #[serde(rename = "app_started")]
        AppStarted,
        /// `app_stopped`
        #[serde(rename = "app_stopped")]
        AppStopped,
        /// `app_restarted`
        #[serde(rename = "app_restarted")]
        AppRestarted,
        /// `app_deleted`
        #[serde(rename = "app_deleted")]
        AppDeleted,
        /// `app_linked`
        #[serde(rename = "app_linked")]
        AppLinked,
        /// `app_unlinked`
        #[serde(rename = "app_unlinked")]
        AppUnlinked,
        /// `connection_rotated`
        #[serde(rename = "connection_rotated")]
        ConnectionRotated,
        /// `operation_ended`
        #[serde(rename = "operation_ended")]
        OperationEnded,
        /// `access_refused`
        #[serde(rename = "access_refused")]
        AccessRefused,
        /// `store_restored`
        #[serde(rename = "store_restored")]
        StoreRestored,
        /// `master_key_replaced`
        #[serde(rename = "master_key_replaced")]
        MasterKeyReplaced,
        /// `audit_exported`
        #[serde(rename = "audit_exported")]
        AuditExported,
        /// `operation_cancelled`
        #[serde(rename = "operation_cancelled")]
        OperationCancelled,
        /// `registry_saved`
        #[serde(rename = "registry_saved")]
        RegistrySaved,
        /// `registry_deleted`
        #[serde(rename = "registry_deleted")]
        RegistryDeleted,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl AuditAction {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Setup => "setup",
                Self::Login => "login",
                Self::LoginFailed => "login_failed",
                Self::Logout => "logout",
                Self::SessionRevoked => "session_revoked",
                Self::TokenCreated => "token_created",
                Self::TokenRevoked => "token_revoked",
                Self::UserCreated => "user_created",
                Self::UserChanged => "user_changed",
                Self::UserDeleted => "user_deleted",
                Self::PasswordChanged => "password_changed",
                Self::DatabaseCreated => "database_created",
                Self::DatabaseStarted => "database_started",
                Self::DatabaseStopped => "database_stopped",
                Self::DatabaseRestarted => "database_restarted",
                Self::DatabaseChanged => "database_changed",
                Self::DatabaseDeleted => "database_deleted",
                Self::DatabaseReattached => "database_reattached",
                Self::DatabaseRecreated => "database_recreated",
                Self::DatabaseAdopted => "database_adopted",
                Self::DatabaseReleased => "database_released",
                Self::KeptVolumeDeleted => "kept_volume_deleted",
                Self::CredentialsRead => "credentials_read",
                Self::CredentialsRotated => "credentials_rotated",
                Self::LogicalDatabaseCreated => "logical_database_created",
                Self::LogicalDatabaseDropped => "logical_database_dropped",
                Self::LogicalUserCreated => "logical_user_created",
                Self::LogicalUserDropped => "logical_user_dropped",
                Self::AppCreated => "app_created",
                Self::AppStarted => "app_started",
                Self::AppStopped => "app_stopped",
                Self::AppRestarted => "app_restarted",
                Self::AppDeleted => "app_deleted",
                Self::AppLinked => "app_linked",
                Self::AppUnlinked => "app_unlinked",
                Self::ConnectionRotated => "connection_rotated",
                Self::OperationEnded => "operation_ended",
                Self::AccessRefused => "access_refused",
                Self::StoreRestored => "store_restored",
                Self::MasterKeyReplaced => "master_key_replaced",
                Self::AuditExported => "audit_exported",
                Self::OperationCancelled => "operation_cancelled",
                Self::RegistrySaved => "registry_saved",
                Self::RegistryDeleted => "registry_deleted",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for AuditAction {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// One entry of the audit log.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AuditEntry {
        /// What was done.
        pub action: AuditAction,
        /// When it happened.
        pub at: DateTime<Utc>,
        /// What else there is to say: of an operation its kind and id, of a refusal the method and the path.
        pub detail: Option<String>,
        /// Its id.
        pub id: AuditId,
        /// How it ended. What begins an operation is `done` when it began; the operation's end is an entry of its own.
        pub outcome: AuditOutcome,
        /// The address the request came from.
        pub remote_address: Option<String>,
        /// The id of what it was done to.
        pub target_id: Option<String>,
        /// The name that had then.
        pub target_name: Option<String>,
        /// The API token that the request was signed in with; null for a session.
        pub token_id: Option<TokenId>,
        /// Who did it; null when nobody was signed in.
        pub user_id: Option<UserId>,
        /// The name that person had then, or that was tried.
        pub username: Option<String>,
    }

    /// An entry of the audit log.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct AuditId(pub Uuid);

    impl std::str::FromStr for AuditId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for AuditId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// Entries of the audit log, newest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct AuditList {
        /// The entries of this part.
        pub items: Vec<AuditEntry>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// How it ended.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum AuditOutcome {
        /// `done`
        #[serde(rename = "done")]
        Done,
        /// `refused`
        #[serde(rename = "refused")]
        Refused,
        /// `failed`
        #[serde(rename = "failed")]
        Failed,
        /// `cancelled`
        #[serde(rename = "cancelled")]
        Cancelled,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl AuditOutcome {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Done => "done",
                Self::Refused => "refused",
                Self::Failed => "failed",
                Self::Cancelled => "cancelled",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for AuditOutcome {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Settings to be changed. What is left out stays; null takes a value away.
    #[derive(Debug, Clone, Default, Serialize)]
    pub struct ChangeDatabaseRequest {
        /// The address of the host that the port is bound to. Anything but loopback needs `confirm_public`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub bind_address: Option<String>,
        /// A colour for the card, such as `#3366cc`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub color: Option<String>,
        /// Whether it is known that others can reach an address that is not loopback: connections are not encrypted yet,
        /// and published ports bypass the host's firewall.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub confirm_public: Option<bool>,
        /// The most processors it may use, from 0.01 to 1000, such as 0.5 or 2; null for no limit.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub cpus: Option<f64>,
        /// A note, at most 500 characters.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// Settings of the database server, by name (`GET /api/engines` lists them). Those that are not named stay, null takes
        /// one back; null in place of all takes back all.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub engine_settings: Option<BTreeMap<String, Option<String>>>,
        /// Whether clients outside the data network may connect, through a port of the host.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub expose_port: Option<bool>,
        /// The port of the host; left out or 0 for the one it has, or the first free one of the engine's range.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub external_port: Option<u16>,
        /// Whether other apps may use the database.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub is_shared: Option<bool>,
        /// The most memory it may use, in bytes, from 16 MiB (16777216) to 16 TiB; null for no limit.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub memory_bytes: Option<i64>,
    }

    /// A new password for an account.
    #[derive(Debug, Clone, Serialize)]
    pub struct ChangePasswordRequest {
        /// The new password: 10-256 characters without control characters, other than the user name.
        #[serde(serialize_with = "crate::secret::expose")]
        pub password: SecretString,
        /// The password until now. Needed for the own account; left out for others'.
        #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::secret::expose_optional")]
        pub current_password: Option<SecretString>,
    }

    impl ChangePasswordRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(password: SecretString) -> Self {
            Self { password, current_password: None }
        }
    }

    /// What is to change about an account.
    #[derive(Debug, Clone, Serialize)]
    pub struct ChangeUserRequest {
        /// What the person may do from now on.
        pub role: Role,
    }

    impl ChangeUserRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(role: Role) -> Self {
            Self { role }
        }
    }

    /// How a check ended.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum CheckStatus {
        /// `ok`
        #[serde(rename = "ok")]
        Ok,
        /// `failed`
        #[serde(rename = "failed")]
        Failed,
        /// `checking`
        #[serde(rename = "checking")]
        Checking,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl CheckStatus {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Ok => "ok",
                Self::Failed => "failed",
                Self::Checking => "checking",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for CheckStatus {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// How sure it is that a container is what it is taken for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Confidence {
        /// `low`
        #[serde(rename = "low")]
        Low,
        /// `medium`
        #[serde(rename = "medium")]
        Medium,
        /// `high`
        #[serde(rename = "high")]
        High,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Confidence {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Low => "low",
                Self::Medium => "medium",
                Self::High => "high",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Confidence {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Work that was begun on a link.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ConnectionAccepted {
        /// The link as it is now.
        pub connection: DatabaseConnection,
        /// The work, to be followed.
        pub operation: Operation,
    }

    /// How the app of a link signs in.
    #[derive(Debug, Clone, Deserialize)]
    pub struct ConnectionCredentials {
        /// The password.
        pub password: SecretString,
        /// The user name.
        pub username: LoginName,
        /// The variables the app has.
        pub variables: BTreeMap<String, String>,
    }

    /// An app's connection to a database.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct ConnectionId(pub Uuid);

    impl std::str::FromStr for ConnectionId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for ConnectionId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// All links to a managed database, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ConnectionList {
        /// The links.
        pub items: Vec<DatabaseConnection>,
    }

    /// Where a connection stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum ConnectionState {
        /// `pending`
        #[serde(rename = "pending")]
        Pending,
        /// `active`
        #[serde(rename = "active")]
        Active,
        /// `removing`
        #[serde(rename = "removing")]
        Removing,
        /// `orphaned`
        #[serde(rename = "orphaned")]
        Orphaned,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl ConnectionState {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Pending => "pending",
                Self::Active => "active",
                Self::Removing => "removing",
                Self::Orphaned => "orphaned",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for ConnectionState {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A database server that answered.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ConnectionTest {
        /// The host.
        pub host: String,
        /// Whether the login opened it. Otherwise only the port was tried.
        pub is_login_tried: bool,
        /// The port.
        pub port: u32,
        /// The server's version; null when the login was not tried.
        pub server_version: Option<String>,
        /// Where it was tried from: `network`, the network of apps; or `host`, where nothing runs on that network, or Stardeck can
        /// not go into it.
        pub tried_from: String,
        /// The engine.
        pub r#type: Engine,
        /// Why the login was not tried; null when it was.
        pub untried_because: Option<String>,
    }

    /// The runtime's id of a container. It changes when the container is recreated, so nothing is found by it.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct ContainerId(pub String);

    impl ContainerId {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for ContainerId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// A container's name, by Podman's rule: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct ContainerName(pub String);

    impl ContainerName {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for ContainerName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// What a database or an app uses. All but what is on the disk is null while it does not run; counters begin anew with each
    /// start.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ContainerStats {
        /// Bytes read from disks since it was started.
        pub block_read_bytes: Option<i64>,
        /// Bytes written to disks since it was started.
        pub block_written_bytes: Option<i64>,
        /// The processor time it used lately, as a part of one core: 0.5 is half a core, 2.0 two whole ones. Taken over the
        /// time since the measurement before, at most a minute, and at least a quarter of a second.
        pub cpu_cores: Option<f64>,
        /// Bytes that its volumes take on the disk; null while that is not known.
        pub disk_bytes: Option<i64>,
        /// When that was measured.
        pub disk_sampled_at: Option<DateTime<Utc>>,
        /// Memory in use, in bytes, as Podman counts it: with what the kernel keeps of files it read.
        pub memory_bytes: Option<i64>,
        /// The most memory it may use, in bytes; the host's memory when it has no limit.
        pub memory_limit_bytes: Option<i64>,
        /// Bytes received over all networks since it was started.
        pub network_received_bytes: Option<i64>,
        /// Bytes sent over all networks since it was started.
        pub network_sent_bytes: Option<i64>,
        /// Processes and threads.
        pub processes: Option<i64>,
        /// When it was measured.
        pub sampled_at: DateTime<Utc>,
    }

    /// A token to be made.
    #[derive(Debug, Clone, Serialize)]
    pub struct CreateApiTokenRequest {
        /// What to call it: 1-64 characters without control characters.
        pub name: String,
        /// What it lets do, as far as its owner may: `read` looks as a viewer does, `operate` is an operator, `admin` may all.
        pub scope: TokenScope,
        /// After how many days it ends: 1-3650, and 90 when it is left out. One that is made with another token lasts no longer
        /// than that.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub expires_in_days: Option<u32>,
    }

    impl CreateApiTokenRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(name: String, scope: TokenScope) -> Self {
            Self { name, scope, expires_in_days: None }
        }
    }

    /// An app to be deployed.
    #[derive(Debug, Clone, Serialize)]
    pub struct CreateAppRequest {
        /// The image.
        pub image: String,
        /// The name, which becomes the host name: 1-50 characters of `a-z 0-9 -`, beginning and ending with a letter or digit.
        pub name: String,
        /// Whether it is known that Podman before 5.3 shows variables to everybody who may inspect the container.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub accept_visible_env: Option<bool>,
        /// Arguments; left out for the image's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub command: Option<Vec<String>>,
        /// The database it is to use; left out for none.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub database: Option<DatabaseChoiceRequest>,
        /// How the app gets its password.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub delivery: Option<Delivery>,
        /// Variables. Their values are kept sealed and never returned.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub env: Option<BTreeMap<String, String>>,
        /// What the names of the variables of the link begin with.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub env_prefix: Option<String>,
        /// Labels; those that begin with `stardeck.` are Stardeck's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub labels: Option<BTreeMap<String, String>>,
        /// Limits.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub limits: Option<AppLimitsRequest>,
        /// Ports to be published on the host.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub ports: Option<Vec<AppPortRequest>>,
        /// When it is started again.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub restart_policy: Option<AppRestart>,
        /// Volumes. Directories of the host can not be mounted.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub volumes: Option<Vec<AppVolumeRequest>>,
    }

    impl CreateAppRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(image: String, name: String) -> Self {
            Self {
                image,
                name,
                accept_visible_env: None,
                command: None,
                database: None,
                delivery: None,
                env: None,
                env_prefix: None,
                labels: None,
                limits: None,
                ports: None,
                restart_policy: None,
                volumes: None,
            }
        }
    }

    /// A database to be deployed.
    #[derive(Debug, Clone, Serialize)]
    pub struct CreateDatabaseRequest {
        /// The engine. `GET /api/engines` lists the ones on offer.
        pub r#type: Engine,
        /// The name, which becomes the host name on the data network: 1-50 characters of `a-z 0-9 -`, beginning and ending
        /// with a letter or digit.
        pub name: String,
        /// The administrator's password, 1-128 characters without control characters; left out for a generated one.
        #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::secret::expose_optional")]
        pub admin_password: Option<SecretString>,
        /// The administrator inside the database server; left out for the engine's usual one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub admin_user: Option<String>,
        /// The address of the host that the port is bound to. Anything but loopback needs `confirm_public`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub bind_address: Option<String>,
        /// Whether it is known that others can reach an address that is not loopback: connections are not encrypted yet,
        /// and published ports bypass the host's firewall.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub confirm_public: Option<bool>,
        /// The most processors it may use, from 0.01 to 1000, such as 0.5 or 2; left out for no limit.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub cpus: Option<f64>,
        /// A note, at most 500 characters.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// Settings of the database server, by name (`GET /api/engines` lists them); numbers and truth values may be written
        /// as such.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub engine_settings: Option<BTreeMap<String, String>>,
        /// Whether clients outside the data network may connect, through a port of the host.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub expose_port: Option<bool>,
        /// The port of the host; left out or 0 for the first free one of the engine's range. Needs `expose_port`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub external_port: Option<u16>,
        /// An image of the engine's family to run instead of the official one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub image: Option<String>,
        /// Whether other apps may use the database.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub is_shared: Option<bool>,
        /// The id of a kept volume to run on (`GET /api/volumes/kept`); left out for a new volume. Engine and major version
        /// must be those of its data. Its administrator and password stay, so both are left out; version and image are the
        /// ones it ran on unless others are named.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub kept_volume_id: Option<DatabaseId>,
        /// The most memory it may use, in bytes, from 16 MiB (16777216) to 16 TiB; left out for no limit. The server's own memory
        /// settings follow it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub memory_bytes: Option<i64>,
        /// The version; left out for the engine's default.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub version: Option<String>,
    }

    impl CreateDatabaseRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(r#type: Engine, name: String) -> Self {
            Self {
                r#type,
                name,
                admin_password: None,
                admin_user: None,
                bind_address: None,
                confirm_public: None,
                cpus: None,
                description: None,
                engine_settings: None,
                expose_port: None,
                external_port: None,
                image: None,
                is_shared: None,
                kept_volume_id: None,
                memory_bytes: None,
                version: None,
            }
        }
    }

    /// A database to be made inside a managed database.
    #[derive(Debug, Clone, Serialize)]
    pub struct CreateLogicalDatabaseRequest {
        /// The name. What is allowed differs between engines.
        pub name: String,
        /// How its text is sorted, for engines with the capability `encodings`; left out for the usual one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub collation: Option<String>,
        /// How its text is encoded, for engines with the capability `encodings`; left out for the usual one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub encoding: Option<String>,
        /// The extensions it has from the beginning, for engines with the capability `extensions`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub extensions: Option<Vec<String>>,
    }

    impl CreateLogicalDatabaseRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(name: String) -> Self {
            Self { name, collation: None, encoding: None, extensions: None }
        }
    }

    /// A user to be made inside a managed database.
    #[derive(Debug, Clone, Serialize)]
    pub struct CreateLogicalUserRequest {
        /// The login name. What is allowed differs between engines.
        pub username: String,
        /// The logical database it may use, and nothing else. It was made through Stardeck.
        pub database_name: String,
        /// Most connections at once; left out for a fifth of what the server takes. Only for engines with the capability
        /// `connection_limits`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub connection_limit: Option<u32>,
        /// The password, 1-128 characters without control characters; left out for a generated one.
        #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::secret::expose_optional")]
        pub password: Option<SecretString>,
        /// What it may do there.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub preset: Option<Preset>,
    }

    impl CreateLogicalUserRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(username: String, database_name: String) -> Self {
            Self { username, database_name, connection_limit: None, password: None, preset: None }
        }
    }

    /// An account to be made.
    #[derive(Debug, Clone, Serialize)]
    pub struct CreateUserRequest {
        /// The name to sign in with: 1-64 characters of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit.
        pub username: String,
        /// The password: 10-256 characters without control characters, other than the user name.
        #[serde(serialize_with = "crate::secret::expose")]
        pub password: SecretString,
        /// What the person may do.
        pub role: Role,
    }

    impl CreateUserRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(username: String, password: SecretString, role: Role) -> Self {
            Self { username, password, role }
        }
    }

    /// A token that was just made. It is shown this once.
    #[derive(Debug, Clone, Deserialize)]
    pub struct CreatedApiToken {
        /// What is known about it from now on.
        pub api_token: ApiToken,
        /// The token itself, to be sent as `Authorization: Bearer TOKEN`.
        pub token: SecretString,
    }

    /// How to sign in to a database as its administrator.
    #[derive(Debug, Clone, Deserialize)]
    pub struct Credentials {
        /// The URL for clients on this host; null when no port is exposed.
        pub external_url: Option<SecretString>,
        /// The URL for apps on the data network, with the password percent-encoded.
        pub internal_url: SecretString,
        /// The password.
        pub password: SecretString,
        /// The user name.
        pub username: LoginName,
    }

    /// What happens to the data of a database that is removed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum DataFate {
        /// `keep`
        #[serde(rename = "keep")]
        Keep,
        /// `delete`
        #[serde(rename = "delete")]
        Delete,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl DataFate {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Keep => "keep",
                Self::Delete => "delete",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for DataFate {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// One database server in one container. Passwords are never in it: see its `credentials`.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Database {
        /// The administrator inside the database server.
        pub admin_user: LoginName,
        /// What its status allows now. What the person may do is a matter of the role besides.
        pub allowed_actions: Vec<Action>,
        /// The host address that port is bound to.
        pub bind_address: String,
        /// A person's colour for the card.
        pub color: Option<String>,
        /// How many apps are linked to it.
        pub connection_count: u32,
        /// The container as last seen; null before it exists and after it is gone.
        pub container_id: Option<ContainerId>,
        /// When it was asked for.
        pub created_at: DateTime<Utc>,
        /// Who asked for it; null when that account is gone.
        pub created_by: Option<UserId>,
        /// A person's note.
        pub description: Option<String>,
        /// What it should do.
        pub desired_state: DesiredState,
        /// Every address of this host at which that port answers; empty when none is exposed.
        pub external_addresses: Vec<String>,
        /// The name or address clients on this host reach it by; null when no port is exposed.
        pub external_host: Option<String>,
        /// The port on the host; null when none is exposed.
        pub external_port: Option<Port>,
        /// What kind of that engine, such as `pgvector`; null for the plain one.
        pub flavor: Option<String>,
        /// Whether it answered when last asked.
        pub health: Health,
        /// Its id.
        pub id: DatabaseId,
        /// The image that was asked for.
        pub image: String,
        /// The host name apps on the data network reach it by.
        pub internal_host: String,
        /// The port apps on the data network reach it by.
        pub internal_port: Port,
        /// Whether other apps may use it.
        pub is_shared: bool,
        /// When it last answered.
        pub last_answer_at: Option<DateTime<Utc>>,
        /// How long that answer took, in milliseconds, a login included.
        pub latency_ms: Option<u32>,
        /// Its name.
        pub name: DatabaseName,
        /// The network it is on.
        pub network: NetworkName,
        /// How Stardeck came to know it.
        pub origin: Origin,
        /// Counts the changes of settings; `PATCH` wants it in the header `If-Match`.
        pub revision: u32,
        /// The version the server itself reports.
        pub server_version: Option<String>,
        /// How it runs.
        pub settings: DatabaseSettings,
        /// What it is seen to do.
        pub status: DatabaseStatus,
        /// Why it is in this status, where there is something to say.
        pub status_reason: Option<String>,
        /// Its engine.
        pub r#type: Engine,
        /// When something about it last changed.
        pub updated_at: DateTime<Utc>,
        /// The version that was asked for.
        pub version: VersionTag,
    }

    /// Work that was begun on a database.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct DatabaseAccepted {
        /// The database as it is now.
        pub database: Database,
        /// The work, to be followed.
        pub operation: Operation,
    }

    /// The database that an app is to use.
    #[derive(Debug, Clone, Serialize)]
    pub struct DatabaseChoiceRequest {
        /// `existing` for one that is there, `new` for a dedicated one that is deployed first, `external` for one that somebody
        /// else runs.
        pub mode: DatabaseMode,
        /// Whether it is known that the login of an external one is not tried, where that can not be: it asks for an encrypted
        /// connection, or has no password.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub accept_untested: Option<bool>,
        /// The URL of an external one. It is kept sealed and never returned.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub connection_string: Option<String>,
        /// The one that is there.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub database_id: Option<DatabaseId>,
        /// The logical database; left out for one with the app's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub database_name: Option<String>,
        /// The image of a new one; left out for the official one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub image: Option<String>,
        /// The name of a new one; left out for the app's with `-db` behind.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Where the app meets one that is there. On a network of their own the app reaches this database and no other; a
        /// dedicated database has one already.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub network: Option<LinkNetwork>,
        /// What that user may do.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub preset: Option<Preset>,
        /// The engine of a new one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub r#type: Option<Engine>,
        /// The user; left out for one with the app's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub username: Option<String>,
        /// The version of a new one; left out for the engine's default.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub version: Option<String>,
    }

    impl DatabaseChoiceRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(mode: DatabaseMode) -> Self {
            Self {
                mode,
                accept_untested: None,
                connection_string: None,
                database_id: None,
                database_name: None,
                image: None,
                name: None,
                network: None,
                preset: None,
                r#type: None,
                username: None,
                version: None,
            }
        }
    }

    /// An app's link to one logical database. Passwords are never in it: see its `credentials`.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct DatabaseConnection {
        /// The app.
        pub container_id: AppId,
        /// The app's name.
        pub container_name: DatabaseName,
        /// When it was asked for.
        pub created_at: DateTime<Utc>,
        /// The managed database.
        pub database_id: DatabaseId,
        /// The logical database in it.
        pub database_name: LogicalName,
        /// How the app gets its password.
        pub delivery: Delivery,
        /// What the names of the app's variables begin with; null for its first database.
        pub env_prefix: Option<String>,
        /// Its id.
        pub id: ConnectionId,
        /// Where the app meets the database.
        pub network: LinkNetwork,
        /// What that user may do.
        pub preset: Preset,
        /// Where it stands. `orphaned` is one whose app was removed behind Stardeck's back.
        pub state: ConnectionState,
        /// The app's user in it.
        pub username: LoginName,
    }

    /// A managed database.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct DatabaseId(pub Uuid);

    impl std::str::FromStr for DatabaseId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for DatabaseId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// Managed databases, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct DatabaseList {
        /// The entries of this part.
        pub items: Vec<Database>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// Which database an app is to use.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum DatabaseMode {
        /// `existing`
        #[serde(rename = "existing")]
        Existing,
        /// `new`
        #[serde(rename = "new")]
        New,
        /// `external`
        #[serde(rename = "external")]
        External,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl DatabaseMode {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Existing => "existing",
                Self::New => "new",
                Self::External => "external",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for DatabaseMode {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// The name of a managed database, which is also its host name on the data network: 1-50 characters of
    /// `a-z 0-9 -`, beginning and ending with a letter or digit (a DNS label, RFC 1123). 50, so that the container's
    /// name, with its prefix, is a DNS label of at most 63 characters as well.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct DatabaseName(pub String);

    impl DatabaseName {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for DatabaseName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// How a database runs.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct DatabaseSettings {
        /// All settings that the server gets beside its own defaults.
        pub applied_settings: Vec<AppliedSetting>,
        /// The most processors it may use; null for no limit.
        pub cpus: Option<f64>,
        /// Settings of the database server that a person chose.
        pub engine_settings: BTreeMap<String, String>,
        /// The most memory it may use, in bytes; null for no limit.
        pub memory_bytes: Option<i64>,
    }

    /// What a database is seen to do.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum DatabaseStatus {
        /// `creating`
        #[serde(rename = "creating")]
        Creating,
        /// `starting`
        #[serde(rename = "starting")]
        Starting,
        /// `running`
        #[serde(rename = "running")]
        Running,
        /// `stopping`
        #[serde(rename = "stopping")]
        Stopping,
        /// `stopped`
        #[serde(rename = "stopped")]
        Stopped,
        /// `restarting`
        #[serde(rename = "restarting")]
        Restarting,
        /// `paused`
        #[serde(rename = "paused")]
        Paused,
        /// `error`
        #[serde(rename = "error")]
        Error,
        /// `missing`
        #[serde(rename = "missing")]
        Missing,
        /// `deleting`
        #[serde(rename = "deleting")]
        Deleting,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl DatabaseStatus {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Creating => "creating",
                Self::Starting => "starting",
                Self::Running => "running",
                Self::Stopping => "stopping",
                Self::Stopped => "stopped",
                Self::Restarting => "restarting",
                Self::Paused => "paused",
                Self::Error => "error",
                Self::Missing => "missing",
                Self::Deleting => "deleting",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for DatabaseStatus {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// How an app gets its password and URL.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Delivery {
        /// `env`
        #[serde(rename = "env")]
        Env,
        /// `file`
        #[serde(rename = "file")]
        File,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Delivery {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Env => "env",
                Self::File => "file",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Delivery {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// What a database should do. Survives restarts of everything.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum DesiredState {
        /// `running`
        #[serde(rename = "running")]
        Running,
        /// `stopped`
        #[serde(rename = "stopped")]
        Stopped,
        /// `absent`
        #[serde(rename = "absent")]
        Absent,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl DesiredState {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Running => "running",
                Self::Stopped => "stopped",
                Self::Absent => "absent",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for DesiredState {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A database server on the host that nobody manages yet.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct DetectedDatabase {
        /// How sure it is that this is a database server.
        pub confidence: Confidence,
        /// The container it runs in, by which it is adopted.
        pub container_id: ContainerId,
        /// That container's name.
        pub container_name: String,
        /// What kind of that engine, such as `timescaledb`, or whose build, such as `bitnami`; null for the plain one.
        pub flavor: Option<String>,
        /// The image it runs, as the container names it.
        pub image: String,
        /// The ports of the host that lead to it.
        pub ports: Vec<DetectedPort>,
        /// What speaks for it, in words.
        pub reasons: Vec<String>,
        /// What the container does.
        pub state: DetectedState,
        /// The engine it is taken for.
        pub r#type: Engine,
        /// Its version, as far as its image tells; null when nothing does.
        pub version: Option<VersionTag>,
    }

    /// Database servers that nobody manages yet.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct DetectedDatabaseList {
        /// The entries of this part.
        pub items: Vec<DetectedDatabase>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// A port of the host that leads into a container.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct DetectedPort {
        /// The address of the host it is bound to.
        pub bind_address: String,
        /// The port in the container.
        pub container_port: Port,
        /// The port of the host.
        pub host_port: Port,
    }

    /// What a container that was found does.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum DetectedState {
        /// `created`
        #[serde(rename = "created")]
        Created,
        /// `running`
        #[serde(rename = "running")]
        Running,
        /// `stopping`
        #[serde(rename = "stopping")]
        Stopping,
        /// `paused`
        #[serde(rename = "paused")]
        Paused,
        /// `exited`
        #[serde(rename = "exited")]
        Exited,
        /// `removing`
        #[serde(rename = "removing")]
        Removing,
        /// `unknown`
        #[serde(rename = "unknown")]
        Unknown,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl DetectedState {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Created => "created",
                Self::Running => "running",
                Self::Stopping => "stopping",
                Self::Paused => "paused",
                Self::Exited => "exited",
                Self::Removing => "removing",
                Self::Unknown => "unknown",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for DetectedState {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A database engine (the JSON field `type`).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Engine {
        /// `postgresql`
        #[serde(rename = "postgresql")]
        Postgresql,
        /// `mariadb`
        #[serde(rename = "mariadb")]
        Mariadb,
        /// `mysql`
        #[serde(rename = "mysql")]
        Mysql,
        /// `redis`
        #[serde(rename = "redis")]
        Redis,
        /// `mongodb`
        #[serde(rename = "mongodb")]
        Mongodb,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Engine {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Postgresql => "postgresql",
                Self::Mariadb => "mariadb",
                Self::Mysql => "mysql",
                Self::Redis => "redis",
                Self::Mongodb => "mongodb",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Engine {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// An engine that an app seems to want.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EngineHint {
        /// What speaks for it, the strongest first.
        pub reasons: Vec<String>,
        /// The engine.
        pub r#type: Engine,
        /// The variables among the image's that apps of this engine read.
        pub variables: Vec<String>,
    }

    /// An engine on offer, with all that a form needs to know about it.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EngineInfo {
        /// What it can do beyond the common.
        pub capabilities: Vec<String>,
        /// The administrator's name when none is asked for.
        pub default_admin_user: LoginName,
        /// The version that is taken when none is asked for.
        pub default_version: VersionTag,
        /// What it is for, in a sentence.
        pub description: String,
        /// Its name for people.
        pub display_name: String,
        /// The port apps reach it by.
        pub internal_port: Port,
        /// Whether it is the usual choice.
        pub is_popular: bool,
        /// The host ports that are chosen from.
        pub port_range: PortRange,
        /// The settings of the server that can be changed.
        pub settings: Vec<EngineSetting>,
        /// The engine, as the `type` of a database.
        pub r#type: Engine,
        /// The versions on offer, newest first.
        pub versions: Vec<EngineVersion>,
    }

    /// Engines on offer.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EngineList {
        /// The entries of this part.
        pub items: Vec<EngineInfo>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// A setting of a database server.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EngineSetting {
        /// Its name.
        pub name: String,
        /// What it may be, in words.
        pub rule: String,
    }

    /// A version on offer.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EngineVersion {
        /// The day its makers stop to mend it (ISO 8601); null when that is not known.
        pub end_of_life: Option<String>,
        /// The version.
        pub version: VersionTag,
    }

    /// The life of a store's events. Numbers of events from another one say nothing.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct EpochId(pub Uuid);

    impl std::str::FromStr for EpochId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for EpochId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// A database in a frame. The whole of it is at `GET /api/databases/{id}`.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EventDatabase {
        /// What its status allows. What the person may do is a matter of the role besides.
        pub allowed_actions: Vec<Action>,
        /// What it should do.
        pub desired_state: DesiredState,
        /// Whether it answered when last asked.
        pub health: Health,
        /// Its id.
        pub id: DatabaseId,
        /// Its name.
        pub name: DatabaseName,
        /// Counts the changes a person made.
        pub revision: u32,
        /// What it is seen to do.
        pub status: DatabaseStatus,
        /// Why it is in this status, where there is something to say.
        pub status_reason: Option<String>,
    }

    /// One frame of `GET /api/events`. `kind` says which members say something; the others are null.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EventFrame {
        /// When it was written down.
        pub at: DateTime<Utc>,
        /// The database as it was then (`database_created`, `database_changed`, `database_deleted`).
        pub database: Option<EventDatabase>,
        /// Numbers of another epoch say nothing.
        pub epoch: EpochId,
        /// What happened.
        pub kind: EventFrameKind,
        /// The operation as it was then (`operation_changed`).
        pub operation: Option<EventOperation>,
        /// Why something may have been missed (`resync`).
        pub reason: Option<ResyncReason>,
        /// Counts up within the epoch, without gaps; of `begin` and `resync`, the number after which the frames go on.
        pub seq: u32,
    }

    /// What a frame tells.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum EventFrameKind {
        /// `begin`
        #[serde(rename = "begin")]
        Begin,
        /// `resync`
        #[serde(rename = "resync")]
        Resync,
        /// `database_created`
        #[serde(rename = "database_created")]
        DatabaseCreated,
        /// `database_changed`
        #[serde(rename = "database_changed")]
        DatabaseChanged,
        /// `database_deleted`
        #[serde(rename = "database_deleted")]
        DatabaseDeleted,
        /// `operation_changed`
        #[serde(rename = "operation_changed")]
        OperationChanged,
        /// `detection_changed`
        #[serde(rename = "detection_changed")]
        DetectionChanged,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl EventFrameKind {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Begin => "begin",
                Self::Resync => "resync",
                Self::DatabaseCreated => "database_created",
                Self::DatabaseChanged => "database_changed",
                Self::DatabaseDeleted => "database_deleted",
                Self::OperationChanged => "operation_changed",
                Self::DetectionChanged => "detection_changed",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for EventFrameKind {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// An operation in a frame. The whole of it is at `GET /api/operations/{id}`.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct EventOperation {
        /// Whether somebody asked to cancel it.
        pub cancel_requested: bool,
        /// Its id.
        pub id: OperationId,
        /// What it does.
        pub kind: OperationKind,
        /// Where it stands.
        pub state: OperationState,
        /// The database it works on.
        pub target: DatabaseId,
    }

    /// A database that somebody else runs. Passwords are never in it.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ExternalDatabase {
        /// The logical database; null when the string names none.
        pub database_name: Option<String>,
        /// How the app gets the string.
        pub delivery: Delivery,
        /// What the names of the app's variables begin with.
        pub env_prefix: Option<String>,
        /// The host.
        pub host: String,
        /// The port.
        pub port: u32,
        /// The engine.
        pub r#type: Engine,
        /// The login name; null when the string names none.
        pub username: Option<String>,
    }

    /// One field that breaks a rule.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct FieldProblem {
        /// A stable word for programs.
        pub code: String,
        /// What would be right.
        pub detail: String,
        /// The field of the body, or the parameter of the query.
        pub field: String,
        /// Where it is in the body, as a JSON pointer (RFC 6901); null for a parameter of the query.
        pub pointer: Option<String>,
    }

    /// What a frame tells.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum FrameType {
        /// `state`
        #[serde(rename = "state")]
        State,
        /// `step`
        #[serde(rename = "step")]
        Step,
        /// `progress`
        #[serde(rename = "progress")]
        Progress,
        /// `log`
        #[serde(rename = "log")]
        Log,
        /// `cancel_requested`
        #[serde(rename = "cancel_requested")]
        CancelRequested,
        /// `result`
        #[serde(rename = "result")]
        Result,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl FrameType {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::State => "state",
                Self::Step => "step",
                Self::Progress => "progress",
                Self::Log => "log",
                Self::CancelRequested => "cancel_requested",
                Self::Result => "result",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for FrameType {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Whether the engine answered a query when last asked.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Health {
        /// `unknown`
        #[serde(rename = "unknown")]
        Unknown,
        /// `healthy`
        #[serde(rename = "healthy")]
        Healthy,
        /// `unhealthy`
        #[serde(rename = "unhealthy")]
        Unhealthy,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Health {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Unknown => "unknown",
                Self::Healthy => "healthy",
                Self::Unhealthy => "unhealthy",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Health {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// How far one layer of an image is.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ImageLayer {
        /// Bytes so far.
        pub current: i64,
        /// Whether it is there in full. A small one may be before its size was ever told.
        pub done: bool,
        /// The layer, by Podman's short id.
        pub id: String,
        /// Bytes in all; null while the size is not known.
        pub total: Option<i64>,
    }

    /// What an image says about the app in it.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ImageLook {
        /// The engines it seems to want, the likeliest first.
        pub engines: Vec<EngineHint>,
        /// The names of its variables.
        pub env_names: Vec<String>,
        /// The image.
        pub image: String,
        /// Whether it is here; of one that is not, only its name is known.
        pub is_present: bool,
        /// The TCP ports it declares.
        pub ports: Vec<u32>,
        /// The paths it declares as volumes.
        pub volumes: Vec<String>,
    }

    /// How far the transfer of an image is.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ImageProgress {
        /// Bytes so far, over all layers of which the size is known.
        pub current: i64,
        /// The layers.
        pub layers: Vec<ImageLayer>,
        /// What happens now, in Podman's words.
        pub status: String,
        /// Bytes in all, of those layers. It grows while more layers become known.
        pub total: i64,
    }

    /// The data of a database that was deleted and kept its volume.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct KeptVolume {
        /// The administrator inside it.
        pub admin_user: LoginName,
        /// When its database was deleted.
        pub deleted_at: DateTime<Utc>,
        /// Who deleted it; null when nobody asked for it.
        pub deleted_by: Option<UserId>,
        /// What kind of that engine; null for the plain one.
        pub flavor: Option<String>,
        /// Its id, which is the one its database had and will have again.
        pub id: DatabaseId,
        /// The image it ran on.
        pub image: String,
        /// Whether a database can be made of it again. Not when its database never answered: then no password opens it.
        pub is_attachable: bool,
        /// The major version whose servers can read it; null when it was not found out.
        pub major: Option<u32>,
        /// The name its database had.
        pub name: DatabaseName,
        /// The version the server itself reported; null when it never answered.
        pub server_version: Option<String>,
        /// The engine that wrote it.
        pub r#type: Engine,
        /// The version that was asked for.
        pub version: VersionTag,
        /// Its volumes in Podman.
        pub volumes: Vec<KeptVolumePart>,
    }

    /// Kept volumes, oldest database first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct KeptVolumeList {
        /// The entries of this part.
        pub items: Vec<KeptVolume>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// One volume in Podman.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct KeptVolumePart {
        /// Where it is mounted in the container.
        pub mount_path: String,
        /// Its name.
        pub name: String,
        /// The bytes it takes on the disk; null when Podman does not tell in time.
        pub size_bytes: Option<i64>,
    }

    /// Something that a container would have besides.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LinkChange {
        /// What it is: `variable`, `network` or `label`.
        pub kind: String,
        /// Its name.
        pub name: String,
        /// Its value, passwords masked; null for what has none, or one that is not known yet.
        pub value: Option<String>,
    }

    /// Where an app meets its database.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum LinkNetwork {
        /// `database`
        #[serde(rename = "database")]
        Database,
        /// `own`
        #[serde(rename = "own")]
        Own,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl LinkNetwork {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Database => "database",
                Self::Own => "own",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for LinkNetwork {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// What a link would change of an app's container. Nothing was written and nothing changed.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LinkReport {
        /// What the new container would have besides.
        pub changes: Vec<LinkChange>,
        /// Whether the link can be made: everything of the container can be kept.
        pub is_possible: bool,
        /// What can not be kept.
        pub unkept: Vec<UnkeptField>,
    }

    /// An app to be linked to a database.
    #[derive(Debug, Clone, Serialize)]
    pub struct LinkRequest {
        /// The app, by the id that `GET /api/containers` tells; or a container that somebody else made, by its name or id.
        pub container_id: String,
        /// Whether it is known that Podman before 5.3 shows variables to everybody who may inspect the container. Needed there
        /// for the delivery `env`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub accept_visible_env: Option<bool>,
        /// The logical database, which is made unless it is there; left out for one with the app's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub database_name: Option<String>,
        /// How the app gets its password.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub delivery: Option<Delivery>,
        /// What the names of the variables begin with, for an app's second database: `ANALYTICS` makes
        /// `ANALYTICS_DATABASE_URL`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub env_prefix: Option<String>,
        /// Where the app meets the database. On a network of their own the app reaches this database and no other; a dedicated
        /// database has one already.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub network: Option<LinkNetwork>,
        /// What that user may do.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub preset: Option<Preset>,
        /// The user, who is made unless it is there; left out for one with the app's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub username: Option<String>,
    }

    impl LinkRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(container_id: String) -> Self {
            Self {
                container_id,
                accept_visible_env: None,
                database_name: None,
                delivery: None,
                env_prefix: None,
                network: None,
                preset: None,
                username: None,
            }
        }
    }

    /// The server runs.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Liveness {
        /// Always `ok`; a server that does not run does not answer.
        pub status: CheckStatus,
    }

    /// One frame of `GET /api/databases/{id}/logs/follow` and `GET /api/containers/{id}/logs/follow`. `type` says which members say something; the others are null.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LogFrame {
        /// When the line was written, as far as that is known (`line`).
        pub at: Option<DateTime<Utc>>,
        /// The text (`line`).
        pub line: Option<String>,
        /// Counts up from line to line (`line`). Another connection may count from another line on.
        pub seq: Option<i64>,
        /// How many lines are left out (`gap`).
        pub skipped: Option<i64>,
        /// Which stream it came from (`line`).
        pub stream: Option<LogStream>,
        /// What it is.
        pub r#type: LogFrameType,
    }

    /// What a frame of a log is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum LogFrameType {
        /// `line`
        #[serde(rename = "line")]
        Line,
        /// `gap`
        #[serde(rename = "gap")]
        Gap,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl LogFrameType {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Line => "line",
                Self::Gap => "gap",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for LogFrameType {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// One line.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LogLine {
        /// When it was written, as far as that is known.
        pub at: Option<DateTime<Utc>>,
        /// The text.
        pub line: String,
        /// Which stream it came from.
        pub stream: LogStream,
    }

    /// Lines that a database server or an app logged, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LogList {
        /// The entries of this part.
        pub items: Vec<LogLine>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// An output stream of a container.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum LogStream {
        /// `stdout`
        #[serde(rename = "stdout")]
        Stdout,
        /// `stderr`
        #[serde(rename = "stderr")]
        Stderr,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl LogStream {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Stdout => "stdout",
                Self::Stderr => "stderr",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for LogStream {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A database inside a managed database.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LogicalDatabase {
        /// How many clients use it now; null where the engine does not tell.
        pub connections: Option<u32>,
        /// When it was asked for; null when it was not made through Stardeck.
        pub created_at: Option<DateTime<Utc>>,
        /// Its name.
        pub name: String,
        /// The role it belongs to; null where the engine knows no owners.
        pub owner: Option<String>,
        /// The bytes it takes; null where the engine does not tell.
        pub size_bytes: Option<i64>,
        /// Where it stands; null when it was not made through Stardeck. One that is `pending` did not come through: ask for it
        /// again, or drop it.
        pub state: Option<LogicalState>,
    }

    /// All databases inside a managed database, by name.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LogicalDatabaseList {
        /// The databases.
        pub items: Vec<LogicalDatabase>,
    }

    /// What happens to the logical database of a link that is removed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum LogicalFate {
        /// `keep`
        #[serde(rename = "keep")]
        Keep,
        /// `drop`
        #[serde(rename = "drop")]
        Drop,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl LogicalFate {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Keep => "keep",
                Self::Drop => "drop",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for LogicalFate {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// The name of a logical database inside an engine: 1-128 characters without control characters, and neither `.` nor
    /// `..`, which URLs take for something else. Engines narrow this.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct LogicalName(pub String);

    impl LogicalName {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for LogicalName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// Where something inside an engine stands that is written down before the engine hears of it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum LogicalState {
        /// `pending`
        #[serde(rename = "pending")]
        Pending,
        /// `active`
        #[serde(rename = "active")]
        Active,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl LogicalState {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Pending => "pending",
                Self::Active => "active",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for LogicalState {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A user inside a managed database.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LogicalUser {
        /// How many connections it has now; null where the engine does not tell.
        pub connections: Option<u32>,
        /// When it was asked for; null when it was not made through Stardeck.
        pub created_at: Option<DateTime<Utc>>,
        /// The logical database it may use; null when it was not made through Stardeck.
        pub database_name: Option<LogicalName>,
        /// Whether it may do everything on the whole server.
        pub is_admin: bool,
        /// What it may do there; null when it was not made through Stardeck.
        pub preset: Option<Preset>,
        /// Where it stands; null when it was not made through Stardeck.
        pub state: Option<LogicalState>,
        /// Its login name.
        pub username: String,
    }

    /// How a user signs in.
    #[derive(Debug, Clone, Deserialize)]
    pub struct LogicalUserCredentials {
        /// The logical database.
        pub database_name: LogicalName,
        /// The URL for apps on the data network, with the password percent-encoded.
        pub internal_url: SecretString,
        /// The password.
        pub password: SecretString,
        /// The user name.
        pub username: LoginName,
    }

    /// All users that can log in to a managed database, by name, without Stardeck's own.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct LogicalUserList {
        /// The users.
        pub items: Vec<LogicalUser>,
    }

    /// A session. The token is shown this once.
    #[derive(Debug, Clone, Deserialize)]
    pub struct Login {
        /// When the session ends by itself.
        pub expires_at: DateTime<Utc>,
        /// The session's token, to be sent as `Authorization: Bearer TOKEN`.
        pub token: SecretString,
        /// Who signed in.
        pub user: User,
    }

    /// The name of a role or user inside an engine: 1-128 characters without control characters. Engines narrow this.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct LoginName(pub String);

    impl LoginName {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for LoginName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// A login that every database has.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum LoginPurpose {
        /// `admin`
        #[serde(rename = "admin")]
        Admin,
        /// `management`
        #[serde(rename = "management")]
        Management,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl LoginPurpose {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Admin => "admin",
                Self::Management => "management",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for LoginPurpose {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Who wants to sign in.
    #[derive(Debug, Clone, Serialize)]
    pub struct LoginRequest {
        /// The user name.
        pub username: String,
        /// The password.
        #[serde(serialize_with = "crate::secret::expose")]
        pub password: SecretString,
    }

    impl LoginRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(username: String, password: SecretString) -> Self {
            Self { username, password }
        }
    }

    /// A network's name, by Podman's rule.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct NetworkName(pub String);

    impl NetworkName {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for NetworkName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// A port that is free now. It is not reserved: a form suggests it, the request for the database decides.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct NextPort {
        /// The port.
        pub port: Port,
    }

    /// One long-running piece of work.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Operation {
        /// When somebody asked to cancel it.
        pub cancel_requested_at: Option<DateTime<Utc>>,
        /// When it was asked for.
        pub created_at: DateTime<Utc>,
        /// Why it failed, as the same object a request is answered with; null unless it did.
        pub error: Option<Problem>,
        /// When it ended.
        pub finished_at: Option<DateTime<Utc>>,
        /// Its id.
        pub id: OperationId,
        /// What it does.
        pub kind: OperationKind,
        /// Who asked for it; null for Stardeck itself.
        pub requested_by: Option<UserId>,
        /// Where it stands. `succeeded`, `failed` and `cancelled` are final.
        pub state: OperationState,
        /// Its steps, in order.
        pub steps: Vec<OperationStep>,
        /// The id of what it works on.
        pub target: Uuid,
        /// What kind of thing that is.
        pub target_type: TargetType,
        /// Whether everything it did was taken back; null unless it failed or was cancelled.
        pub undone: Option<bool>,
    }

    /// Work that was begun.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct OperationAccepted {
        /// The work, to be followed.
        pub operation: Operation,
    }

    /// One frame of `GET /api/operations/{id}/events`: one thing that happened to the operation. `type` says which members
    /// say something; the others are null.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct OperationFrame {
        /// When it happened.
        pub at: DateTime<Utc>,
        /// Numbers of another epoch say nothing: begin anew.
        pub epoch: EpochId,
        /// Why the operation failed (`result`), as the operation itself has it.
        pub error: Option<Problem>,
        /// How far the transfer is (`progress`).
        pub progress: Option<ImageProgress>,
        /// Counts up from 1 within the operation, without gaps.
        pub seq: u32,
        /// The operation's state (`state`, `result`).
        pub state: Option<OperationState>,
        /// The step it is about (`step`, `progress`, and `log` where a step logged it).
        pub step: Option<StepName>,
        /// The step's state (`step`).
        pub step_state: Option<StepState>,
        /// The line (`log`); what the step did or why it failed (`step`).
        pub text: Option<String>,
        /// What happened.
        pub r#type: FrameType,
        /// Whether everything the operation did was taken back (`result`); null when it succeeded.
        pub undone: Option<bool>,
    }

    /// An operation: one long-running piece of work.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct OperationId(pub Uuid);

    impl std::str::FromStr for OperationId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for OperationId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// What an operation does.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum OperationKind {
        /// `create`
        #[serde(rename = "create")]
        Create,
        /// `reattach`
        #[serde(rename = "reattach")]
        Reattach,
        /// `adopt`
        #[serde(rename = "adopt")]
        Adopt,
        /// `release`
        #[serde(rename = "release")]
        Release,
        /// `start`
        #[serde(rename = "start")]
        Start,
        /// `stop`
        #[serde(rename = "stop")]
        Stop,
        /// `restart`
        #[serde(rename = "restart")]
        Restart,
        /// `update`
        #[serde(rename = "update")]
        Update,
        /// `recreate`
        #[serde(rename = "recreate")]
        Recreate,
        /// `delete`
        #[serde(rename = "delete")]
        Delete,
        /// `app_create`
        #[serde(rename = "app_create")]
        AppCreate,
        /// `app_start`
        #[serde(rename = "app_start")]
        AppStart,
        /// `app_stop`
        #[serde(rename = "app_stop")]
        AppStop,
        /// `app_restart`
        #[serde(rename = "app_restart")]
        AppRestart,
        /// `app_delete`
        #[serde(rename = "app_delete")]
        AppDelete,
        /// `link`
        #[serde(rename = "link")]
        Link,
        /// `unlink`
        #[serde(rename = "unlink")]
        Unlink,
        /// `rotate`
        #[serde(rename = "rotate")]
        Rotate,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl OperationKind {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Create => "create",
                Self::Reattach => "reattach",
                Self::Adopt => "adopt",
                Self::Release => "release",
                Self::Start => "start",
                Self::Stop => "stop",
                Self::Restart => "restart",
                Self::Update => "update",
                Self::Recreate => "recreate",
                Self::Delete => "delete",
                Self::AppCreate => "app_create",
                Self::AppStart => "app_start",
                Self::AppStop => "app_stop",
                Self::AppRestart => "app_restart",
                Self::AppDelete => "app_delete",
                Self::Link => "link",
                Self::Unlink => "unlink",
                Self::Rotate => "rotate",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for OperationKind {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Operations, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct OperationList {
        /// The entries of this part.
        pub items: Vec<Operation>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// One line of an operation's log.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct OperationLogLine {
        /// When it was written.
        pub at: DateTime<Utc>,
        /// The text.
        pub line: String,
        /// Counts up from 1 within the operation.
        pub seq: u32,
        /// The step it belongs to.
        pub step: Option<StepName>,
    }

    /// Lines of an operation's log, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct OperationLogList {
        /// The entries of this part.
        pub items: Vec<OperationLogLine>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// Where an operation stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum OperationState {
        /// `queued`
        #[serde(rename = "queued")]
        Queued,
        /// `running`
        #[serde(rename = "running")]
        Running,
        /// `undoing`
        #[serde(rename = "undoing")]
        Undoing,
        /// `succeeded`
        #[serde(rename = "succeeded")]
        Succeeded,
        /// `failed`
        #[serde(rename = "failed")]
        Failed,
        /// `cancelled`
        #[serde(rename = "cancelled")]
        Cancelled,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl OperationState {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Queued => "queued",
                Self::Running => "running",
                Self::Undoing => "undoing",
                Self::Succeeded => "succeeded",
                Self::Failed => "failed",
                Self::Cancelled => "cancelled",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for OperationState {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// One step of an operation.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct OperationStep {
        /// What it is doing or did, in words.
        pub detail: Option<String>,
        /// When it ended.
        pub finished_at: Option<DateTime<Utc>>,
        /// Which step.
        pub name: StepName,
        /// When it began.
        pub started_at: Option<DateTime<Utc>>,
        /// Where it stands.
        pub state: StepState,
    }

    /// How we came to know the database.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Origin {
        /// `created`
        #[serde(rename = "created")]
        Created,
        /// `adopted`
        #[serde(rename = "adopted")]
        Adopted,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Origin {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Created => "created",
                Self::Adopted => "adopted",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Origin {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A TCP port, 1-65535.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Port(pub u16);

    impl std::fmt::Display for Port {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// A range of ports, both ends included.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct PortRange {
        /// First port.
        pub first: Port,
        /// Last port.
        pub last: Port,
    }

    /// What a user may do in one logical database. Nothing is allowed outside of it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Preset {
        /// `owner`
        #[serde(rename = "owner")]
        Owner,
        /// `read_write`
        #[serde(rename = "read_write")]
        ReadWrite,
        /// `read_only`
        #[serde(rename = "read_only")]
        ReadOnly,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Preset {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Owner => "owner",
                Self::ReadWrite => "read_write",
                Self::ReadOnly => "read_only",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Preset {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// The variables that a link would give to an app.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct PreviewList {
        /// The variables.
        pub items: Vec<PreviewVariable>,
    }

    /// A look at the variables that a link would give to an app.
    #[derive(Debug, Clone, Serialize)]
    pub struct PreviewRequest {
        /// The app's name.
        pub name: String,
        /// The database it is to use.
        pub database: DatabaseChoiceRequest,
        /// How the app gets its password.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub delivery: Option<Delivery>,
        /// What the names of the variables begin with.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub env_prefix: Option<String>,
    }

    impl PreviewRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(name: String, database: DatabaseChoiceRequest) -> Self {
            Self { name, database, delivery: None, env_prefix: None }
        }
    }

    /// A variable that a link would give to an app.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct PreviewVariable {
        /// Whether the real value holds the password.
        pub is_secret: bool,
        /// Its name.
        pub name: String,
        /// Its value, with the password masked.
        pub value: String,
    }

    /// What went wrong (RFC 9457). Branch on `code`; `title` and `detail` are for people.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Problem {
        /// Where the kind of problem is explained, relative to this server.
        pub r#type: String,
        /// The kind of problem in a few words, the same each time.
        pub title: String,
        /// The HTTP status.
        pub status: u32,
        /// What happened this time, in words.
        pub detail: String,
        /// A stable word for programs.
        pub code: ProblemCode,
        /// Each field that breaks a rule, when `code` is `invalid_fields`.
        #[serde(default)]
        pub errors: Vec<FieldProblem>,
        /// What the problem occurred on: the path of the request, or of the operation that failed.
        pub instance: Option<String>,
        /// The last lines the database server logged, where they explain the problem.
        #[serde(default)]
        pub log_tail: Vec<String>,
        /// The operation at work, when `code` is `operation_in_progress`.
        pub operation_id: Option<OperationId>,
        /// The request's id, as in the header `x-request-id` and in the server's log.
        pub request_id: Option<String>,
        /// The step that failed, in the error of an operation.
        pub step: Option<String>,
    }

    /// A stable word for a problem. New ones may be added; the meaning of one never changes.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum ProblemCode {
        /// `malformed_body`
        #[serde(rename = "malformed_body")]
        MalformedBody,
        /// `malformed_query`
        #[serde(rename = "malformed_query")]
        MalformedQuery,
        /// `malformed_request`
        #[serde(rename = "malformed_request")]
        MalformedRequest,
        /// `invalid_fields`
        #[serde(rename = "invalid_fields")]
        InvalidFields,
        /// `unauthenticated`
        #[serde(rename = "unauthenticated")]
        Unauthenticated,
        /// `login_failed`
        #[serde(rename = "login_failed")]
        LoginFailed,
        /// `forbidden`
        #[serde(rename = "forbidden")]
        Forbidden,
        /// `origin_rejected`
        #[serde(rename = "origin_rejected")]
        OriginRejected,
        /// `setup_token_rejected`
        #[serde(rename = "setup_token_rejected")]
        SetupTokenRejected,
        /// `not_found`
        #[serde(rename = "not_found")]
        NotFound,
        /// `method_not_allowed`
        #[serde(rename = "method_not_allowed")]
        MethodNotAllowed,
        /// `name_taken`
        #[serde(rename = "name_taken")]
        NameTaken,
        /// `already_managed`
        #[serde(rename = "already_managed")]
        AlreadyManaged,
        /// `not_adoptable`
        #[serde(rename = "not_adoptable")]
        NotAdoptable,
        /// `not_adopted`
        #[serde(rename = "not_adopted")]
        NotAdopted,
        /// `managed_elsewhere`
        #[serde(rename = "managed_elsewhere")]
        ManagedElsewhere,
        /// `port_taken`
        #[serde(rename = "port_taken")]
        PortTaken,
        /// `ports_exhausted`
        #[serde(rename = "ports_exhausted")]
        PortsExhausted,
        /// `port_still_open`
        #[serde(rename = "port_still_open")]
        PortStillOpen,
        /// `subnets_exhausted`
        #[serde(rename = "subnets_exhausted")]
        SubnetsExhausted,
        /// `operation_in_progress`
        #[serde(rename = "operation_in_progress")]
        OperationInProgress,
        /// `operation_ended`
        #[serde(rename = "operation_ended")]
        OperationEnded,
        /// `not_cancellable`
        #[serde(rename = "not_cancellable")]
        NotCancellable,
        /// `invalid_transition`
        #[serde(rename = "invalid_transition")]
        InvalidTransition,
        /// `database_not_running`
        #[serde(rename = "database_not_running")]
        DatabaseNotRunning,
        /// `revision_mismatch`
        #[serde(rename = "revision_mismatch")]
        RevisionMismatch,
        /// `revision_required`
        #[serde(rename = "revision_required")]
        RevisionRequired,
        /// `database_dedicated`
        #[serde(rename = "database_dedicated")]
        DatabaseDedicated,
        /// `apps_linked`
        #[serde(rename = "apps_linked")]
        AppsLinked,
        /// `app_exited`
        #[serde(rename = "app_exited")]
        AppExited,
        /// `name_not_resolved`
        #[serde(rename = "name_not_resolved")]
        NameNotResolved,
        /// `credentials_not_ready`
        #[serde(rename = "credentials_not_ready")]
        CredentialsNotReady,
        /// `container_missing`
        #[serde(rename = "container_missing")]
        ContainerMissing,
        /// `volume_missing`
        #[serde(rename = "volume_missing")]
        VolumeMissing,
        /// `volume_in_use`
        #[serde(rename = "volume_in_use")]
        VolumeInUse,
        /// `setup_done`
        #[serde(rename = "setup_done")]
        SetupDone,
        /// `setup_needed`
        #[serde(rename = "setup_needed")]
        SetupNeeded,
        /// `user_name_taken`
        #[serde(rename = "user_name_taken")]
        UserNameTaken,
        /// `last_admin`
        #[serde(rename = "last_admin")]
        LastAdmin,
        /// `cancelled`
        #[serde(rename = "cancelled")]
        Cancelled,
        /// `body_too_large`
        #[serde(rename = "body_too_large")]
        BodyTooLarge,
        /// `unsupported_media_type`
        #[serde(rename = "unsupported_media_type")]
        UnsupportedMediaType,
        /// `body_timeout`
        #[serde(rename = "body_timeout")]
        BodyTimeout,
        /// `host_not_allowed`
        #[serde(rename = "host_not_allowed")]
        HostNotAllowed,
        /// `upgrade_required`
        #[serde(rename = "upgrade_required")]
        UpgradeRequired,
        /// `too_many_attempts`
        #[serde(rename = "too_many_attempts")]
        TooManyAttempts,
        /// `image_not_found`
        #[serde(rename = "image_not_found")]
        ImageNotFound,
        /// `image_unauthorized`
        #[serde(rename = "image_unauthorized")]
        ImageUnauthorized,
        /// `registry_unavailable`
        #[serde(rename = "registry_unavailable")]
        RegistryUnavailable,
        /// `image_unsuitable`
        #[serde(rename = "image_unsuitable")]
        ImageUnsuitable,
        /// `runtime_rejected`
        #[serde(rename = "runtime_rejected")]
        RuntimeRejected,
        /// `runtime_unavailable`
        #[serde(rename = "runtime_unavailable")]
        RuntimeUnavailable,
        /// `engine_exited`
        #[serde(rename = "engine_exited")]
        EngineExited,
        /// `engine_not_ready`
        #[serde(rename = "engine_not_ready")]
        EngineNotReady,
        /// `credentials_rejected`
        #[serde(rename = "credentials_rejected")]
        CredentialsRejected,
        /// `engine_refused`
        #[serde(rename = "engine_refused")]
        EngineRefused,
        /// `interrupted`
        #[serde(rename = "interrupted")]
        Interrupted,
        /// `busy`
        #[serde(rename = "busy")]
        Busy,
        /// `store_full`
        #[serde(rename = "store_full")]
        StoreFull,
        /// `internal`
        #[serde(rename = "internal")]
        Internal,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl ProblemCode {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::MalformedBody => "malformed_body",
                Self::MalformedQuery => "malformed_query",
                Self::MalformedRequest => "malformed_request",
                Self::InvalidFields => "invalid_fields",
                Self::Unauthenticated => "unauthenticated",
                Self::LoginFailed => "login_failed",
                Self::Forbidden => "forbidden",
                Self::OriginRejected => "origin_rejected",
                Self::SetupTokenRejected => "setup_token_rejected",
                Self::NotFound => "not_found",
                Self::MethodNotAllowed => "method_not_allowed",
                Self::NameTaken => "name_taken",
                Self::AlreadyManaged => "already_managed",
                Self::NotAdoptable => "not_adoptable",
                Self::NotAdopted => "not_adopted",
                Self::ManagedElsewhere => "managed_elsewhere",
                Self::PortTaken => "port_taken",
                Self::PortsExhausted => "ports_exhausted",
                Self::PortStillOpen => "port_still_open",
                Self::SubnetsExhausted => "subnets_exhausted",
                Self::OperationInProgress => "operation_in_progress",
                Self::OperationEnded => "operation_ended",
                Self::NotCancellable => "not_cancellable",
                Self::InvalidTransition => "invalid_transition",
                Self::DatabaseNotRunning => "database_not_running",
                Self::RevisionMismatch => "revision_mismatch",
                Self::RevisionRequired => "revision_required",
                Self::DatabaseDedicated => "database_dedicated",
                Self::AppsLinked => "apps_linked",
                Self::AppExited => "app_exited",
                Self::NameNotResolved => "name_not_resolved",
                Self::CredentialsNotReady => "credentials_not_ready",
                Self::ContainerMissing => "container_missing",
                Self::VolumeMissing => "volume_missing",
                Self::VolumeInUse => "volume_in_use",
                Self::SetupDone => "setup_done",
                Self::SetupNeeded => "setup_needed",
                Self::UserNameTaken => "user_name_taken",
                Self::LastAdmin => "last_admin",
                Self::Cancelled => "cancelled",
                Self::BodyTooLarge => "body_too_large",
                Self::UnsupportedMediaType => "unsupported_media_type",
                Self::BodyTimeout => "body_timeout",
                Self::HostNotAllowed => "host_not_allowed",
                Self::UpgradeRequired => "upgrade_required",
                Self::TooManyAttempts => "too_many_attempts",
                Self::ImageNotFound => "image_not_found",
                Self::ImageUnauthorized => "image_unauthorized",
                Self::RegistryUnavailable => "registry_unavailable",
                Self::ImageUnsuitable => "image_unsuitable",
                Self::RuntimeRejected => "runtime_rejected",
                Self::RuntimeUnavailable => "runtime_unavailable",
                Self::EngineExited => "engine_exited",
                Self::EngineNotReady => "engine_not_ready",
                Self::CredentialsRejected => "credentials_rejected",
                Self::EngineRefused => "engine_refused",
                Self::Interrupted => "interrupted",
                Self::Busy => "busy",
                Self::StoreFull => "store_full",
                Self::Internal => "internal",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for ProblemCode {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Whether the server can do its work.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Readiness {
        /// Each part the server needs.
        pub checks: ReadyChecks,
        /// `ok` when every check is.
        pub status: CheckStatus,
    }

    /// The parts the server needs.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct ReadyChecks {
        /// What runs containers.
        pub runtime: CheckStatus,
        /// What Stardeck remembers.
        pub store: CheckStatus,
    }

    /// A login for an image registry, without its password.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Registry {
        /// When it was first saved.
        pub created_at: DateTime<Utc>,
        /// The registry.
        pub host: String,
        /// Its id.
        pub id: RegistryId,
        /// When it was last saved.
        pub updated_at: DateTime<Utc>,
        /// The user name there.
        pub username: String,
    }

    /// A login for an image registry.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct RegistryId(pub Uuid);

    impl std::str::FromStr for RegistryId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for RegistryId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// Logins for image registries, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct RegistryList {
        /// The entries of this part.
        pub items: Vec<Registry>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// Why something may have been missed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum ResyncReason {
        /// `new_epoch`
        #[serde(rename = "new_epoch")]
        NewEpoch,
        /// `gap`
        #[serde(rename = "gap")]
        Gap,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl ResyncReason {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::NewEpoch => "new_epoch",
                Self::Gap => "gap",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for ResyncReason {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// What a person may do. Each role may do what the ones before it may.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Role {
        /// `viewer`
        #[serde(rename = "viewer")]
        Viewer,
        /// `operator`
        #[serde(rename = "operator")]
        Operator,
        /// `admin`
        #[serde(rename = "admin")]
        Admin,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl Role {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Viewer => "viewer",
                Self::Operator => "operator",
                Self::Admin => "admin",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for Role {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Whose password is to be replaced.
    #[derive(Debug, Clone, Serialize)]
    pub struct RotateRequest {
        /// Whose.
        pub purpose: LoginPurpose,
    }

    impl RotateRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(purpose: LoginPurpose) -> Self {
            Self { purpose }
        }
    }

    /// A login to be saved.
    #[derive(Debug, Clone, Serialize)]
    pub struct SaveRegistryRequest {
        /// The registry as it stands at the front of an image's name: a host with an optional port, `docker.io` for
        /// Docker Hub.
        pub host: String,
        /// The user name there: 1-255 characters without colon and control characters.
        pub username: String,
        /// The password or token: 1-8192 characters without control characters.
        #[serde(serialize_with = "crate::secret::expose")]
        pub password: SecretString,
    }

    impl SaveRegistryRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(host: String, username: String, password: SecretString) -> Self {
            Self { host, username, password }
        }
    }

    /// A login that is still good.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Session {
        /// When it began.
        pub created_at: DateTime<Utc>,
        /// When it ends by itself.
        pub expires_at: DateTime<Utc>,
        /// Its id.
        pub id: SessionId,
        /// Whether it is the one that this request came with.
        pub is_current: bool,
        /// When it was last used, to the minute.
        pub last_used_at: Option<DateTime<Utc>>,
        /// The address it was begun from; null when that is not known.
        pub remote_address: Option<String>,
    }

    /// A login session.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct SessionId(pub Uuid);

    impl std::str::FromStr for SessionId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for SessionId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// Sessions, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct SessionList {
        /// The entries of this part.
        pub items: Vec<Session>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// A value that changes.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct SettingChange {
        /// Its name in requests; settings of the server have `engine_settings.` before theirs, also those that follow the
        /// limit of memory.
        pub field: String,
        /// What it is, as text; null for nothing.
        pub from: Option<String>,
        /// Whether the container is made anew for it.
        pub requires_restart: bool,
        /// What it becomes, as text; null for nothing, or for a port that is chosen later.
        pub to: Option<String>,
    }

    /// What a change of settings comes to.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct SettingsChanged {
        /// The values that change.
        pub changes: Vec<SettingChange>,
        /// The database as it is now.
        pub database: Database,
        /// The work, where the container is made anew; null when all is done, or nothing was to be.
        pub operation: Option<Operation>,
        /// Whether the container is made anew for it, so that clients lose their connections for a moment.
        pub requires_restart: bool,
    }

    /// Whether the first administrator is still to be made.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct Setup {
        /// True until `POST /api/setup` has succeeded.
        pub needed: bool,
    }

    /// The first administrator to be made.
    #[derive(Debug, Clone, Serialize)]
    pub struct SetupRequest {
        /// The content of the file `setup-token` in the server's data directory.
        #[serde(serialize_with = "crate::secret::expose")]
        pub token: SecretString,
        /// The name to sign in with: 1-64 characters of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit.
        pub username: String,
        /// The password: 10-256 characters without control characters, other than the user name.
        #[serde(serialize_with = "crate::secret::expose")]
        pub password: SecretString,
    }

    impl SetupRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(token: SecretString, username: String, password: SecretString) -> Self {
            Self { token, username, password }
        }
    }

    /// The steps that operations are made of, in the words people see.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum StepName {
        /// `reserve`
        #[serde(rename = "reserve")]
        Reserve,
        /// `network`
        #[serde(rename = "network")]
        Network,
        /// `image`
        #[serde(rename = "image")]
        Image,
        /// `volume`
        #[serde(rename = "volume")]
        Volume,
        /// `secret`
        #[serde(rename = "secret")]
        Secret,
        /// `container`
        #[serde(rename = "container")]
        Container,
        /// `start`
        #[serde(rename = "start")]
        Start,
        /// `ready`
        #[serde(rename = "ready")]
        Ready,
        /// `credentials`
        #[serde(rename = "credentials")]
        Credentials,
        /// `finish`
        #[serde(rename = "finish")]
        Finish,
        /// `stop`
        #[serde(rename = "stop")]
        Stop,
        /// `set_aside`
        #[serde(rename = "set_aside")]
        SetAside,
        /// `check_port`
        #[serde(rename = "check_port")]
        CheckPort,
        /// `discard`
        #[serde(rename = "discard")]
        Discard,
        /// `remove_container`
        #[serde(rename = "remove_container")]
        RemoveContainer,
        /// `remove_secret`
        #[serde(rename = "remove_secret")]
        RemoveSecret,
        /// `remove_volume`
        #[serde(rename = "remove_volume")]
        RemoveVolume,
        /// `connect`
        #[serde(rename = "connect")]
        Connect,
        /// `disconnect`
        #[serde(rename = "disconnect")]
        Disconnect,
        /// `release`
        #[serde(rename = "release")]
        Release,
        /// `app_reserve`
        #[serde(rename = "app_reserve")]
        AppReserve,
        /// `logical_database`
        #[serde(rename = "logical_database")]
        LogicalDatabase,
        /// `app_user`
        #[serde(rename = "app_user")]
        AppUser,
        /// `app_image`
        #[serde(rename = "app_image")]
        AppImage,
        /// `app_volumes`
        #[serde(rename = "app_volumes")]
        AppVolumes,
        /// `app_secrets`
        #[serde(rename = "app_secrets")]
        AppSecrets,
        /// `app_container`
        #[serde(rename = "app_container")]
        AppContainer,
        /// `app_stop`
        #[serde(rename = "app_stop")]
        AppStop,
        /// `app_start`
        #[serde(rename = "app_start")]
        AppStart,
        /// `verify`
        #[serde(rename = "verify")]
        Verify,
        /// `revoke_user`
        #[serde(rename = "revoke_user")]
        RevokeUser,
        /// `drop_database`
        #[serde(rename = "drop_database")]
        DropDatabase,
        /// `app_finish`
        #[serde(rename = "app_finish")]
        AppFinish,
        /// `app_remove`
        #[serde(rename = "app_remove")]
        AppRemove,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl StepName {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Reserve => "reserve",
                Self::Network => "network",
                Self::Image => "image",
                Self::Volume => "volume",
                Self::Secret => "secret",
                Self::Container => "container",
                Self::Start => "start",
                Self::Ready => "ready",
                Self::Credentials => "credentials",
                Self::Finish => "finish",
                Self::Stop => "stop",
                Self::SetAside => "set_aside",
                Self::CheckPort => "check_port",
                Self::Discard => "discard",
                Self::RemoveContainer => "remove_container",
                Self::RemoveSecret => "remove_secret",
                Self::RemoveVolume => "remove_volume",
                Self::Connect => "connect",
                Self::Disconnect => "disconnect",
                Self::Release => "release",
                Self::AppReserve => "app_reserve",
                Self::LogicalDatabase => "logical_database",
                Self::AppUser => "app_user",
                Self::AppImage => "app_image",
                Self::AppVolumes => "app_volumes",
                Self::AppSecrets => "app_secrets",
                Self::AppContainer => "app_container",
                Self::AppStop => "app_stop",
                Self::AppStart => "app_start",
                Self::Verify => "verify",
                Self::RevokeUser => "revoke_user",
                Self::DropDatabase => "drop_database",
                Self::AppFinish => "app_finish",
                Self::AppRemove => "app_remove",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for StepName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// Where a step stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum StepState {
        /// `pending`
        #[serde(rename = "pending")]
        Pending,
        /// `running`
        #[serde(rename = "running")]
        Running,
        /// `succeeded`
        #[serde(rename = "succeeded")]
        Succeeded,
        /// `failed`
        #[serde(rename = "failed")]
        Failed,
        /// `undone`
        #[serde(rename = "undone")]
        Undone,
        /// `skipped`
        #[serde(rename = "skipped")]
        Skipped,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl StepState {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Pending => "pending",
                Self::Running => "running",
                Self::Succeeded => "succeeded",
                Self::Failed => "failed",
                Self::Undone => "undone",
                Self::Skipped => "skipped",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for StepState {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// What an operation works on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum TargetType {
        /// `database`
        #[serde(rename = "database")]
        Database,
        /// `container`
        #[serde(rename = "container")]
        Container,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl TargetType {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Database => "database",
                Self::Container => "container",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for TargetType {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A database server that somebody else runs, to be tried.
    #[derive(Debug, Clone, Serialize)]
    pub struct TestConnectionRequest {
        /// The URL of any engine. It is kept nowhere.
        #[serde(serialize_with = "crate::secret::expose")]
        pub connection_string: SecretString,
    }

    impl TestConnectionRequest {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(connection_string: SecretString) -> Self {
            Self { connection_string }
        }
    }

    /// An API token.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct TokenId(pub Uuid);

    impl std::str::FromStr for TokenId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for TokenId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// What somebody calls an API token: 1-64 characters without control characters.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct TokenName(pub String);

    impl TokenName {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for TokenName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// What a token lets a program do, at most: never more than its owner may.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum TokenScope {
        /// `read`
        #[serde(rename = "read")]
        Read,
        /// `operate`
        #[serde(rename = "operate")]
        Operate,
        /// `admin`
        #[serde(rename = "admin")]
        Admin,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl TokenScope {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Read => "read",
                Self::Operate => "operate",
                Self::Admin => "admin",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for TokenScope {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// What can not be kept of a container that is made anew.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct UnkeptField {
        /// The field, as `podman inspect` shows it.
        pub field: String,
        /// Why.
        pub reason: String,
    }

    /// A person's account.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct User {
        /// When the account was made.
        pub created_at: DateTime<Utc>,
        /// Its id.
        pub id: UserId,
        /// When the person last signed in; null when never.
        pub last_login_at: Option<DateTime<Utc>>,
        /// What the person may do.
        pub role: Role,
        /// The name to sign in with.
        pub username: UserName,
    }

    /// What happens to the user of a link that is removed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum UserFate {
        /// `keep`
        #[serde(rename = "keep")]
        Keep,
        /// `revoke`
        #[serde(rename = "revoke")]
        Revoke,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl UserFate {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Keep => "keep",
                Self::Revoke => "revoke",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for UserFate {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// A person's account.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct UserId(pub Uuid);

    impl std::str::FromStr for UserId {
        type Err = uuid::Error;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self)
        }
    }

    impl std::fmt::Display for UserId {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// Accounts, oldest first.
    #[derive(Debug, Clone, Deserialize, Serialize)]
    pub struct UserList {
        /// The entries of this part.
        pub items: Vec<User>,
        /// What to send as `cursor` for the next part; null when this was the last.
        pub next_cursor: Option<String>,
    }

    /// The name a person signs in with: 1-64 characters of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct UserName(pub String);

    impl UserName {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for UserName {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// A version as it is asked for, which is also an image tag: it begins with a digit and has at most 64 characters of
    /// `A-Z a-z 0-9 . _ -`, such as `16`, `10.11` or `16.4-bookworm`.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct VersionTag(pub String);

    impl VersionTag {
        /// The text.
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::fmt::Display for VersionTag {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    /// What kind of place data is kept in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum VolumeKind {
        /// `named`
        #[serde(rename = "named")]
        Named,
        /// `bind`
        #[serde(rename = "bind")]
        Bind,
        /// A text that is newer than this client.
        #[serde(other)]
        Other,
    }

    impl VolumeKind {
        /// The text form of the API.
        pub const fn as_str(self) -> &'static str {
            match self {
                Self::Named => "named",
                Self::Bind => "bind",
                Self::Other => "other",
            }
        }
    }

    impl std::fmt::Display for VolumeKind {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.as_str())
        }
    }

    /// The query of `list_audit`.
    #[derive(Debug, Clone, Default)]
    pub struct ListAuditQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListAuditQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `list_containers`.
    #[derive(Debug, Clone, Default)]
    pub struct ListContainersQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListContainersQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `suggest_engine`.
    #[derive(Debug, Clone)]
    pub struct SuggestEngineQuery {
        /// The image.
        pub image: String,
    }

    impl SuggestEngineQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(image: String) -> Self {
            Self { image }
        }
    }

    impl SuggestEngineQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            vec![("image", self.image.clone())]
        }
    }

    /// The query of `delete_container`.
    #[derive(Debug, Clone)]
    pub struct DeleteContainerQuery {
        /// The app's name, typed again.
        pub confirm: String,
        /// What happens to its volumes.
        pub volumes: Option<AppVolumesFate>,
    }

    impl DeleteContainerQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(confirm: String) -> Self {
            Self { confirm, volumes: None }
        }
    }

    impl DeleteContainerQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = vec![("confirm", self.confirm.clone())];
            if let Some(value) = &self.volumes {
                pairs.push(("volumes", value.to_string()));
            }
            pairs
        }
    }

    /// The query of `list_container_logs`.
    #[derive(Debug, Clone, Default)]
    pub struct ListContainerLogsQuery {
        /// The last so many lines.
        pub tail: Option<u32>,
        /// Only lines since this time (RFC 3339).
        pub since: Option<DateTime<Utc>>,
    }

    impl ListContainerLogsQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.tail {
                pairs.push(("tail", value.to_string()));
            }
            if let Some(value) = &self.since {
                pairs.push(("since", value.to_rfc3339()));
            }
            pairs
        }
    }

    /// The query of `list_databases`.
    #[derive(Debug, Clone, Default)]
    pub struct ListDatabasesQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListDatabasesQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `adopt_database`.
    #[derive(Debug, Clone, Default)]
    pub struct AdoptDatabaseQuery {
        /// Whether only to tell what was found and what would change.
        pub dry_run: Option<bool>,
    }

    impl AdoptDatabaseQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.dry_run {
                pairs.push(("dry_run", value.to_string()));
            }
            pairs
        }
    }

    /// The query of `detect_databases`.
    #[derive(Debug, Clone, Default)]
    pub struct DetectDatabasesQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl DetectDatabasesQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `delete_database`.
    #[derive(Debug, Clone)]
    pub struct DeleteDatabaseQuery {
        /// What happens to its data. There is no default.
        pub data: DataFate,
        /// The database's name, typed again.
        pub confirm: String,
        /// Whether to remove it although apps are linked to it or it does not answer.
        pub force: Option<bool>,
        /// Whether the container and the volumes of an adopted database are yours to delete. Without it, `data=delete` is
        /// refused there. Directories of the host are never deleted.
        pub take_ownership: Option<bool>,
    }

    impl DeleteDatabaseQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(data: DataFate, confirm: String) -> Self {
            Self { data, confirm, force: None, take_ownership: None }
        }
    }

    impl DeleteDatabaseQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = vec![("data", self.data.to_string()), ("confirm", self.confirm.clone())];
            if let Some(value) = &self.force {
                pairs.push(("force", value.to_string()));
            }
            if let Some(value) = &self.take_ownership {
                pairs.push(("take_ownership", value.to_string()));
            }
            pairs
        }
    }

    /// The query of `change_database`.
    #[derive(Debug, Clone, Default)]
    pub struct ChangeDatabaseQuery {
        /// Whether to change nothing and only say what would change.
        pub dry_run: Option<bool>,
    }

    impl ChangeDatabaseQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.dry_run {
                pairs.push(("dry_run", value.to_string()));
            }
            pairs
        }
    }

    /// The query of `create_connection`.
    #[derive(Debug, Clone, Default)]
    pub struct CreateConnectionQuery {
        /// Whether only to tell what would change.
        pub dry_run: Option<bool>,
    }

    impl CreateConnectionQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.dry_run {
                pairs.push(("dry_run", value.to_string()));
            }
            pairs
        }
    }

    /// The query of `delete_connection`.
    #[derive(Debug, Clone)]
    pub struct DeleteConnectionQuery {
        /// What happens to the app's user. There is no default.
        pub user: UserFate,
        /// What happens to the logical database. Dropping it takes the user away, too. There is no default.
        pub database: LogicalFate,
        /// The name of the logical database, typed again when it is to be dropped.
        pub confirm: Option<String>,
    }

    impl DeleteConnectionQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(user: UserFate, database: LogicalFate) -> Self {
            Self { user, database, confirm: None }
        }
    }

    impl DeleteConnectionQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = vec![("user", self.user.to_string()), ("database", self.database.to_string())];
            if let Some(value) = &self.confirm {
                pairs.push(("confirm", value.clone()));
            }
            pairs
        }
    }

    /// The query of `delete_logical_database`.
    #[derive(Debug, Clone)]
    pub struct DeleteLogicalDatabaseQuery {
        /// The name, typed again.
        pub confirm: String,
    }

    impl DeleteLogicalDatabaseQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(confirm: String) -> Self {
            Self { confirm }
        }
    }

    impl DeleteLogicalDatabaseQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            vec![("confirm", self.confirm.clone())]
        }
    }

    /// The query of `list_logs`.
    #[derive(Debug, Clone, Default)]
    pub struct ListLogsQuery {
        /// The last so many lines.
        pub tail: Option<u32>,
        /// Only lines since this time (RFC 3339).
        pub since: Option<DateTime<Utc>>,
    }

    impl ListLogsQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.tail {
                pairs.push(("tail", value.to_string()));
            }
            if let Some(value) = &self.since {
                pairs.push(("since", value.to_rfc3339()));
            }
            pairs
        }
    }

    /// The query of `delete_logical_user`.
    #[derive(Debug, Clone)]
    pub struct DeleteLogicalUserQuery {
        /// The name, typed again.
        pub confirm: String,
    }

    impl DeleteLogicalUserQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(confirm: String) -> Self {
            Self { confirm }
        }
    }

    impl DeleteLogicalUserQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            vec![("confirm", self.confirm.clone())]
        }
    }

    /// The query of `list_operations`.
    #[derive(Debug, Clone, Default)]
    pub struct ListOperationsQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
        /// Only operations in this state.
        pub state: Option<OperationState>,
        /// Only operations on the thing with this id.
        pub target: Option<Uuid>,
    }

    impl ListOperationsQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            if let Some(value) = &self.state {
                pairs.push(("state", value.to_string()));
            }
            if let Some(value) = &self.target {
                pairs.push(("target", value.to_string()));
            }
            pairs
        }
    }

    /// The query of `list_operation_log`.
    #[derive(Debug, Clone, Default)]
    pub struct ListOperationLogQuery {
        /// Most lines of the answer.
        pub limit: Option<u32>,
        /// Only lines after the one with this `seq`; also the `next_cursor` of the part before.
        pub cursor: Option<u32>,
    }

    impl ListOperationLogQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.to_string()));
            }
            pairs
        }
    }

    /// The query of `get_next_port`.
    #[derive(Debug, Clone)]
    pub struct GetNextPortQuery {
        /// The engine, whose range is searched.
        pub r#type: Engine,
        /// The address of the host that the port is to be bound to.
        pub bind_address: Option<String>,
    }

    impl GetNextPortQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(r#type: Engine) -> Self {
            Self { r#type, bind_address: None }
        }
    }

    impl GetNextPortQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = vec![("type", self.r#type.to_string())];
            if let Some(value) = &self.bind_address {
                pairs.push(("bind_address", value.clone()));
            }
            pairs
        }
    }

    /// The query of `list_registries`.
    #[derive(Debug, Clone, Default)]
    pub struct ListRegistriesQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListRegistriesQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `list_sessions`.
    #[derive(Debug, Clone, Default)]
    pub struct ListSessionsQuery {
        /// The account, when it is not the own one; for administrators.
        pub user_id: Option<UserId>,
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListSessionsQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.user_id {
                pairs.push(("user_id", value.to_string()));
            }
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `list_tokens`.
    #[derive(Debug, Clone, Default)]
    pub struct ListTokensQuery {
        /// The account, when it is not the own one; for administrators.
        pub user_id: Option<UserId>,
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListTokensQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.user_id {
                pairs.push(("user_id", value.to_string()));
            }
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `list_users`.
    #[derive(Debug, Clone, Default)]
    pub struct ListUsersQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListUsersQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `list_kept_volumes`.
    #[derive(Debug, Clone, Default)]
    pub struct ListKeptVolumesQuery {
        /// Most entries of the answer.
        pub limit: Option<u32>,
        /// The `next_cursor` of the part before.
        pub cursor: Option<String>,
    }

    impl ListKeptVolumesQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            let mut pairs = Vec::new();
            if let Some(value) = &self.limit {
                pairs.push(("limit", value.to_string()));
            }
            if let Some(value) = &self.cursor {
                pairs.push(("cursor", value.clone()));
            }
            pairs
        }
    }

    /// The query of `delete_kept_volume`.
    #[derive(Debug, Clone)]
    pub struct DeleteKeptVolumeQuery {
        /// The name its database had, typed again.
        pub confirm: String,
    }

    impl DeleteKeptVolumeQuery {
        /// With what has to be given; all else is left out.
        #[must_use]
        pub fn new(confirm: String) -> Self {
            Self { confirm }
        }
    }

    impl DeleteKeptVolumeQuery {
        pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
            vec![("confirm", self.confirm.clone())]
        }
    }
}

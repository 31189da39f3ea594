//! The catalogue of problems: for each its code, its HTTP status and its title. Clients branch on the code.
//!
//! What is *not* here: which condition of the service becomes which problem (`mapping.rs`, `failure.rs`).

use actix_web::http::StatusCode;

/// Declares the enum and its table in one place, so that no code can lack a status or an explanation.
macro_rules! problem_codes {
    ($( $(#[$meta:meta])* $variant:ident = $text:tt, $status:ident, $title:literal, $explanation:literal; )+) => {
        /// A stable word for a problem. New ones may be added; the meaning of one never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
        pub enum ProblemCode {
            $( $(#[$meta])* #[doc = $title] #[serde(rename = $text)] $variant, )+
        }

        impl ProblemCode {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The code as it stands in JSON and in the problem's `type`.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }

            /// The HTTP status the problem is answered with.
            pub const fn status(self) -> StatusCode {
                match self { $( Self::$variant => StatusCode::$status, )+ }
            }

            /// The kind of problem in a few words, the same each time.
            pub const fn title(self) -> &'static str {
                match self { $( Self::$variant => $title, )+ }
            }

            /// What it means and what to do, for the page that the problem's `type` leads to.
            pub const fn explanation(self) -> &'static str {
                match self { $( Self::$variant => $explanation, )+ }
            }
        }
    };
}

problem_codes! {
    MalformedBody = "malformed_body", BAD_REQUEST, "The body can not be read",
        "The body is not JSON, has a value of the wrong type, or has a field that does not exist. The detail says where.";
    MalformedQuery = "malformed_query", BAD_REQUEST, "The query can not be read",
        "The query has a parameter that does not exist, one twice, or one that is not text in UTF-8.";
    MalformedRequest = "malformed_request", BAD_REQUEST, "The request can not be read",
        "The request breaks a rule of HTTP.";
    InvalidFields = "invalid_fields", UNPROCESSABLE_ENTITY, "Some fields are not right",
        "The member `errors` names each field that breaks a rule, with a code and what would be right.";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Sign in first",
        "No session came with the request, or it has ended. Sign in at `POST /api/auth/login`.";
    LoginFailed = "login_failed", UNAUTHORIZED, "The login was refused",
        "The user name or the password is wrong. Which of the two is not told.";
    Forbidden = "forbidden", FORBIDDEN, "The role does not allow this",
        "The account that is signed in may not do this. The detail names the role that may.";
    OriginRejected = "origin_rejected", FORBIDDEN, "The request came from another site",
        "A request that changes something and is signed in by cookie needs an `Origin` header equal to `Host`. \
         Programs send an `Authorization: Bearer` header instead.";
    SetupTokenRejected = "setup_token_rejected", FORBIDDEN, "The set-up token was refused",
        "The token is wrong or older than 24 hours. The server writes a new one at each start, into the file \
         `setup-token` of its data directory.";
    NotFound = "not_found", NOT_FOUND, "There is no such thing",
        "Nothing is there, or not any more.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The method does not fit",
        "The header `Allow` lists the methods that this path knows.";
    NameTaken = "name_taken", CONFLICT, "The name is taken",
        "A database, container or network alias of this name exists.";
    AlreadyManaged = "already_managed", CONFLICT, "The container is managed already",
        "Stardeck, or another one on this host, looks after this container. `GET /api/databases/detect` lists those that \
         nobody does.";
    NotAdoptable = "not_adoptable", CONFLICT, "The container can not be adopted",
        "It does not run, is no database server, or is where no other container can reach it by name. The detail says \
         which, and what would help.";
    NotAdopted = "not_adopted", CONFLICT, "The database was not adopted",
        "Only a database that somebody else made can be given back. Delete this one instead.";
    ManagedElsewhere = "managed_elsewhere", CONFLICT, "Somebody else made this container",
        "What was asked for needs another container in its place, or removes what is not Stardeck's. The detail names the \
         lines to run or to change where it is managed.";
    PortTaken = "port_taken", CONFLICT, "The port is taken",
        "Something else holds the host port. Choose another, or leave the port out to have one chosen.";
    PortsExhausted = "ports_exhausted", CONFLICT, "No port is free",
        "Every host port of the engine's range is in use. Name a free one outside the range.";
    PortStillOpen = "port_still_open", CONFLICT, "The port is still open",
        "Something still answers on the host port that was to be closed. Everything was put back as it was.";
    SubnetsExhausted = "subnets_exhausted", CONFLICT, "No address range is free",
        "Every address range that the data network could have overlaps one in use on the host.";
    OperationInProgress = "operation_in_progress", CONFLICT, "Another operation is at work",
        "One operation at a time works on a database. The member `operation_id` names the one that does now.";
    OperationEnded = "operation_ended", CONFLICT, "The operation has ended",
        "An operation that has ended can not be cancelled.";
    NotCancellable = "not_cancellable", CONFLICT, "The operation can not be cancelled",
        "Only a deployment, on a new volume or a kept one, or an adoption can be cancelled. The other kinds end by themselves within moments.";
    InvalidTransition = "invalid_transition", CONFLICT, "The status does not allow this",
        "The database's `allowed_actions` lists what its status allows.";
    DatabaseNotRunning = "database_not_running", CONFLICT, "The database does not run",
        "What is inside a database can be seen and changed while it runs only. Start it first.";
    RevisionMismatch = "revision_mismatch", PRECONDITION_FAILED, "The settings were changed meanwhile",
        "The header `If-Match` names a revision that is not the present one. Read the database again and decide anew.";
    RevisionRequired = "revision_required", PRECONDITION_REQUIRED, "Say which revision you know",
        "Send the database's `revision` in the header `If-Match`, so that nobody's change is lost; or `*` for any.";
    DatabaseDedicated = "database_dedicated", CONFLICT, "The database is another app's own",
        "A database that is not shared has one app. Choose another, or make it shared in its settings.";
    AppsLinked = "apps_linked", CONFLICT, "Apps use it",
        "Unlink the apps first, or send `force=true` to remove a database although they use it.";
    AppExited = "app_exited", BAD_GATEWAY, "The app ended",
        "The app's container ended right after its start. `log_tail` has its last words.";
    NameNotResolved = "name_not_resolved", BAD_GATEWAY, "The database is not found by name",
        "On the app's network the database's name does not lead to it.";
    CredentialsNotReady = "credentials_not_ready", CONFLICT, "There are no credentials yet",
        "The database is still being deployed. Wait until its operation has succeeded.";
    ContainerMissing = "container_missing", CONFLICT, "The container is gone",
        "Somebody removed the database's container behind Stardeck's back.";
    VolumeMissing = "volume_missing", CONFLICT, "The volume is gone",
        "Somebody removed the volume that holds the data behind Stardeck's back, or put another of its name in its place.";
    VolumeInUse = "volume_in_use", CONFLICT, "The volume is in use",
        "The kept volume belongs to a database again, or a container mounts it. Two servers on one volume destroy its data.";
    SetupDone = "setup_done", CONFLICT, "The first administrator exists",
        "The set-up is done once. Sign in instead.";
    SetupNeeded = "setup_needed", CONFLICT, "The first administrator is missing",
        "Make the first administrator at `POST /api/setup` with the token from the server's data directory.";
    UserNameTaken = "user_name_taken", CONFLICT, "The user name is taken",
        "Another account has this name. Upper and lower case are the same here.";
    LastAdmin = "last_admin", CONFLICT, "This is the last administrator",
        "Nobody could administer any more. Make another administrator first.";
    Cancelled = "cancelled", CONFLICT, "The operation was cancelled",
        "Somebody asked for it. What it had done was taken back, unless `undone` says otherwise.";
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large",
        "A JSON body may have 64 KiB.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is not JSON",
        "Send `Content-Type: application/json`.";
    BodyTimeout = "body_timeout", REQUEST_TIMEOUT, "The body did not arrive in time",
        "The whole body has to arrive within ten seconds.";
    HostNotAllowed = "host_not_allowed", MISDIRECTED_REQUEST, "The host name is not allowed",
        "The request's `Host` is not a name of this server, which guards against DNS rebinding. Start the server with \
         `--allowed-host NAME` to add one.";
    UpgradeRequired = "upgrade_required", UPGRADE_REQUIRED, "A WebSocket is needed",
        "This path answers over a WebSocket only (RFC 6455, version 13): send its handshake.";
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS, "Too many tries",
        "Wait as long as the header `Retry-After` says.";
    ImageNotFound = "image_not_found", BAD_GATEWAY, "There is no such image",
        "The registry has no such image or tag, or there is no such registry.";
    ImageUnauthorized = "image_unauthorized", BAD_GATEWAY, "The registry refused us",
        "The registry wants credentials, or refuses the ones it got.";
    RegistryUnavailable = "registry_unavailable", BAD_GATEWAY, "The registry does not answer",
        "The registry did not answer, or asked us to slow down.";
    ImageUnsuitable = "image_unsuitable", UNPROCESSABLE_ENTITY, "The image does not fit",
        "The image is not one of the engine or version asked for.";
    RuntimeRejected = "runtime_rejected", BAD_GATEWAY, "Podman refused",
        "Podman answered, and refused. The detail has its words.";
    RuntimeUnavailable = "runtime_unavailable", SERVICE_UNAVAILABLE, "Podman does not answer",
        "Podman's socket does not answer. Databases that run are not affected.";
    EngineExited = "engine_exited", BAD_GATEWAY, "The database server ended",
        "The container ended before the database server answered. `log_tail` has its last words.";
    EngineNotReady = "engine_not_ready", GATEWAY_TIMEOUT, "The database server did not answer in time",
        "The container runs, but the database server did not answer. `log_tail` has its last words.";
    CredentialsRejected = "credentials_rejected", UNPROCESSABLE_ENTITY, "The database server refused the login",
        "The database server answered, and refused the credentials.";
    EngineRefused = "engine_refused", UNPROCESSABLE_ENTITY, "The database server refused",
        "The database server answered, and refused what was asked for. The detail has its words.";
    Interrupted = "interrupted", SERVICE_UNAVAILABLE, "The operation was interrupted",
        "The server was stopped or killed in the middle of it. Try again.";
    Busy = "busy", SERVICE_UNAVAILABLE, "The store is busy",
        "The same request may succeed in a moment.";
    StoreFull = "store_full", SERVICE_UNAVAILABLE, "No space is left for the store",
        "The disk that holds the server's data directory is full. Nothing was changed; databases go on. Make room and try \
         again: no restart is needed.";
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong on our side",
        "A defect, or a machine in trouble. The server's log has the details under the `request_id`.";
}

impl std::fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ProblemCode {
    type Err = stardeck_domain::UnknownText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().copied().find(|code| code.as_str() == text);
        known.ok_or_else(|| stardeck_domain::UnknownText { what: "problem code", text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_form_is_the_code_itself() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
    }

    #[test]
    fn every_problem_is_an_error_status() {
        for code in ProblemCode::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error(), "{code}");
        }
    }
}

-- Logins for image registries, one for each host. The password is sealed to this table, this column and the row's id.
CREATE TABLE registries (
    id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    sealed_password TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

INSERT INTO audit_actions (name) VALUES ('registry_saved'), ('registry_deleted');

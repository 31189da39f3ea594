-- Logins inside an engine, in versions. The password is sealed to this table, this column and the row's id.
CREATE TABLE credentials (
    id TEXT NOT NULL PRIMARY KEY,
    database_id TEXT NOT NULL REFERENCES managed_databases (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('bootstrap', 'admin', 'management', 'app')),
    username TEXT NOT NULL,
    sealed_password TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retired')),
    created_at TEXT NOT NULL,
    activated_at TEXT,
    retired_at TEXT
) STRICT;

-- A database has one admin and one management role, but as many app users as there are apps.
CREATE UNIQUE INDEX credentials_version
    ON credentials (database_id, purpose, version) WHERE purpose <> 'app';
CREATE UNIQUE INDEX credentials_app_version
    ON credentials (database_id, username, version) WHERE purpose = 'app';
CREATE UNIQUE INDEX credentials_active
    ON credentials (database_id, purpose) WHERE state = 'active' AND purpose <> 'app';
CREATE UNIQUE INDEX credentials_app_active
    ON credentials (database_id, username) WHERE state = 'active' AND purpose = 'app';

-- Where a database keeps its data: a named volume, or a directory of the host.
CREATE TABLE volumes (
    id TEXT NOT NULL PRIMARY KEY,
    database_id TEXT NOT NULL REFERENCES managed_databases (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    mount_path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('named', 'bind')),
    major INTEGER CHECK (major >= 0),
    owned INTEGER NOT NULL CHECK (owned IN (0, 1)),
    initialised INTEGER NOT NULL CHECK (initialised IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('attached', 'kept')),
    created_at TEXT NOT NULL,
    UNIQUE (database_id, mount_path)
) STRICT;

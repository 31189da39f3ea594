-- One row for each database server we know of. A row with deleted_at is a tombstone: its data was kept.
CREATE TABLE managed_databases (
    id TEXT NOT NULL PRIMARY KEY,
    host_id TEXT NOT NULL REFERENCES hosts (id),
    container_id TEXT,
    container_name TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL REFERENCES engine_types (name),
    flavor TEXT,
    origin TEXT NOT NULL CHECK (origin IN ('created', 'adopted')),
    version TEXT NOT NULL,
    server_version TEXT,
    image TEXT NOT NULL,
    image_id TEXT,
    digest TEXT,
    internal_host TEXT NOT NULL,
    internal_port INTEGER NOT NULL CHECK (internal_port BETWEEN 1 AND 65535),
    external_port INTEGER CHECK (external_port BETWEEN 1 AND 65535),
    bind_address TEXT NOT NULL,
    admin_user TEXT NOT NULL,
    network TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN (
        'creating', 'starting', 'running', 'stopping', 'stopped', 'restarting', 'paused', 'error', 'missing', 'deleting'
    )),
    desired_state TEXT NOT NULL CHECK (desired_state IN ('running', 'stopped', 'absent')),
    status_reason TEXT,
    health TEXT NOT NULL CHECK (health IN ('unknown', 'healthy', 'unhealthy')),
    last_answer_at TEXT,
    is_shared INTEGER NOT NULL CHECK (is_shared IN (0, 1)),
    spec TEXT NOT NULL CHECK (json_valid(spec)),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    description TEXT,
    color TEXT,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
    deleted_at TEXT
) STRICT;

-- SQLite asks the youngest index first. The name comes last, because a taken name is also a taken container name, and
-- the name is what people are told about.
CREATE UNIQUE INDEX managed_databases_container_name
    ON managed_databases (host_id, container_name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX managed_databases_name
    ON managed_databases (name) WHERE deleted_at IS NULL;

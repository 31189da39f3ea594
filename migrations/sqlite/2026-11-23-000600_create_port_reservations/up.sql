-- Host ports that are ours. The primary key decides who gets one. A row with quarantined_until belongs to nobody: the
-- port rests until then, because a container that failed to start can leave it open for a while.
CREATE TABLE port_reservations (
    host_id TEXT NOT NULL REFERENCES hosts (id),
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    address TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('data', 'management', 'app')),
    database_id TEXT REFERENCES managed_databases (id) ON DELETE CASCADE,
    reserved_at TEXT NOT NULL,
    quarantined_until TEXT,
    PRIMARY KEY (host_id, port),
    CHECK (quarantined_until IS NULL OR database_id IS NULL)
) STRICT;

CREATE INDEX port_reservations_by_database ON port_reservations (database_id);

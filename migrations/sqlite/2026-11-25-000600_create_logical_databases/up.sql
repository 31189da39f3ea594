-- Logical databases that were made through Stardeck. The engine is the truth about which there are; these rows say which
-- are ours, and stand for those that engines only know by their use.
CREATE TABLE logical_databases (
    id TEXT NOT NULL PRIMARY KEY,
    database_id TEXT NOT NULL REFERENCES managed_databases (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active')),
    created_at TEXT NOT NULL,
    created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
    UNIQUE (database_id, name)
) STRICT;

-- Their users. The password is in credentials, in versions, under the same name.
CREATE TABLE logical_users (
    id TEXT NOT NULL PRIMARY KEY,
    database_id TEXT NOT NULL REFERENCES managed_databases (id) ON DELETE CASCADE,
    logical_database_id TEXT NOT NULL REFERENCES logical_databases (id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    preset TEXT NOT NULL CHECK (preset IN ('owner', 'read_write', 'read_only')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'active')),
    created_at TEXT NOT NULL,
    UNIQUE (database_id, username)
) STRICT;

CREATE INDEX logical_users_by_logical_database ON logical_users (logical_database_id);

INSERT INTO audit_actions (name) VALUES
    ('logical_database_created'), ('logical_database_dropped'), ('logical_user_created'), ('logical_user_dropped');

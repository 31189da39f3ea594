-- Apps: containers that were made through Stardeck and may use databases. The person's own variables are sealed whole,
-- since some of them are secrets.
CREATE TABLE apps (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    container_id TEXT,
    container_name TEXT NOT NULL UNIQUE,
    image TEXT NOT NULL,
    image_id TEXT,
    status TEXT NOT NULL CHECK (status IN ('creating', 'running', 'stopped', 'changing', 'error', 'deleting')),
    status_reason TEXT,
    desired_state TEXT NOT NULL CHECK (desired_state IN ('running', 'stopped', 'absent')),
    spec TEXT NOT NULL CHECK (json_valid(spec)),
    sealed_env TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    created_by TEXT REFERENCES users (id) ON DELETE SET NULL
) STRICT;

-- An app's way into one logical database, as one user of it.
CREATE TABLE database_connections (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    database_id TEXT NOT NULL REFERENCES managed_databases (id) ON DELETE CASCADE,
    logical_database_id TEXT NOT NULL REFERENCES logical_databases (id) ON DELETE CASCADE,
    logical_user_id TEXT NOT NULL UNIQUE REFERENCES logical_users (id) ON DELETE CASCADE,
    env_prefix TEXT,
    delivery TEXT NOT NULL CHECK (delivery IN ('env', 'file')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'removing', 'orphaned')),
    created_at TEXT NOT NULL
) STRICT;

-- Two databases of one app need two sets of variables.
CREATE UNIQUE INDEX database_connections_prefix ON database_connections (app_id, coalesce(env_prefix, ''));
CREATE INDEX database_connections_by_database ON database_connections (database_id);

-- How many links a database has, so that whoever reads a database need not count.
ALTER TABLE managed_databases ADD COLUMN connection_count INTEGER NOT NULL DEFAULT 0 CHECK (connection_count >= 0);

CREATE TRIGGER database_connections_added AFTER INSERT ON database_connections BEGIN
    UPDATE managed_databases SET connection_count = connection_count + 1 WHERE id = NEW.database_id;
END;

CREATE TRIGGER database_connections_removed AFTER DELETE ON database_connections BEGIN
    UPDATE managed_databases SET connection_count = connection_count - 1 WHERE id = OLD.database_id;
END;

ALTER TABLE port_reservations ADD COLUMN app_id TEXT REFERENCES apps (id) ON DELETE CASCADE;

INSERT INTO audit_actions (name) VALUES
    ('app_created'), ('app_started'), ('app_stopped'), ('app_restarted'), ('app_deleted'), ('app_linked'),
    ('app_unlinked'), ('connection_rotated');

INSERT INTO operation_kinds (name) VALUES
    ('app_create'), ('app_start'), ('app_stop'), ('app_restart'), ('app_delete'), ('link'), ('unlink'), ('rotate');

INSERT INTO step_names (name) VALUES
    ('app_reserve'), ('logical_database'), ('app_user'), ('app_image'), ('app_volumes'), ('app_secrets'),
    ('app_container'), ('app_stop'), ('app_start'), ('verify'), ('revoke_user'), ('drop_database'), ('app_finish'),
    ('app_remove');

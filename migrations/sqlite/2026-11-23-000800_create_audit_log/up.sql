-- Words that grow with every new feature are rows, so that a new one is an INSERT and not a rebuilt table.
CREATE TABLE audit_actions (
    name TEXT NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO audit_actions (name) VALUES
    ('setup'), ('login'), ('login_failed'), ('logout'), ('user_created'), ('user_changed'), ('user_deleted'),
    ('password_changed'), ('database_created'), ('database_started'), ('database_stopped'), ('database_restarted'),
    ('database_deleted'), ('credentials_read'), ('operation_cancelled');

-- Who did what to what. It refers by id without foreign keys, so that it outlives what it is about.
CREATE TABLE audit_log (
    id TEXT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    user_id TEXT,
    username TEXT,
    action TEXT NOT NULL REFERENCES audit_actions (name),
    target_id TEXT,
    target_name TEXT,
    remote_address TEXT
) STRICT;

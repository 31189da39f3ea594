-- What followers of the whole installation are told. The rows are written by triggers, so that nothing can change a
-- database or an operation without being told, and what is told is what was committed. A migration that copies one of
-- these tables has to make its triggers again.
CREATE TABLE event_kinds (
    name TEXT NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO event_kinds (name) VALUES
    ('database_created'), ('database_changed'), ('database_deleted'), ('operation_changed'), ('detection_changed');

-- AUTOINCREMENT: a number is never given twice, also when the newest rows are gone.
CREATE TABLE events (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL REFERENCES event_kinds (name),
    facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;

-- Whoever is further behind than the newest 10,000 is told that there is a gap.
CREATE TRIGGER forget_old_events AFTER INSERT ON events WHEN NEW.seq % 100 = 0
BEGIN
    DELETE FROM events WHERE seq <= NEW.seq - 10000;
END;

CREATE TRIGGER tell_new_database AFTER INSERT ON managed_databases WHEN NEW.deleted_at IS NULL
BEGIN
    INSERT INTO events (at, kind, facts) VALUES (
        strftime('%Y-%m-%dT%H:%M:%f000000Z', 'now'), 'database_created',
        json_object('id', NEW.id, 'name', NEW.name, 'status', NEW.status, 'status_reason', NEW.status_reason,
            'desired_state', NEW.desired_state, 'health', NEW.health, 'revision', NEW.revision));
END;

-- Being asked is no change; that an engine answers, or no longer does, is one.
CREATE TRIGGER tell_changed_database AFTER UPDATE ON managed_databases
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL
    AND (OLD.updated_at IS NOT NEW.updated_at OR OLD.health IS NOT NEW.health)
BEGIN
    INSERT INTO events (at, kind, facts) VALUES (
        strftime('%Y-%m-%dT%H:%M:%f000000Z', 'now'), 'database_changed',
        json_object('id', NEW.id, 'name', NEW.name, 'status', NEW.status, 'status_reason', NEW.status_reason,
            'desired_state', NEW.desired_state, 'health', NEW.health, 'revision', NEW.revision));
END;

CREATE TRIGGER tell_revived_database AFTER UPDATE OF deleted_at ON managed_databases
WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL
BEGIN
    INSERT INTO events (at, kind, facts) VALUES (
        strftime('%Y-%m-%dT%H:%M:%f000000Z', 'now'), 'database_created',
        json_object('id', NEW.id, 'name', NEW.name, 'status', NEW.status, 'status_reason', NEW.status_reason,
            'desired_state', NEW.desired_state, 'health', NEW.health, 'revision', NEW.revision));
END;

CREATE TRIGGER tell_buried_database AFTER UPDATE OF deleted_at ON managed_databases
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
BEGIN
    INSERT INTO events (at, kind, facts) VALUES (
        strftime('%Y-%m-%dT%H:%M:%f000000Z', 'now'), 'database_deleted',
        json_object('id', NEW.id, 'name', NEW.name, 'status', NEW.status, 'status_reason', NEW.status_reason,
            'desired_state', NEW.desired_state, 'health', NEW.health, 'revision', NEW.revision));
END;

CREATE TRIGGER tell_forgotten_database AFTER DELETE ON managed_databases WHEN OLD.deleted_at IS NULL
BEGIN
    INSERT INTO events (at, kind, facts) VALUES (
        strftime('%Y-%m-%dT%H:%M:%f000000Z', 'now'), 'database_deleted',
        json_object('id', OLD.id, 'name', OLD.name, 'status', OLD.status, 'status_reason', OLD.status_reason,
            'desired_state', OLD.desired_state, 'health', OLD.health, 'revision', OLD.revision));
END;

CREATE TRIGGER tell_new_operation AFTER INSERT ON operations
BEGIN
    INSERT INTO events (at, kind, facts) VALUES (
        strftime('%Y-%m-%dT%H:%M:%f000000Z', 'now'), 'operation_changed',
        json_object('id', NEW.id, 'kind', NEW.kind, 'state', NEW.state, 'target', NEW.target_id,
            'cancel_requested', json(iif(NEW.cancel_requested_at IS NULL, 'false', 'true'))));
END;

CREATE TRIGGER tell_changed_operation AFTER UPDATE OF state, cancel_requested_at ON operations
WHEN OLD.state IS NOT NEW.state OR OLD.cancel_requested_at IS NOT NEW.cancel_requested_at
BEGIN
    INSERT INTO events (at, kind, facts) VALUES (
        strftime('%Y-%m-%dT%H:%M:%f000000Z', 'now'), 'operation_changed',
        json_object('id', NEW.id, 'kind', NEW.kind, 'state', NEW.state, 'target', NEW.target_id,
            'cancel_requested', json(iif(NEW.cancel_requested_at IS NULL, 'false', 'true'))));
END;

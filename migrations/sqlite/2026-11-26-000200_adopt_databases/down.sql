DROP TRIGGER tell_new_database;
DROP TRIGGER tell_changed_database;
DROP TRIGGER tell_revived_database;
DROP TRIGGER tell_buried_database;
DROP TRIGGER tell_forgotten_database;

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

UPDATE audit_log SET action = 'database_created' WHERE action = 'database_adopted';
UPDATE audit_log SET action = 'database_deleted' WHERE action = 'database_released';
DELETE FROM audit_actions WHERE name IN ('database_adopted', 'database_released');

-- A program that does not know the kinds could not take one up either; their steps and logs go with them.
DELETE FROM operations WHERE kind IN ('adopt', 'release');
DELETE FROM step_names WHERE name IN ('connect', 'disconnect');
DELETE FROM operation_kinds WHERE name IN ('adopt', 'release');

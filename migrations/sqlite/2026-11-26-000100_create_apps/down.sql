-- A program that knows no apps could neither show nor take up what was done to them.
DELETE FROM operations WHERE kind IN (
    'app_create', 'app_start', 'app_stop', 'app_restart', 'app_delete', 'link', 'unlink', 'rotate'
);
DELETE FROM operation_kinds WHERE name IN (
    'app_create', 'app_start', 'app_stop', 'app_restart', 'app_delete', 'link', 'unlink', 'rotate'
);
DELETE FROM step_names WHERE name IN (
    'app_reserve', 'logical_database', 'app_user', 'app_image', 'app_volumes', 'app_secrets', 'app_container',
    'app_stop', 'app_start', 'verify', 'revoke_user', 'drop_database', 'app_finish', 'app_remove'
);
DELETE FROM audit_log WHERE action IN (
    'app_created', 'app_started', 'app_stopped', 'app_restarted', 'app_deleted', 'app_linked', 'app_unlinked',
    'connection_rotated'
);
DELETE FROM audit_actions WHERE name IN (
    'app_created', 'app_started', 'app_stopped', 'app_restarted', 'app_deleted', 'app_linked', 'app_unlinked',
    'connection_rotated'
);
DELETE FROM port_reservations WHERE app_id IS NOT NULL;
ALTER TABLE port_reservations DROP COLUMN app_id;
DROP TABLE database_connections;
DROP TABLE apps;
ALTER TABLE managed_databases DROP COLUMN connection_count;

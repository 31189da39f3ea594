DELETE FROM audit_log WHERE action IN (
    'logical_database_created', 'logical_database_dropped', 'logical_user_created', 'logical_user_dropped'
);
DELETE FROM audit_actions WHERE name IN (
    'logical_database_created', 'logical_database_dropped', 'logical_user_created', 'logical_user_dropped'
);
DROP TABLE logical_users;
DROP TABLE logical_databases;

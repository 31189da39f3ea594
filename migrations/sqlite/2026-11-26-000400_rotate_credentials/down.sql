DELETE FROM audit_log WHERE action = 'credentials_rotated';
DELETE FROM audit_actions WHERE name = 'credentials_rotated';

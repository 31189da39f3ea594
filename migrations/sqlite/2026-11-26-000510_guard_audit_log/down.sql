DROP TRIGGER audit_log_is_not_deleted;
DROP TRIGGER audit_log_is_not_changed;
DELETE FROM audit_log WHERE action IN ('operation_ended', 'access_refused', 'audit_exported');
DELETE FROM audit_actions WHERE name IN ('operation_ended', 'access_refused', 'audit_exported');
ALTER TABLE audit_log DROP COLUMN detail;
ALTER TABLE audit_log DROP COLUMN token_id;
ALTER TABLE audit_log DROP COLUMN outcome;

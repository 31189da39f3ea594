DROP TRIGGER audit_log_is_not_deleted;
DELETE FROM audit_log WHERE action = 'store_restored';
CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log are never deleted');
END;
DELETE FROM audit_actions WHERE name = 'store_restored';

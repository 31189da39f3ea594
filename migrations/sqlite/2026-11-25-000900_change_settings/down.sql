DELETE FROM audit_log WHERE action = 'database_changed';
DELETE FROM audit_actions WHERE name = 'database_changed';

-- A program that does not know the kind could not take one up either.
DELETE FROM operations WHERE kind = 'update';
DELETE FROM operation_kinds WHERE name = 'update';
DELETE FROM step_names WHERE name IN ('set_aside', 'check_port', 'discard');

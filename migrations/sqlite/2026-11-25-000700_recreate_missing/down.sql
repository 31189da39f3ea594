ALTER TABLE managed_databases DROP COLUMN latency_ms;
UPDATE audit_log SET action = 'database_started' WHERE action = 'database_recreated';
DELETE FROM audit_actions WHERE name = 'database_recreated';
-- A program that does not know the kind could not take one up either.
DELETE FROM operations WHERE kind = 'recreate';
DELETE FROM operation_kinds WHERE name = 'recreate';

ALTER TABLE managed_databases DROP COLUMN deleted_by;

UPDATE audit_log SET action = 'database_created' WHERE action = 'database_reattached';
UPDATE audit_log SET action = 'database_deleted' WHERE action = 'kept_volume_deleted';
DELETE FROM audit_actions WHERE name IN ('database_reattached', 'kept_volume_deleted');

-- A program that does not know the kind could not take one up either.
DELETE FROM operations WHERE kind = 'reattach';
DELETE FROM operation_kinds WHERE name = 'reattach';

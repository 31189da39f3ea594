INSERT INTO operation_kinds (name) VALUES ('reattach');
INSERT INTO audit_actions (name) VALUES ('database_reattached'), ('kept_volume_deleted');

-- Who asked for the deletion that left a tombstone. No foreign key, like the audit log: it outlives the account.
ALTER TABLE managed_databases ADD COLUMN deleted_by TEXT;

-- What was done to registries can not be told in the words of the earlier schema.
DELETE FROM audit_log WHERE action IN ('registry_saved', 'registry_deleted');
DELETE FROM audit_actions WHERE name IN ('registry_saved', 'registry_deleted');
DROP TABLE registries;

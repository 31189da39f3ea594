INSERT INTO operation_kinds (name) VALUES ('recreate');
INSERT INTO audit_actions (name) VALUES ('database_recreated');

-- How long the engine took to answer when it was last asked.
ALTER TABLE managed_databases ADD COLUMN latency_ms INTEGER CHECK (latency_ms >= 0);

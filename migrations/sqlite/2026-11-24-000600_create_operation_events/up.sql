-- What happened to an operation, in order. Everybody who follows it is told from here and from nowhere else, so that
-- whoever comes late is told the same.
CREATE TABLE operation_events (
    operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    at TEXT NOT NULL,
    change TEXT NOT NULL CHECK (json_valid(change)),
    PRIMARY KEY (operation_id, seq)
) STRICT;

-- Of operations that ended before there were events, the end is told.
INSERT INTO operation_events (operation_id, seq, at, change)
SELECT id, 1, finished_at,
    json_object('type', 'ended', 'state', state, 'error', json(error),
        'undone', json(CASE undone WHEN 1 THEN 'true' WHEN 0 THEN 'false' END))
FROM operations WHERE finished_at IS NOT NULL;

-- Operations are pruned by their target, newest kept.
CREATE INDEX operations_by_target ON operations (target_id, id);

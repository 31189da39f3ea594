-- Words that grow with every new feature are rows, so that a new one is an INSERT and not a rebuilt table.
CREATE TABLE operation_kinds (
    name TEXT NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO operation_kinds (name) VALUES ('create'), ('start'), ('stop'), ('restart'), ('delete');

CREATE TABLE step_names (
    name TEXT NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO step_names (name) VALUES
    ('reserve'), ('network'), ('image'), ('volume'), ('secret'), ('container'), ('start'), ('ready'), ('credentials'),
    ('finish'), ('stop'), ('remove_container'), ('remove_secret'), ('remove_volume'), ('release');

-- Long-running work. It refers to its target, its parent and its requester by id without foreign keys, so that it
-- outlives them.
CREATE TABLE operations (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL REFERENCES operation_kinds (name),
    target_id TEXT NOT NULL,
    parent_id TEXT,
    requested_by TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'undoing', 'succeeded', 'failed', 'cancelled')),
    input TEXT NOT NULL CHECK (json_valid(input)),
    sealed_input TEXT,
    cancel_requested_at TEXT,
    error TEXT CHECK (json_valid(error)),
    undone INTEGER CHECK (undone IN (0, 1)),
    created_at TEXT NOT NULL,
    finished_at TEXT,
    CONSTRAINT finished_when_final CHECK ((finished_at IS NULL) = (state IN ('queued', 'running', 'undoing')))
) STRICT;

CREATE UNIQUE INDEX operations_unfinished
    ON operations (target_id) WHERE state IN ('queued', 'running', 'undoing');

CREATE TABLE operation_steps (
    operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 1),
    name TEXT NOT NULL REFERENCES step_names (name),
    state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'undone', 'skipped')),
    started_at TEXT,
    finished_at TEXT,
    detail TEXT,
    sealed_output TEXT,
    PRIMARY KEY (operation_id, position),
    UNIQUE (operation_id, name)
) STRICT;

CREATE TABLE operation_log (
    operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    at TEXT NOT NULL,
    step TEXT REFERENCES step_names (name),
    line TEXT NOT NULL,
    PRIMARY KEY (operation_id, seq)
) STRICT;

-- What programs sign in with, for longer than a session lasts. Of a token only its hash is kept.
CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'operate', 'admin')),
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    last_used_at TEXT
) STRICT;

CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

-- By these, people know their sessions again in a list.
ALTER TABLE sessions ADD COLUMN remote_address TEXT;
ALTER TABLE sessions ADD COLUMN last_used_at TEXT;

INSERT INTO audit_actions (name) VALUES ('session_revoked'), ('token_created'), ('token_revoked');

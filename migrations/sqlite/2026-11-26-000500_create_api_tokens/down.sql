DELETE FROM audit_log WHERE action IN ('session_revoked', 'token_created', 'token_revoked');
DELETE FROM audit_actions WHERE name IN ('session_revoked', 'token_created', 'token_revoked');
ALTER TABLE sessions DROP COLUMN last_used_at;
ALTER TABLE sessions DROP COLUMN remote_address;
DROP TABLE api_tokens;

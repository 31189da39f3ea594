-- The token that a token was made with, whose end is its own.
ALTER TABLE api_tokens ADD COLUMN made_by TEXT;

CREATE INDEX api_tokens_by_maker ON api_tokens (made_by);

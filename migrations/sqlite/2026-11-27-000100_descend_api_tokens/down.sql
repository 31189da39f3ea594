DROP INDEX api_tokens_by_maker;
ALTER TABLE api_tokens DROP COLUMN made_by;

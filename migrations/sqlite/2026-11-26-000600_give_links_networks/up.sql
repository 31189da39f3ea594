-- The own network of a link, on which are its app and its database only; null for a link that uses the database's network.
ALTER TABLE database_connections ADD COLUMN network TEXT;

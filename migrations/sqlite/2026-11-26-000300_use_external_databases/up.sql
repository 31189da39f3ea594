-- The connection string of an app to a server that somebody else runs, sealed.
ALTER TABLE apps ADD COLUMN sealed_external TEXT;

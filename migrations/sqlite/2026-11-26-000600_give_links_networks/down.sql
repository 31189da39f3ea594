ALTER TABLE database_connections DROP COLUMN network;

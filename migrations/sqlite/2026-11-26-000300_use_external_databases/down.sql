ALTER TABLE apps DROP COLUMN sealed_external;

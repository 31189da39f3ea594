DROP TABLE managed_databases;

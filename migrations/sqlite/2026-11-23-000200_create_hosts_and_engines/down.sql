DROP TABLE engine_types;
DROP TABLE hosts;

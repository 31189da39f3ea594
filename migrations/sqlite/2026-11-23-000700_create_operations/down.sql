DROP TABLE operation_log;
DROP TABLE operation_steps;
DROP TABLE operations;
DROP TABLE step_names;
DROP TABLE operation_kinds;

DROP INDEX operations_by_target;
DROP TABLE operation_events;

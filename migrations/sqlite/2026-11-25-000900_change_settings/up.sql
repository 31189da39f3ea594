INSERT INTO operation_kinds (name) VALUES ('update');
INSERT INTO step_names (name) VALUES ('set_aside'), ('check_port'), ('discard');
INSERT INTO audit_actions (name) VALUES ('database_changed');

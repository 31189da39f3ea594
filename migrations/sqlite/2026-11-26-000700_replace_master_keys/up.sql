INSERT INTO audit_actions (name) VALUES ('master_key_replaced');

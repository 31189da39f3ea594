INSERT INTO audit_actions (name) VALUES ('store_restored');

INSERT INTO audit_actions (name) VALUES ('credentials_rotated');

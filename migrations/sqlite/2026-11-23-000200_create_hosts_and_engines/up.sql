-- A host that runs containers. There is one, the host Stardeck itself runs on, until there are more.
CREATE TABLE hosts (
    id TEXT NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO hosts (id) VALUES ('local');

-- The engines are rows rather than a CHECK, so that a new engine is an INSERT and not a rebuilt table.
CREATE TABLE engine_types (
    name TEXT NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO engine_types (name) VALUES ('postgresql'), ('mariadb'), ('mysql'), ('redis'), ('mongodb');

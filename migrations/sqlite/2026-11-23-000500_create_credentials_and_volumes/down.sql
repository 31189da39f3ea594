DROP TABLE volumes;
DROP TABLE credentials;

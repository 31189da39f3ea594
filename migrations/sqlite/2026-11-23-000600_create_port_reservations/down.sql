DROP TABLE port_reservations;

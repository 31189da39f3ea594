#!/usr/bin/python3
"""Fills a server's store with copies of one database, so that it has ROWS in all.
    copies.py STORE ROWS DATABASE_ID
The server must not run."""
import sqlite3
import sys
import uuid

path, rows, model = sys.argv[1], int(sys.argv[2]), sys.argv[3]
store = sqlite3.connect(path)
columns = [row[1] for row in store.execute("PRAGMA table_info(managed_databases)")]
first = dict(zip(columns, store.execute("SELECT * FROM managed_databases WHERE id = ?", (model,)).fetchone()))
for at in range(1, rows):
    row = dict(first, id=str(uuid.UUID(int=uuid.UUID(model).int + at)), name="copy-%d" % at,
               container_name="stardeck-db-copy-%d" % at, internal_host="copy-%d" % at, external_port=None)
    store.execute("INSERT INTO managed_databases (%s) VALUES (%s)" % (", ".join(columns), ", ".join("?" * len(columns))),
                  [row[column] for column in columns])
store.commit()

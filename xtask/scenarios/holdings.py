"""All that a server has: what its process holds, the rows of its store, and what it made in Podman. Imported, not run."""
import os
import sqlite3
import subprocess

import gauge

# What is kept of what was done: for 90 days and 500 for each database (operations), the newest 10,000 (events), for good
# (audit log).
GROWING = ("audit_log", "operations", "operation_steps", "operation_log", "operation_events", "events")
REST = 4  # How many more threads, and open files of one kind, there may be at rest.
LISTS = {
    "container": "ps --all --format {{.Names}}", "volume": "volume ls --format {{.Name}}", "secret": "secret ls --format {{.Name}}",
    "network": "network ls --format {{.Name}}", "image": "images --all --no-trunc --format {{.ID}}",
}
WAL_MOST = 16 * 1024 * 1024  # SQLite begins it anew from 4 MB on, as soon as nobody reads what is older.


class Look:
    """What there is at one moment."""

    def __init__(self, process, half_closed, rows, objects, wal, size):
        self.process, self.half_closed, self.rows, self.objects = process, half_closed, rows, objects
        self.wal, self.size = wal, size

    def left_since(self, before):
        """What is there and was not."""
        rows = ["%d rows of %s" % (count - before.rows.get(table, 0), table)
                for table, count in self.rows.items() if table not in GROWING and count > before.rows.get(table, 0)]
        return sorted(self.objects - before.objects) + rows

    def with_objects_of(self, later):
        """This look, but with what a later one found, so that what is left is told once."""
        return Look(self.process, self.half_closed, {**later.rows, **{table: self.rows.get(table, 0) for table in GROWING}},
                    later.objects, self.wal, self.size)

    def steady_rows(self):
        return sum(count for table, count in self.rows.items() if table not in GROWING)

    def growing_rows(self):
        return sum(self.rows.get(table, 0) for table in GROWING)


class Holdings:
    def __init__(self, pid, store, podman_socket):
        self.pid, self.store, self.podman_socket = pid, store, podman_socket
        self.rows = sqlite3.connect("file:%s?mode=ro" % store, uri=True, timeout=10)

    def look(self):
        wal = self.store + "-wal"
        return Look(gauge.look(self.pid), gauge.half_closed(self.pid), self.count_rows(), self.objects(),
                    os.path.getsize(wal) if os.path.exists(wal) else 0, os.path.getsize(self.store))

    def count_rows(self):
        named = self.rows.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = [row[0] for row in named]
        counts = {table: self.rows.execute("SELECT count(*) FROM %s" % table).fetchone()[0] for table in tables}
        # A port rests for two minutes after its database is gone and is free then, though its row waits for the next to want it.
        counts["port_reservations"] = self.rows.execute(
            "SELECT count(*) FROM port_reservations WHERE quarantined_until IS NULL").fetchone()[0]
        return counts

    def objects(self):
        """What is in Podman, each with its kind before its name."""
        found = set()
        for kind, words in LISTS.items():
            command = ["podman", "--url", "unix://" + self.podman_socket, *words.split()]
            said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=120)
            found.update("%s %s" % (kind, line.strip()) for line in said.stdout.splitlines() if line.strip())
        return found

    def compare(self, before, after, rounds, largest_wal):
        """Prints what there was and is, and says what is wrong with it."""
        wrong = ["left at the end: " + what for what in after.left_since(before)]
        print("| at rest | before | after | a round |\n|---|---|---|---|")

        def row(what, first, last, each=""):
            print("| %s | %s | %s | %s |" % (what, first, last, each))

        row("resident memory, MiB", "%.1f" % before.process.rss, "%.1f" % after.process.rss)
        row("threads", before.process.threads, after.process.threads)
        if after.process.threads > before.process.threads + REST:
            wrong.append("threads are left: %d" % (after.process.threads - before.process.threads))
        for kind in sorted(set(before.process.files) | set(after.process.files)):
            row("open files: " + kind, before.process.files[kind], after.process.files[kind])
            if after.process.files[kind] > before.process.files[kind] + REST:
                wrong.append("open files of kind %s are left: %d" % (kind, after.process.files[kind] - before.process.files[kind]))
        row("connections closed by the other side only", before.half_closed, after.half_closed)
        if after.half_closed:
            wrong.append("%d connections were never closed" % after.half_closed)
        for kind in LISTS:
            row("%ss of Podman" % kind, *(sum(name.startswith(kind + " ") for name in look.objects) for look in (before, after)))
        for table in sorted(after.rows):
            first, last = before.rows.get(table, 0), after.rows[table]
            if table in GROWING:
                row("rows of `%s`" % table, first, last, "%.1f" % ((last - first) / max(1, rounds)))
            elif first or last:
                row("rows of `%s`" % table, first, last)
        row("the store, KiB", before.size // 1024, after.size // 1024, "%.1f" % ((after.size - before.size) / 1024 / max(1, rounds)))
        row("its write-ahead log, KiB (most: %d)" % (largest_wal // 1024), before.wal // 1024, after.wal // 1024)
        if largest_wal > WAL_MOST:
            wrong.append("the store's write-ahead log grew to %d KiB" % (largest_wal // 1024))
        return wrong

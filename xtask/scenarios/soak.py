#!/usr/bin/python3
"""Makes and removes databases and apps for SECONDS, and looks at what stays: after each round everything has to be as before.
    soak.py API AUTHORIZATION SERVER_PID SERVER_LOG STORE PODMAN_SOCKET SECONDS
A round is a database of one engine after the other, an app that is linked to it and writes by its variables, a rotation now
and then, an unlink that revokes and drops, and the removal of both. Ends with one line that begins with `soak:`."""
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import gauge
from client import Api, Ends, Follower, Refused, open_readers
from holdings import Holdings

base, authorization, pid, log, store, podman_socket, seconds = sys.argv[1:]
pid, seconds = int(pid), int(seconds)
watcher, ends, errors, broken_off = Api(base, authorization), Ends(), [], []
# The images that the tests have; one whose version is not offered any more is named by its image.
ENGINES = [("postgresql", "postgres:16"), ("mariadb", "mariadb:10.11"), ("mysql", "mysql:9"), ("redis", "redis:7"),
           ("mongodb", "mongo:6")]
FORMS = ("with", "later", "own network", "new")  # How an app comes to its database.
MOST_ERRORS = 10
# Reads the variables from files where they are given so, as images of databases' clients do.
READ_SECRETS = 'for f in /run/secrets/*; do [ -f "$f" ] && export "$(basename "$f")=$(cat "$f")"; done; '


def say(text):
    print(text, file=sys.stderr, flush=True)


def app_says(container, *words):
    """What the app itself says when it uses its own variables. The name server may take a moment to know a new name."""
    command = ["podman", "--url", "unix://" + podman_socket, "exec", container,
               "sh", "-c", READ_SECRETS + 'exec probe "$@"', "probe", *words]
    for _ in range(40):
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60).stdout.strip()
        if not re.search("could not translate|Unknown server host|name resolution|not known", said):
            break
        time.sleep(0.25)
    return said


def expect(what, wanted, found):
    if wanted != found:
        raise Refused("%s: expected %r, found %r" % (what, wanted, found))


class LogReader(threading.Thread):
    """Follows a log until the server ends it, or until it leaves in the middle."""

    def __init__(self, api, path):
        super().__init__(daemon=True)
        self.connection, self.is_over = api.follow(path), False
        self.start()

    def run(self):
        try:
            while self.connection.recv():
                pass
        except Exception as error:
            if not self.is_over:
                broken_off.append("a log that was followed broke off: %r" % error)
        finally:
            self.connection.close()

    def leave(self):
        self.is_over = True
        self.connection.close()

    def is_told_of_the_end(self):
        self.join(60)
        if self.is_alive():
            raise Refused("the end of a log was not told")


class Round:
    """One database and one app, from nothing to nothing, by somebody who signs in for it."""

    def __init__(self, number):
        self.number, self.name = number, "soak-%d" % number
        self.engine, image = ENGINES[number % len(ENGINES)]
        self.image = "docker.io/library/" + image
        self.form = FORMS[number // len(ENGINES) % len(FORMS)]
        # Neither the engine nor the form decides what else is done: their numbers have no divisor in common with these.
        self.in_files, self.is_third, self.is_seventh = number % 2 == 0, number % 3 == 0, number % 7 == 0
        self.databases, self.app, self.logs = [], None, []
        told = watcher.call("POST", "/auth/login", {"username": "ada", "password": "correct horse battery"})
        self.api = Api(base, "Bearer " + told["token"])

    def play(self):
        try:
            self.make()
            self.use()
            self.unlink()
        finally:
            self.remove()
            self.api.call("POST", "/auth/logout")

    def done(self, answer):
        """An operation that was begun, followed to its end as the web UI does; what was answered before."""
        operation = answer["operation"]["id"]
        follower = self.api.follow("/operations/%s/events" % operation)
        try:
            while (text := follower.recv()):
                last = json.loads(text)
        finally:
            follower.close()
        ended = ends.wait(self.api, operation)
        expect("the last frame", ("result", ended["state"]), (last["type"], last["state"]))
        if ended["state"] != "succeeded":
            raise Refused("%s ended as %s: %s" % (ended["kind"], ended["state"], ended["error"]))
        return answer

    def make(self):
        body = {"type": self.engine, "image": self.image, "name": self.name, "expose_port": self.is_third}
        if self.form != "new":
            made = self.done(self.api.call("POST", "/databases", body))
            self.databases.append((made["database"]["id"], self.name))
        app = {"image": "localhost/app-probe:1", "name": self.name + "-app",
               "command": ["sh", "-c", READ_SECRETS + "exec probe serve"]}
        delivery = {"delivery": "file"} if self.in_files else {"delivery": "env", "accept_visible_env": True}
        if self.form == "with":
            choice = {"mode": "existing", "database_id": self.databases[0][0]}
        elif self.form == "new":
            choice = {"mode": "new", "type": self.engine, "image": self.image, "name": self.name}
        if self.form in ("with", "new"):
            app.update(delivery, database=dict(choice, database_name="app_probe"))
        self.app = self.done(self.api.call("POST", "/containers", app))["container"]["id"]
        if self.form == "new":
            self.databases.append((self.shown()["connections"][0]["database_id"], self.name))
        elif self.form != "with":
            network = "own" if self.form == "own network" else "database"
            link = dict(delivery, container_id=self.app, database_name="app_probe", network=network)
            self.done(self.api.call("POST", "/databases/%s/connections" % self.databases[0][0], link))
        self.id = self.databases[0][0]
        self.link = self.shown()["connections"][0]["id"]

    def shown(self):
        return self.api.call("GET", "/containers/" + self.app)

    def use(self):
        """What is written is read again, also after a new password, a restart and another container of the database."""
        followed = ("/databases/%s/logs/follow" % self.id, "/containers/%s/logs/follow" % self.app)
        self.logs = [LogReader(self.api, path) for path in followed]
        expect("the app writes", "", app_says(self.shown()["container_name"], "write", "round", self.name))
        for path in ("/databases/%s/stats" % self.id, "/databases/%s/logs" % self.id, "/containers/%s/stats" % self.app,
                     "/databases/%s/databases" % self.id, "/databases/%s/users" % self.id, "/databases/detect", "/containers",
                     "/databases/%s/credentials" % self.id, "/databases/%s/connections/%s/credentials" % (self.id, self.link)):
            self.api.call("GET", path)
        if self.is_third:
            self.done(self.api.call("POST", "/databases/%s/connections/%s/rotate" % (self.id, self.link)))
            self.api.call("POST", "/databases/%s/credentials/rotate" % self.id, {"purpose": "admin"})
        if self.is_seventh:
            revision = self.api.call("GET", "/databases/" + self.id)["revision"]
            seen = {"If-Match": '"%d"' % revision}
            self.done(self.api.call("PATCH", "/databases/" + self.id, {"memory_bytes": 800_000_000}, seen))
            self.done(self.api.call("POST", "/containers/%s/restart" % self.app))
        expect("the app reads", self.name, app_says(self.shown()["container_name"], "read", "round"))
        if not self.in_files:
            self.logs.pop(0).leave()

    def unlink(self):
        path = "/databases/%s/connections/%s?user=revoke&database=drop&confirm=app_probe" % (self.id, self.link)
        self.done(self.api.call("DELETE", path))
        expect("the databases inside", [], self.api.call("GET", "/databases/%s/databases" % self.id)["items"])

    def remove(self):
        if self.app:
            path = "/containers/%s?confirm=%s-app&volumes=delete" % (self.app, self.name)
            self.done(self.api.call("DELETE", path))
        fate = "keep" if self.is_seventh else "delete"
        for id, name in self.databases:
            path = "/databases/%s?data=%s&confirm=%s&force=true" % (id, fate, name)
            self.done(self.api.call("DELETE", path))
            if fate == "keep":
                self.done(self.api.call("DELETE", "/volumes/kept/%s?confirm=%s" % (id, name)))
        for reader in self.logs:
            reader.is_told_of_the_end()


def play(number):
    """Plays a round; what goes wrong is told and counted."""
    began, round = time.monotonic(), None
    try:
        round = Round(number)
        round.play()
    except Exception as error:
        what = (round.engine, round.form) if round else "its begin"
        errors.append("round %d, %s: %s" % (number, what, error if isinstance(error, Refused) else repr(error)))
        say("FAIL  " + errors[-1])
    return time.monotonic() - began


def end(*_):
    raise SystemExit(143)


signal.signal(signal.SIGTERM, end)
follower = Follower(watcher, ends.told)
follower.start()
if not follower.has_begun.wait(30):
    raise SystemExit("the stream of events does not begin: %s" % follower.trouble)
for number in range(len(ENGINES)):  # Once around, so that what is made once and stays is there.
    say("before the count: %s in %.0f s" % (ENGINES[number][0], play(number)))
if errors:
    raise SystemExit("the first rounds failed")
open_readers(watcher)
holdings = Holdings(pid, store, podman_socket)
time.sleep(15)
before, began = holdings.look(), time.monotonic()
watched = gauge.Gauge(pid, max(1, seconds / 720))
watched.start()
number, left_behind, largest_wal = len(ENGINES), 0, 0
while time.monotonic() - began < seconds and len(errors) < MOST_ERRORS:
    took = play(number)
    now = holdings.look()
    left = now.left_since(before)
    left_behind += len(left)
    if left:
        errors.append("round %d left behind: %s" % (number, ", ".join(left)))
        before = before.with_objects_of(now)
    largest_wal = max(largest_wal, now.wal)
    number += 1
    say("round %d, %s in %.0f s: %.1f MiB, %d threads, %s, %d left behind" % (
        number - len(ENGINES), ENGINES[(number - 1) % len(ENGINES)][0], took, now.process.rss, now.process.threads,
        dict(now.process.files), len(left)))
watched.end()
time.sleep(15)
after, rounds = holdings.look(), number - len(ENGINES)
follower.end()
errors += [trouble for trouble in [follower.trouble, *broken_off] if trouble]
errors += [line.strip() for line in open(log) if re.search(r"\bERROR\b|panicked", line)]
errors += holdings.compare(before, after, rounds, largest_wal)
flat = gauge.flatness(watched.samples)
print("\n" + gauge.HEAD)
for each in flat:
    print(each.row())
    if not each.holds:
        errors.append("%s grew from %.1f to %.1f" % (each.what, each.early, each.late))
for error in errors[:40]:
    print("FAIL  " + error)
print("soak: %.0f min, %d rounds, %d left behind, %d errors; memory %.1f -> %.1f MiB; open files %d -> %d; rows %d -> %d, "
      "and %.0f a round of what is kept of what was done"
      % (seconds / 60, rounds, left_behind, len(errors), flat[0].early, flat[0].late, sum(before.process.files.values()),
         sum(after.process.files.values()), before.steady_rows(), after.steady_rows(),
         (after.growing_rows() - before.growing_rows()) / max(1, rounds)))
raise SystemExit(1 if errors else 0)

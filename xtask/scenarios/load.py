#!/usr/bin/python3
"""Puts load on a server: CLIENTS clients read as fast as they are answered, while OPERATIONS operations on real containers
are under way at every moment, for SECONDS.
    load.py API AUTHORIZATION SERVER_PID SERVER_LOG STORE SECONDS CLIENTS OPERATIONS
The reads are wrk's, one wrk for each kind of request (load.lua); one client of twenty follows the stream of events here.
How many operations are under way is asked of the store, not of the server. Ends with one line that begins with `load:`."""
import collections
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse

import gauge
from client import Api, Ends, Follower, Refused, open_readers, share

base, authorization, pid, log, store, seconds, clients, operations = sys.argv[1:]
pid, seconds, clients, operations = int(pid), int(seconds), int(clients), int(operations)
api, ends, errors = Api(base, authorization), Ends(), []
origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(base))
here = os.path.dirname(os.path.abspath(__file__))
HEAD_START = operations  # More operators than operations: one that asks for the next has nothing under way.
FOLLOWERS = max(1, clients // 20)
IMAGE = "docker.io/library/redis:7"  # The lightest there is.
READ_WITHIN = 30  # Seconds within which a read has to be answered.


def say(text):
    print(text, file=sys.stderr, flush=True)


class Operator(threading.Thread):
    """Has a database and always an operation of it under way. `steady` ones keep theirs: it is read meanwhile."""

    started = collections.Counter()
    took = collections.defaultdict(list)
    over, lock = threading.Event(), threading.Lock()

    def __init__(self, number, steady):
        super().__init__(daemon=True)
        self.name, self.steady, self.number = "load-%d" % number, steady, number
        self.id, self.operation, self.is_there = None, None, threading.Event()

    def run(self):
        try:
            self.make()
            self.is_there.set()
            # Not all at the same at a time.
            at = self.number
            while not self.over.is_set():
                if self.steady:
                    for verb in ("stop", "start"):
                        self.do(verb)
                    if at % 2:
                        self.do("restart")
                else:
                    self.remove()
                    self.make()
                    if at % 2:
                        self.do("restart")
                at += 1
            self.remove()
        except Exception as error:
            errors.append("%s: %s" % (self.name, error if isinstance(error, Refused) else repr(error)))
        finally:
            self.is_there.set()

    def make(self):
        body = {"type": "redis", "image": IMAGE, "name": self.name}
        answer = self.begin("create", "POST", "/databases", body)
        self.id, self.operation = answer["database"]["id"], answer["operation"]["id"]

    def do(self, verb):
        self.begin(verb, "POST", "/databases/%s/%s" % (self.id, verb))

    def remove(self):
        self.begin("delete", "DELETE", "/databases/%s?data=delete&confirm=%s" % (self.id, self.name))

    def begin(self, kind, method, path, body=None):
        began = time.monotonic()
        answer = api.call(method, path, body)
        ended = ends.wait(api, answer["operation"]["id"])
        if ended["state"] != "succeeded":
            raise Refused("%s ended as %s: %s" % (kind, ended["state"], ended["error"]))
        with self.lock:
            self.took[kind].append(time.monotonic() - began)
        return answer


def reads(steady):
    """Kinds of requests: how they are called, how many of 200 clients make them, what else wrk is told, and the paths."""
    of_each = ["/api/databases/%s" % operator.id for operator in steady]
    ended = ["/api/operations/%s" % operator.operation for operator in steady]
    return [
        ("a page of 100 databases", 40, "new", ["/api/databases?limit=100"]),
        ("the same, with the last `ETag`", 20, "known", ["/api/databases?limit=100"]),
        ("a database", 40, "new", of_each),
        ("a page of operations", 20, "new", ["/api/operations?limit=100", "/api/operations?state=running&limit=100"]),
        ("an operation", 25, "new", ended),
        ("the engines", 20, "new", ["/api/engines"]),
        ("a page of the audit log", 5, "new", ["/api/audit?limit=100"]),
        ("metrics (asks Podman)", 5, "new", ["/metrics"]),
        ("readiness (asks Podman)", 5, "new", ["/api/health/ready"]),
        ("what a database uses (asks Podman)", 5, "new", [path + "/stats" for path in of_each]),
        ("detection (asks Podman)", 5, "new", ["/api/databases/detect"]),
    ]


def share_out(kinds, whole):
    """The number of clients of each kind, so that all of them are the whole."""
    total = sum(weight for _, weight, _, _ in kinds)
    counts = [max(1, weight * whole // total) for _, weight, _, _ in kinds]
    counts[0] += max(0, whole - sum(counts))
    return counts


def begin_reads(steady):
    kinds = reads(steady)
    for (what, _, form, paths), count in zip(kinds, share_out(kinds, clients - FOLLOWERS)):
        command = ["wrk", "--threads", "1", "--connections", str(count), "--duration", "%ds" % seconds,
                   "--timeout", "%ds" % READ_WITHIN, "--latency", "--header", "Authorization: " + authorization,
                   "--script", here + "/load.lua", origin, "--", what, form, *paths]
        running.append((what, count, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)))


def under_way(connection):
    wanted = "SELECT count(*) FROM operations WHERE state IN ('queued', 'running', 'undoing')"
    return connection.execute(wanted).fetchone()[0]


def watch(connection, until):
    """Counts the operations that are under way as long as there are reads; what is asked last may be answered a bit later."""
    counts, next_word = [], time.monotonic() + 30
    while any(process.poll() is None for _, _, process in running):
        now = time.monotonic()
        if now < until:
            counts.append(under_way(connection))
        elif now > until + READ_WITHIN + 30:
            raise SystemExit("the reads do not end")
        if now > next_word:
            next_word += 30
            say("… %d operations under way, %d ended, %.1f MiB, %d errors"
                % (counts[-1], sum(map(len, Operator.took.values())), gauge.memory(pid)[0], len(errors)))
        time.sleep(0.5)
    return counts


def told_of_reads():
    """Prints a row for each kind of request; gives what wrk told of those that ask Podman and of those that do not."""
    own, podmans = [], []
    print("| request | clients | answers | a second | p50, ms | p99, ms | most, ms |\n|---|---|---|---|---|---|---|")
    for what, count, process in running:
        text = process.stdout.read()
        try:
            told = json.loads(text.strip().splitlines()[-1])
        except (IndexError, ValueError):
            errors.append("wrk for %s said: %s" % (what, text[-500:]))
            continue
        (podmans if "Podman" in what else own).append(told)
        print("| %s | %d | %d | %.0f | %.1f | %.1f | %.0f |" % (
            what, count, told["answers"], told["answers"] / told["seconds"], percentile([told], 50), percentile([told], 99),
            told["most"]))
        wrong = {name: told[name] for name in ("connect", "read", "write", "timeout") if told[name]}
        wrong.update({name: number for name, number in told["statuses"].items() if name not in ("200", "304")})
        if wrong or told["answers"] == 0:
            errors.append("%s: %s %s" % (what, wrong, told["bad"]))
    return own, podmans


def percentile(kinds, percent):
    """Of all answers of several kinds together; each kind has told its latencies in steps of a thousandth."""
    points = sorted((value, told["answers"]) for told in kinds for value in told["points"])
    rest = percent / 100 * sum(weight for _, weight in points)
    for value, weight in points:
        rest -= weight
        if rest <= 0:
            return value
    return float("nan")


def told_of_operations():
    print("\n| operation | ended | p50, s | p99, s | most, s |\n|---|---|---|---|---|")
    for kind, took in sorted(Operator.took.items()):
        print("| %s | %d | %.1f | %.1f | %.1f |" % (kind, len(took), share(took, 0.5), share(took, 0.99), max(took)))


def end(*_):
    raise SystemExit(143)


signal.signal(signal.SIGTERM, end)
running = []
rows = sqlite3.connect("file:%s?mode=ro" % store, uri=True, timeout=10)
try:
    open_readers(api)
    time.sleep(15)
    at_rest = gauge.look(pid)
    followers = [Follower(api, ends.told if number == 0 else None) for number in range(FOLLOWERS)]
    for follower in followers:
        follower.start()
    if not all(follower.has_begun.wait(30) for follower in followers):
        raise SystemExit("the stream of events does not begin: %s" % [follower.trouble for follower in followers])
    operators = [Operator(number, number % 2 == 0) for number in range(operations + HEAD_START)]
    say("deploying %d databases" % len(operators))
    for operator in operators:
        operator.start()
    steady = [operator for operator in operators if operator.steady]
    for operator in operators:
        operator.is_there.wait()
    if errors:
        raise SystemExit("not all could be deployed: %s" % errors[:5])
    Operator.took.clear()
    for follower in followers:
        follower.late.clear()
    say("reading for %d s" % seconds)
    watched, until = gauge.Gauge(pid, max(0.2, seconds / 200)), time.monotonic() + seconds
    watched.start()
    begin_reads(steady)
    counts = watch(rows, until)
    watched.end()
    late = [value for follower in followers for value in list(follower.late)]
    own, podmans = told_of_reads()
    print("| events, told to followers | %d | %d | %.0f | %.1f | %.1f | %.0f |" % (
        len(followers), len(late), len(late) / seconds, share(late, 0.5), share(late, 0.99), max(late)))
    told_of_operations()
    Operator.over.set()
    say("removing the databases")
    for operator in operators:
        operator.join(2 * 300)
    for follower in followers:
        follower.end()
        if follower.trouble:
            errors.append(follower.trouble)
finally:
    for _, _, process in running:
        process.terminate()

not_well = rows.execute("SELECT kind, state, error FROM operations WHERE state <> 'succeeded'").fetchall()
errors += ["an operation in the store: %s" % (row,) for row in not_well]
errors += [line.strip() for line in open(log) if re.search(r"\bERROR\b|panicked", line)]
if min(counts) < operations:
    errors.append("only %d operations were under way at one moment" % min(counts))
time.sleep(20)  # Connections that are kept and threads that rest are given up.
after = gauge.look(pid)
print("\n" + gauge.HEAD)
flat = gauge.flatness([sample for sample in watched.samples if sample.at < until], more_threads=16)
for each in flat:
    print(each.row())
    if not each.holds:
        errors.append("%s grew from %.1f to %.1f" % (each.what, each.early, each.late))
print("\n| the server at rest | before | after |\n|---|---|---|")
print("| resident memory, MiB | %.1f | %.1f |\n| threads | %d | %d |" % (at_rest.rss, after.rss, at_rest.threads, after.threads))
if after.threads > at_rest.threads + 4:
    errors.append("threads are left: %d" % (after.threads - at_rest.threads))
for kind in sorted(set(at_rest.files) | set(after.files)):
    print("| open files: %s | %d | %d |" % (kind, at_rest.files[kind], after.files[kind]))
    if after.files[kind] > at_rest.files[kind] + 4:
        errors.append("open files of kind %s are left: %d" % (kind, after.files[kind] - at_rest.files[kind]))
for error in errors[:40]:
    print("FAIL  " + error)
answers = sum(told["answers"] for told in own + podmans)
print("load: %d clients, %d operations under way (%d to %d), %d s: %d answers (%.0f/s), %d errors; p50 %.0f ms, p99 %.0f ms "
      "(p99 of those that ask Podman: %.0f ms); memory %.1f -> %.1f MiB"
      % (clients, operations, min(counts), max(counts), seconds, answers, answers / seconds, len(errors),
         percentile(own, 50), percentile(own, 99), percentile(podmans, 99), flat[0].early, flat[0].late))
raise SystemExit(1 if errors else 0)

#!/usr/bin/python3
"""How long GET /api/databases/detect takes, beside one raw list of the containers.

    bench-detect.py API AUTHORIZATION PODMAN_SOCKET RUNS

With 10, 100 and 500 containers, made and not started, of three engines and of one image that is no database:
  raw      GET /libpod/containers/json?all=true over Podman's socket, read to its end
  first    the first detection there is: every image and every likely container is asked for
  changed  a detection after a container was made: the list and that container are asked for
  warm     a detection when nothing changed since the last
Raw and warm, and raw and changed, take turns. Prints a table of medians and ratios.
"""
import http.client
import json
import socket
import statistics
import sys
import time
import urllib.parse

API, AUTHORIZATION, SOCKET, RUNS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
SIZES = (10, 100, 500)
IMAGES = (
    "docker.io/library/postgres:16",
    "docker.io/library/redis:7",
    "docker.io/library/mongo:6",
    "localhost/app-probe:1",
)
made = []


class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(SOCKET)


def podman(method, path, body=None):
    connection = Unix("podman", timeout=120)
    data = None if body is None else json.dumps(body)
    connection.request(method, "/v4.0.0/libpod" + path, data, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status >= 300:
        raise SystemExit("%s %s: %d %s" % (method, path, answer.status, text[:300]))
    return text


def make():
    name = "bench-%d" % len(made)
    podman("POST", "/containers/create", {"name": name, "image": IMAGES[len(made) % len(IMAGES)]})
    made.append(name)


def raw():
    began = time.monotonic()
    podman("GET", "/containers/json?all=true")
    return time.monotonic() - began


def detect():
    """The time, and how many were found."""
    host = urllib.parse.urlsplit(API).netloc
    connection = http.client.HTTPConnection(host, timeout=120)
    began = time.monotonic()
    connection.request("GET", "/api/databases/detect?limit=1000", headers={"Authorization": AUTHORIZATION})
    answer = connection.getresponse()
    text = answer.read()
    took = time.monotonic() - began
    connection.close()
    if answer.status != 200:
        raise SystemExit("%d %s" % (answer.status, text[:300]))
    return took, len(json.loads(text)["items"])


def databases():
    return sum(1 for at in range(len(made)) if at % len(IMAGES) != len(IMAGES) - 1)


def settle():
    """Podman tells of a change within a quarter of a second; then all of it is seen."""
    time.sleep(0.6)


table, firsts = [], []
try:
    for size in SIZES:
        while len(made) < size:
            make()
        settle()
        first, found = detect()
        if found != databases():
            raise SystemExit("%d found, %d made" % (found, databases()))
        firsts.append(first)
        raws, warms = [], []
        for _ in range(RUNS):
            raws.append(raw())
            warms.append(detect()[0])
        pairs, changes = [], []
        for _ in range(max(3, RUNS // 3)):
            make()
            settle()
            pairs.append(raw())
            took, found = detect()
            changes.append(took)
            if found != databases():
                raise SystemExit("%d found, %d made" % (found, databases()))
        ms = [1000 * statistics.median(times) for times in (raws, warms, changes)]
        ratio = [statistics.median(a / b for a, b in zip(ours, beside)) for ours, beside in
                 ((warms, raws), (changes, pairs))]
        table.append((len(made), ms, 1000 * first, ratio))
    print("| containers | raw list | warm | ratio | after a change | ratio | first |")
    print("|---|---|---|---|---|---|---|")
    for count, (raw_ms, warm_ms, changed_ms), first_ms, (warm, changed) in table:
        print("| %d | %.1f ms | %.1f ms | %.2f | %.1f ms | %.2f | %.0f ms |"
              % (count, raw_ms, warm_ms, warm, changed_ms, changed, first_ms))
finally:
    for name in made:
        podman("DELETE", "/containers/%s?force=true&volumes=true" % name)
worst = max(max(ratio) for _, _, _, ratio in table)
print("bench detect: worst ratio %.2f, %s" % (worst, "as aimed at" if worst <= 1.3 else "above 1.3"))

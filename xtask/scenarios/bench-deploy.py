#!/usr/bin/python3
"""How long a deployment takes, beside what a person would type.

    bench-deploy.py API TOKEN PODMAN RUNS [ENGINE…]

For each engine, RUNS pairs, one after the other and in turns of who begins:
  ours     POST /api/databases until GET /api/databases/ID says `running`, asked every 5 ms
  by hand  `podman run` with a password, a named volume and a published port, on the same network, from the same image,
           until the server answers the first message of its own protocol at that port, tried every 5 ms
Both are removed again outside the measured time. Prints a table of the medians and of the median of the pairs' ratios.
What happens during `ours` is more: it also makes a role of Stardeck's own and replaces the one-time password.
"""
import json
import socket
import statistics
import struct
import subprocess
import sys
import time
import urllib.request

API, TOKEN, PODMAN, RUNS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
PAUSE, LIMIT = 0.005, 180


def ask(method, path, body=None):
    headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def until(look):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(PAUSE)
    raise SystemExit("waited %d s in vain" % LIMIT)


def exchange(port, hello, enough):
    """True when the server behind the port answers the first message of its protocol."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.settimeout(2)
            if hello:
                connection.sendall(hello)
            return enough(connection.recv(1024))
    except OSError:
        return False


def startup(port):
    body = struct.pack("!i", 196608) + b"user\0postgres\0database\0postgres\0\0"
    return exchange(port, struct.pack("!i", len(body) + 4) + body, lambda told: told[:1] == b"R")


def greeting(port):
    return exchange(port, b"", lambda told: told[4:5] == b"\x0a")


def ping(port):
    return exchange(port, b"PING\r\n", lambda told: told[:5] in (b"+PONG", b"-NOAU"))


def hello(port):
    document = b"\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0"
    body = b"\0\0\0\0\0" + struct.pack("<i", len(document) + 4) + document
    message = struct.pack("<iiii", len(body) + 16, 1, 0, 2013) + body
    return exchange(port, message, lambda told: b"isWritablePrimary\0\x01" in told)


ENGINES = {
    "postgresql": ("16", "docker.io/library/postgres:16", 5432, "/var/lib/postgresql/data",
                   ["POSTGRES_PASSWORD=by-hand"], startup, []),
    "mariadb": ("10.11", "docker.io/library/mariadb:10.11", 3306, "/var/lib/mysql",
                ["MARIADB_ROOT_PASSWORD=by-hand"], greeting, []),
    "mysql": ("9", "docker.io/library/mysql:9", 3306, "/var/lib/mysql",
              ["MYSQL_ROOT_PASSWORD=by-hand"], greeting, []),
    "redis": ("7", "docker.io/library/redis:7", 6379, "/data", [], ping, ["redis-server", "--requirepass", "by-hand"]),
    "mongodb": ("6", "docker.io/library/mongo:6", 27017, "/data/db",
                ["MONGO_INITDB_ROOT_USERNAME=root", "MONGO_INITDB_ROOT_PASSWORD=by-hand"], hello, []),
}


def finished(operation):
    state = lambda: ask("GET", "/operations/" + operation["id"])
    ended = until(lambda: (lambda o: o if o["state"] in ("succeeded", "failed", "cancelled") else None)(state()))
    if ended["state"] != "succeeded":
        raise SystemExit(json.dumps(ended["error"]))
    return ended


def spent(operation):
    """Milliseconds in each step."""
    stamp = lambda text: time.mktime(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) + float("0" + text[19:].rstrip("Z"))
    steps = [step for step in operation["steps"] if step["started_at"] and step["finished_at"]]
    return {step["name"]: (stamp(step["finished_at"]) - stamp(step["started_at"])) * 1000 for step in steps}


def ours(engine, number):
    name = "bench-%s-%d" % (engine, number)
    body = {"type": engine, "image": ENGINES[engine][1], "name": name, "expose_port": True}
    begun = time.monotonic()
    accepted = ask("POST", "/databases", body)
    identity = accepted["database"]["id"]
    until(lambda: ask("GET", "/databases/" + identity)["status"] == "running")
    took = time.monotonic() - begun
    steps = spent(finished(accepted["operation"]))
    removal = ask("DELETE", "/databases/%s?data=delete&confirm=%s" % (identity, name))
    finished(removal["operation"])
    return took, steps


def podman(*arguments):
    return subprocess.run([PODMAN, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def by_hand(engine, number):
    _, image, inside, path, variables, ready, command = ENGINES[engine]
    name, port = "stardeck-test-by-hand-%s-%d" % (engine, number), free_port()
    begun = time.monotonic()
    podman("run", "--detach", "--name", name, "--network", "stardeck-data", "--volume", name + ":" + path,
           "--publish", "127.0.0.1:%d:%d" % (port, inside), *["--env=" + variable for variable in variables], image,
           *command)
    until(lambda: ready(port))
    took = time.monotonic() - begun
    podman("rm", "--force", "--time", "0", name)
    podman("volume", "rm", name)
    return took


def main():
    chosen = sys.argv[5:] or list(ENGINES)
    # The network and the first reading of the image are nobody's merit.
    print("| engine | ours | by hand | ours / by hand | steps of ours, ms |")
    print("|---|---|---|---|---|")
    worst = 0.0
    for engine in chosen:
        ours(engine, 0)
        by_hand(engine, 0)
        pairs, steps = [], []
        for number in range(1, RUNS + 1):
            if number % 2:
                mine, parts = ours(engine, number)
                theirs = by_hand(engine, number)
            else:
                theirs = by_hand(engine, number)
                mine, parts = ours(engine, number)
            pairs.append((mine, theirs))
            steps.append(parts)
        ratio = statistics.median(mine / theirs for mine, theirs in pairs)
        worst = max(worst, ratio)
        names = [name for name in steps[0] if statistics.median(part.get(name, 0) for part in steps) >= 1]
        told = ", ".join("%s %.0f" % (name, statistics.median(part.get(name, 0) for part in steps)) for name in names)
        print("| %s %s | %.2f s | %.2f s | %.2f | %s |" % (
            engine, ENGINES[engine][0], statistics.median(mine for mine, _ in pairs),
            statistics.median(theirs for _, theirs in pairs), ratio, told), flush=True)
    print("bench deploy: %d engines, %d pairs each, worst ratio %.2f" % (len(chosen), RUNS, worst))


main()

#!/usr/bin/python3
"""Cuts the server off Podman's events while a database is meddled with, ROUNDS times, and sees that nothing is missed.
    cuts.py API AUTHORIZATION PODMAN_SOCKET RELAY_PIPE ROUNDS
The server reaches Podman through relay.py, which takes `cut` and `mend` from RELAY_PIPE. A WebSocket client follows all
along: what it was told last has to be what the store says, and no number may be left out."""
import json
import subprocess
import sys
import threading
import time
import urllib.request

import websocket

api, authorization, podman_socket, relay_pipe, rounds = sys.argv[1:]
CONTAINER, PATIENCE = "stardeck-db-shop", 30
frames, changed = [], threading.Condition()


def follow():
    connection = websocket.create_connection(
        api.replace("http", "ws", 1) + "/events",
        header=["Authorization: " + authorization], suppress_origin=True, timeout=600,
    )
    while True:
        frame = json.loads(connection.recv())
        with changed:
            frames.append(frame)
            changed.notify_all()


def relay(word):
    with open(relay_pipe, "w") as pipe:
        pipe.write(word + "\n")


def podman(*arguments):
    subprocess.run(["podman", "--url", "unix://" + podman_socket, *arguments], check=True, stdout=subprocess.DEVNULL)


def row():
    request = urllib.request.Request(api + "/databases", headers={"Authorization": authorization})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["items"][0]


def told():
    """What the stream said of the database last."""
    of = [frame["database"] for frame in frames if frame["kind"] == "database_changed"]
    return of[-1] if of else None


def await_that(what, holds, patience=PATIENCE):
    until = time.monotonic() + patience
    while not holds():
        if time.monotonic() > until:
            raise SystemExit("%s: not within %d s; the store says %s, the stream %s" % (what, patience, row(), told()))
        time.sleep(0.02)


CHANGES = [
    (["pause", CONTAINER], "paused", "the container is paused"),
    (["unpause", CONTAINER], "running", None),
    (["rename", CONTAINER, "elsewhere"], "running", "renamed"),
    (["rename", "elsewhere", CONTAINER], "running", None),
    (["stop", CONTAINER], "stopped", "something other than Stardeck"),
    (["start", CONTAINER], "running", None),
    # Why it was put back is told until the engine is asked the next time.
    (["network", "disconnect", "stardeck-data", CONTAINER], "running", ""),
    (["kill", CONTAINER], "error", "exit status 137"),
    (["start", CONTAINER], "running", None),
    (["restart", CONTAINER], "running", None),
]


def is_shown(status, words):
    found = row()
    reason = found["status_reason"]
    is_right = reason is None if words is None else words in (reason or "")
    return found["status"] == status and is_right and (status != "running" or found["health"] == "healthy")


def agree():
    last, found = told(), row()
    return last is not None and all(last[key] == found[key] for key in ("status", "status_reason", "health"))


def is_on_network():
    text = subprocess.check_output(["podman", "--url", "unix://" + podman_socket, "inspect", CONTAINER])
    return "stardeck-data" in (json.loads(text)[0]["NetworkSettings"].get("Networks") or {})


threading.Thread(target=follow, daemon=True).start()
await_that("the first state", lambda: is_shown("running", None))
slowest = 0.0
for number in range(int(rounds)):
    command, status, words = CHANGES[number % len(CHANGES)]
    relay("cut")
    podman(*command)
    relay("mend")
    began = time.monotonic()
    what = "round %d, podman %s" % (number + 1, " ".join(command))
    if command[0] == "network":
        await_that(what + ": back on its network", is_on_network)
    await_that(what, lambda: is_shown(status, words))
    await_that(what + ": the stream and the store agree", agree)
    took = time.monotonic() - began
    slowest = max(slowest, took)
    print("ok    %-50s | %-8s | %4.1f s" % (" ".join(command)[:50], status, took), flush=True)
numbers = [frame["seq"] for frame in frames if frame["kind"] not in ("begin", "gap")]
gaps = [frame for frame in frames if frame["kind"] == "gap"]
if gaps or any(after != before + 1 for before, after in zip(numbers, numbers[1:])):
    raise SystemExit("the stream left numbers out: %s %s" % (gaps, numbers))
print("cuts: %s cuts, nothing missed, seen at most %.1f s after the events were heard again" % (rounds, slowest))

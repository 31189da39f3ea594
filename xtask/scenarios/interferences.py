#!/usr/bin/env python3
"""Meddles with the database `shop` by the podman program, and `brittle` by a crash loop.
    interferences.py API AUTHORIZATION PODMAN_SOCKET
Listens to Podman's events and to the server's at the same time, so that the time between the two can be told."""
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import websocket

api, authorization, podman_socket = sys.argv[1:]
frames, events, changed = [], [], threading.Condition()


def keep(where, item):
    with changed:
        where.append((time.monotonic(), item))
        changed.notify_all()


def follow_server():
    url = api.replace("http", "ws", 1) + "/events"
    connection = websocket.create_connection(
        url, header=["Authorization: " + authorization], suppress_origin=True, timeout=600
    )
    while True:
        keep(frames, json.loads(connection.recv()))


def follow_podman():
    class Unix(http.client.HTTPConnection):
        def connect(self):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(podman_socket)

    connection = Unix("podman")
    connection.request("GET", "/v4.0.0/libpod/events?stream=true&since=%d" % time.time())
    for line in connection.getresponse():
        if line.strip():
            keep(events, json.loads(line))


def podman(*arguments):
    subprocess.run(
        ["podman", "--url", "unix://" + podman_socket, *arguments], check=True, stdout=subprocess.DEVNULL
    )


def ask(method, path):
    request = urllib.request.Request(api + path, method=method, headers={"Authorization": authorization})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def shown(name):
    return next(item for item in ask("GET", "/databases")["items"] if item["name"] == name)


def first(where, since, wanted, patience):
    """When the first wanted item came, and what it is."""
    until = time.monotonic() + patience
    with changed:
        while True:
            for at, item in where:
                if at >= since and wanted(item):
                    return at, item
            if not changed.wait(timeout=max(0, until - time.monotonic())) and time.monotonic() >= until:
                return None, None


def is_shown(name, status, words):
    def wanted(frame):
        database = frame["database"]
        return (
            frame["kind"] == "database_changed"
            and database["name"] == name
            and database["status"] == status
            and (words in (database["status_reason"] or ""))
        )

    return wanted


passed, failed = 0, 0
container = "stardeck-db-shop"
inspected = json.loads(subprocess.check_output(["podman", "--url", "unix://" + podman_socket, "inspect", container]))[0]


def try_it(what, act, action, status, words, name="shop", patience=60):
    """Does something and says what was shown and how long after Podman's own event."""
    global passed, failed
    began = time.monotonic()
    act()
    done = time.monotonic()
    seen, frame = first(frames, began, is_shown(name, status, words), patience)
    if seen is None:
        failed += 1
        now = ask("GET", "/databases")["items"]
        print("FAIL  %s: %s with %r was not shown, but %s" % (what, status, words, [(d["name"], d["status"], d["status_reason"]) for d in now]))
        return
    passed += 1
    told, _ = first(events, began, lambda event: event["Action"] in action, 0)
    behind = "-" if told is None else "%d ms" % round(1000 * (seen - told))
    print(
        "ok    %-34s | %-8s | %-70s | %6.0f ms after the command began, %s after Podman told"
        % (what, status, (frame["database"]["status_reason"] or "")[:70], 1000 * (seen - began), behind),
        flush=True,
    )


def rest(name="shop", status="running"):
    """Waits until the database is as it was."""
    for _ in range(600):
        database = shown(name)
        if database["status"] == status and (status != "running" or database["health"] == "healthy"):
            return
        time.sleep(0.1)
    raise SystemExit("%s did not become %s: %s" % (name, status, shown(name)))


def operate(path):
    operation = ask("POST", path)["operation"]["id"]
    for _ in range(600):
        state = ask("GET", "/operations/" + operation)["state"]
        if state in ("succeeded", "failed", "cancelled"):
            return state
        time.sleep(0.1)
    return "unfinished"


def run_again(labels):
    """Makes the container anew, as a person does with the same command."""
    podman("rm", "--force", container)
    arguments = ["run", "--detach", "--name", container, "--network", "stardeck-data:alias=shop"]
    if labels:
        for key, value in inspected["Config"]["Labels"].items():
            arguments += ["--label", key + "=" + value]
        for mount in inspected["Mounts"]:
            arguments += ["--volume", mount["Name"] + ":" + mount["Destination"]]
    else:
        arguments += ["--volume", "/data"]
    arguments += [inspected["Image"]] + (inspected["Config"]["Cmd"] or [] if labels else [])
    podman(*arguments)


def crash():
    for _ in range(3):
        subprocess.run(
            ["podman", "--url", "unix://" + podman_socket, "exec", "--user", "root", "stardeck-db-brittle",
             "sh", "-c", "kill -SEGV $(pidof redis-server)"],
            check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        time.sleep(1.5)


for task in (follow_server, follow_podman):
    threading.Thread(target=task, daemon=True).start()
first(frames, 0, lambda frame: frame["kind"] == "begin", 30)
rest()

try_it("podman pause", lambda: podman("pause", container), ["pause"], "paused", "the container is paused")
try_it("podman unpause", lambda: podman("unpause", container), ["unpause"], "running", "")
rest()
try_it("podman stop", lambda: podman("stop", container), ["died"], "stopped", "something other than Stardeck")
rest()
try_it("podman kill", lambda: podman("kill", container), ["died"], "error", "exit status 137")
rest()
try_it("podman restart", lambda: podman("restart", container), ["start", "restart"], "starting", "")
rest()
try_it("podman rename", lambda: podman("rename", container, "elsewhere"), ["rename"], "running", "renamed")
try_it("podman rename back", lambda: podman("rename", "elsewhere", container), ["rename"], "running", "")
rest()
try_it("podman network disconnect", lambda: podman("network", "disconnect", "stardeck-data", container),
       ["disconnect"], "running", "taken off the network")
rest()
networks = json.loads(subprocess.check_output(["podman", "--url", "unix://" + podman_socket, "inspect", container]))[0]["NetworkSettings"]["Networks"]
if "shop" in (networks.get("stardeck-data", {}).get("Aliases") or []):
    passed += 1
    print("ok    it is back on the network with its name")
else:
    failed += 1
    print("FAIL  it is not back on the network with its name:", networks)
try_it("podman rm -f", lambda: podman("rm", "--force", container), ["remove"], "missing", "its data is kept")
state = operate("/databases/%s/recreate" % shown("shop")["id"])
if state == "succeeded":
    passed += 1
    print("ok    it is made again on its data")
else:
    failed += 1
    print("FAIL  its re-creation", state)
rest()
try_it("podman rm -f, run with its labels", lambda: run_again(True), ["start"], "running", "", patience=90)
rest()
try_it("podman rm -f, run without them", lambda: run_again(False), ["start"], "missing", "is not Stardeck's")
podman("rm", "--force", "--volumes", container)
try_it("the other one is removed", lambda: None, ["remove"], "missing", "its data is kept", patience=15)
if operate("/databases/%s/recreate" % shown("shop")["id"]) != "succeeded":
    failed += 1
    print("FAIL  it could not be made again")
rest()
secret = "stardeck-%s-bootstrap" % shown("shop")["id"]
known = subprocess.run(["podman", "--url", "unix://" + podman_socket, "secret", "exists", secret], check=False)
volume = inspected["Mounts"][0]["Name"]
try_it("podman volume rm -f", lambda: podman("volume", "rm", "--force", volume), ["remove"], "missing",
       "the volume %s was removed" % volume)
try_it("a crash loop", crash, ["died"], "error", "within a minute", name="brittle", patience=60)
print("interferences: %d passed, %d failed" % (passed, failed))
raise SystemExit(1 if failed else 0)

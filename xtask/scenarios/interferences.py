#!/usr/bin/env python3
"""Meddles with the database `shop` by the podman program, and `brittle` by a crash loop.
    interferences.py API AUTHORIZATION PODMAN_SOCKET EVENTS OTHERS
There are OTHERS more containers on the host, which somebody else made. EVENTS is where relay.py writes down when it
passed which event on to the server: Podman looks for events every 250 ms for each listener by itself, so that another
listener's time says nothing. A WebSocket client tells when it was shown."""
import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

import websocket

api, authorization, podman_socket, events, others = sys.argv[1:]
frames, changed = [], threading.Condition()
behind = []  # How long after Podman's own event each change was shown, in milliseconds.


def follow_server():
    url = api.replace("http", "ws", 1) + "/events"
    connection = websocket.create_connection(
        url, header=["Authorization: " + authorization], suppress_origin=True, timeout=600
    )
    while True:
        text = connection.recv()
        with changed:
            frames.append((time.monotonic(), json.loads(text)))
            changed.notify_all()


class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(podman_socket)


def passed_on(since, until, actions):
    """The last of these events, or else of any, that was passed on to the server between two moments: when, and what."""
    found = []
    for line in open(events):
        at, text = line.split(" ", 1)
        if since <= float(at) <= until:
            found.append((float(at), json.loads(text)["Action"]))
    wanted = [event for event in found if event[1] in actions]
    return (wanted or found or [(None, None)])[-1]


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


def first(since, wanted, patience):
    """When the first wanted frame came, and what it is."""
    until = time.monotonic() + patience
    with changed:
        while True:
            for at, frame in frames:
                if at >= since and wanted(frame):
                    return at, frame
            if not changed.wait(timeout=max(0, until - time.monotonic())) and time.monotonic() >= until:
                return None, None


def is_shown(name, status, words):
    def wanted(frame):
        database = frame["database"]
        return (
            frame["kind"] == "database_changed"
            and database["name"] == name
            and database["status"] == status
            and (words in (database["status_reason"] or "") if words else database["status_reason"] is None)
        )

    return wanted


passed, failed = 0, 0
container = "stardeck-db-shop"
inspected = json.loads(subprocess.check_output(["podman", "--url", "unix://" + podman_socket, "inspect", container]))[0]


def try_it(what, act, action, status, words, name="shop", patience=60, answers=False):
    """Does something and says what was shown and how long after Podman's own event. One that has to answer first, which
    is its own time and not ours, does not count."""
    global passed, failed
    began = time.monotonic()
    act()
    seen, frame = first(began, is_shown(name, status, words), patience)
    if seen is None:
        failed += 1
        now = ask("GET", "/databases")["items"]
        print("FAIL  %s: %s with %r was not shown, but %s" % (what, status, words, [(d["name"], d["status"], d["status_reason"]) for d in now]))
        return
    passed += 1
    told, heard = passed_on(began, seen, action)
    if told is not None and not answers:
        behind.append(1000 * (seen - told))
    print(
        "ok    %-34s | %-8s | %-70s | %6.0f ms after the command began, %s"
        % (what, status, (frame["database"]["status_reason"] or "")[:70], 1000 * (seen - began), "before any event" if told is None else "%.0f ms after the event `%s`" % (1000 * (seen - told), heard)),
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
    return finish(ask("POST", path)["operation"]["id"])


def finish(operation):
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


def call_podman(method, path, body=None):
    connection = Unix("podman")
    connection.request(method, "/v4.0.0/libpod" + path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    if answer.status >= 300:
        raise SystemExit("%s %s: %d %s" % (method, path, answer.status, answer.read()[:300]))


def make_others():
    for number in range(int(others)):
        call_podman("POST", "/containers/create", {"name": "other-%d" % number, "image": inspected["Image"]})


def remove_others():
    for number in range(int(others)):
        call_podman("DELETE", "/containers/other-%d?force=true&volumes=true" % number)


def stop_by_ourselves():
    """A change through the server's own API is shown at once: no event of Podman's is waited for."""
    global passed
    began = time.monotonic()
    operation = ask("POST", "/databases/%s/stop" % shown("shop")["id"])["operation"]["id"]
    seen, _ = first(began, is_shown("shop", "stopping", ""), 10)
    if seen is None:
        raise SystemExit("our own stop was not shown")
    passed += 1
    print("ok    our own stop is shown %.0f ms after it was asked for" % (1000 * (seen - began)), flush=True)
    finish(operation)
    operate("/databases/%s/start" % shown("shop")["id"])


make_others()
threading.Thread(target=follow_server, daemon=True).start()
first(0, lambda frame: frame["kind"] == "begin", 30)
rest()

stop_by_ourselves()
rest()
try_it("podman pause", lambda: podman("pause", container), ["pause"], "paused", "the container is paused")
try_it("podman unpause", lambda: podman("unpause", container), ["unpause"], "running", "", answers=True)
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
time.sleep(60)  # Three ends within a minute are a crash loop, whoever brought them about.
try_it("podman rm -f, run with its labels", lambda: run_again(True), ["start"], "running", "", patience=90, answers=True)
rest()
try_it("podman rm -f, run without them", lambda: run_again(False), ["start"], "missing", "is not Stardeck's")
podman("rm", "--force", "--volumes", container)
try_it("the other one is removed", lambda: None, ["remove"], "missing", "its data is kept", patience=15)
if operate("/databases/%s/recreate" % shown("shop")["id"]) != "succeeded":
    failed += 1
    print("FAIL  it could not be made again")
rest()
volume = inspected["Mounts"][0]["Name"]
try_it("podman volume rm -f", lambda: podman("volume", "rm", "--force", volume), ["remove"], "missing",
       "the volume %s was removed" % volume)
try_it("a crash loop", crash, ["died"], "error", "within a minute", name="brittle", patience=60)
remove_others()
print("shown after the event, with %s more containers: median %.0f ms, most %.0f ms (aim: 20 ms)"
      % (others, statistics.median(behind), max(behind)))
print("interferences: %d passed, %d failed" % (passed, failed))
raise SystemExit(1 if failed else 0)

"""The API as the scenarios' helpers ask it: one connection for each call, JSON in and out. Imported, not run."""
import calendar
import http.client
import json
import subprocess
import threading
import time
import urllib.parse

import websocket

PATIENCE = 300  # How long an operation may take, in seconds, before it counts as one that does not end.


class Refused(Exception):
    """An answer that is not a 2xx."""


class Api:
    def __init__(self, base, authorization):
        self.base, self.authorization = base, authorization
        self.address = urllib.parse.urlsplit(base)

    def call(self, method, path, body=None, headers=None):
        """What is answered; None for an answer without a body. Raises `Refused` unless it is a 2xx."""
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=60)
        sent = {"Authorization": self.authorization, "Connection": "close", **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            connection.request(method, self.address.path + path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise Refused("%s %s: %d %s" % (method, path, answer.status, text[:600]))
        if not text or "json" not in (answer.getheader("Content-Type") or ""):
            return None
        return json.loads(text)

    def follow(self, path, timeout=PATIENCE):
        return websocket.create_connection(
            self.base.replace("http", "ws", 1) + path,
            header=["Authorization: " + self.authorization], suppress_origin=True, timeout=timeout,
        )


def open_readers(api):
    """Has the server open all the connections to its store that it ever will, which it does when so many read at once."""
    command = ["wrk", "--threads", "1", "--connections", "64", "--duration", "3s", "--header", "Authorization: " + api.authorization]
    subprocess.run([*command, api.base + "/operations?limit=100"], check=True, stdout=subprocess.DEVNULL)


class Ends:
    """Who waits for which operation to end; told by a follower of the stream of events."""

    FINAL = ("succeeded", "failed", "cancelled")

    def __init__(self):
        self.lock, self.waiting = threading.Lock(), {}

    def told(self, frame):
        if frame["kind"] == "operation_changed" and frame["operation"]["state"] in self.FINAL:
            self.of(frame["operation"]["id"]).set()

    def of(self, operation):
        with self.lock:
            return self.waiting.setdefault(operation, threading.Event())

    def wait(self, api, operation):
        """The operation as it is after its end. Raises unless that was told in time."""
        if not self.of(operation).wait(PATIENCE):
            raise Refused("the end of an operation was not told within %d s: %s"
                          % (PATIENCE, api.call("GET", "/operations/" + operation)))
        with self.lock:
            del self.waiting[operation]
        return api.call("GET", "/operations/" + operation)


class Follower(threading.Thread):
    """Follows the stream of events until it is closed: nothing may be missed. How late each frame came is kept in ms."""

    def __init__(self, api, told=None):
        super().__init__(daemon=True)
        self.api, self.tell, self.late, self.trouble = api, told, [], None
        self.has_begun, self.is_over = threading.Event(), False

    def run(self):
        try:
            self.connection = self.api.follow("/events")
            last = None
            while True:
                frame = json.loads(self.connection.recv())
                if frame["kind"] == "begin":
                    self.has_begun.set()
                elif frame["kind"] == "resync" or frame["seq"] != last + 1:
                    self.trouble = "after frame %s came %s" % (last, frame)
                else:
                    self.late.append(1000 * (time.time() - moment(frame["at"])))
                last = frame["seq"]
                if self.tell:
                    self.tell(frame)
        except Exception as error:
            if not self.is_over:
                self.trouble = "the stream of events broke off: %r" % error

    def end(self):
        self.is_over = True
        self.connection.close()


def moment(text):
    """Seconds since 1970 of a time as the API writes it."""
    whole, _, part = text.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + (part or "0"))


def share(values, part):
    """The value below which that part of the values lies."""
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))] if values else float("nan")
